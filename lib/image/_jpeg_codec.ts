/**
 * MozJPEG in WebAssembly, started when first used.
 *
 * The modules of @jsquash/jpeg are called below its own wrapper, which has no
 * way to hear libjpeg's warnings: they are the only sign of a file cut short,
 * whose missing part the decoder paints grey.
 *
 * @module
 */
import createDecoder from "@jsquash/jpeg/codec/dec/mozjpeg_dec.js";
import createEncoder from "@jsquash/jpeg/codec/enc/mozjpeg_enc.js";
import { defaultOptions } from "@jsquash/jpeg/meta.js";
import type { Size } from "../geometry/size.ts";

/** Pixels as the codec has them: uint8 `[H, W, 4]`, RGB and 255. */
export interface RgbaPixels extends Size {
  readonly data: Uint8ClampedArray;
}

/** A running decoder; what libjpeg says while it works is in `messages`. */
export interface JpegDecoder {
  readonly messages: string[];
  decode(bytes: Uint8Array, rotateByExif: boolean): RgbaPixels;
}

/** A running encoder. */
export interface JpegEncoder {
  encode(
    data: Uint8ClampedArray,
    width: number,
    height: number,
    options: typeof defaultOptions,
  ): Uint8Array;
}

/** What Emscripten's start function takes, as far as it is used here. */
interface CodecStart {
  readonly noInitialRun: boolean;
  readonly printErr: (line: string) => void;
  readonly instantiateWasm: (
    imports: WebAssembly.Imports,
    done: (instance: WebAssembly.Instance) => void,
  ) => WebAssembly.Exports;
}

/** MozJPEG's default options at a quality of 1…100. */
export function encoderOptions(quality: number): typeof defaultOptions {
  return { ...defaultOptions, quality };
}

/** Starts a decoder of its own: about 1 ms, 20 ms the first time. */
export async function startDecoder(): Promise<JpegDecoder> {
  const { decoder } = await import("./_jpeg_wasm.js");
  const messages: string[] = [];
  const codec = await start<Pick<JpegDecoder, "decode">>(createDecoder, {
    module: decoder,
    messages,
  });
  return { messages, decode: (bytes, rotate) => codec.decode(bytes, rotate) };
}

/** Starts an encoder of its own. */
export async function startEncoder(): Promise<JpegEncoder> {
  const { encoder } = await import("./_jpeg_wasm.js");
  return start<JpegEncoder>(createEncoder, { module: encoder, messages: [] });
}

async function start<Codec>(
  create: (options: CodecStart) => Promise<Codec>,
  { module, messages }: { module: WebAssembly.Module; messages: string[] },
): Promise<Codec> {
  const location = Object.getOwnPropertyDescriptor(globalThis, "location");
  const codec = create({
    noInitialRun: true,
    printErr: (line) => messages.push(line),
    instantiateWasm(imports, done) {
      const instance = new WebAssembly.Instance(module, imports);
      done(instance);
      return instance.exports;
    },
  });
  // The codec's start sets `location`, by which others would take Deno for a
  // browser: put back what was there.
  if (location) Object.defineProperty(globalThis, "location", location);
  return await codec;
}
