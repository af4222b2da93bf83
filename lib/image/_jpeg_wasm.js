// @ts-self-types="./_jpeg_wasm.d.ts"
/**
 * The compiled JPEG codecs, as modules to be instantiated.
 *
 * Deno loads a source-phase import as it loads code, from its own cache, so no
 * permission is needed; reading the same files with `Deno.readFile` or `fetch`
 * would need `--allow-read`. JavaScript, as TypeScript 6.0 has no such syntax.
 *
 * @module
 */
import source decoder from "@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm";
import source encoder from "@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm";

export { decoder, encoder };
