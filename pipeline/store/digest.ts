/**
 * SHA-256, the name of every stored content.
 *
 * @module
 */
import { createHash } from "node:crypto";

/** 64 lower-case hexadecimal digits. */
export type Digest = string & { readonly brand: "Digest" };

/** The digest of bytes or of UTF-8 text. */
export function digestOf(content: Uint8Array | string): Digest {
  return createHash("sha256").update(content).digest("hex") as Digest;
}

const CHUNK_BYTES = 1 << 20;

/** The digest of a file, read in pieces. */
export function digestOfFile(path: string): Digest {
  using file = Deno.openSync(path);
  const hash = createHash("sha256");
  const chunk = new Uint8Array(CHUNK_BYTES);
  for (;;) {
    const count = file.readSync(chunk);
    if (count === null) return hash.digest("hex") as Digest;
    hash.update(chunk.subarray(0, count));
  }
}

/** Whether a string has the form of a digest. */
export function isDigest(text: string): text is Digest {
  return /^[0-9a-f]{64}$/.test(text);
}
