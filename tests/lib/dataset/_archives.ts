/**
 * Archives for tests, right and wrong ones.
 *
 * @module
 */
import tar from "tar-stream";
import { crc32, deflateRawSync } from "node:zlib";

/** Tar: name → text, or a whole header for what is not a plain file. */
export interface TarItem {
  readonly name: string;
  readonly text?: string;
  readonly type?: "file" | "directory" | "symlink" | "link" | "block-device";
  readonly linkname?: string;
}

/** The bytes of a tar file. */
export async function makeTar(
  items: readonly TarItem[],
): Promise<Uint8Array<ArrayBuffer>> {
  const pack = tar.pack();
  for (const { text, ...header } of items) pack.entry(header, text ?? "");
  pack.finalize();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for await (const chunk of pack) {
    chunks.push(chunk as Uint8Array<ArrayBuffer>);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

/** One zip entry, with what it may lie about. */
export interface ZipItem {
  readonly name: string;
  readonly text?: string;
  /** Unix mode, as in `0o120777` for a link. */
  readonly mode?: number;
  /** Announced, instead of the right one. */
  readonly size?: number;
  /** Announced, instead of the right one. */
  readonly crc?: number;
}

/** The bytes of a zip file, deflated. */
export function makeZip(items: readonly ZipItem[]): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const item of items) {
    const name = new TextEncoder().encode(item.name);
    const text = new TextEncoder().encode(item.text ?? "");
    const data = new Uint8Array(deflateRawSync(text));
    // Flags (names are UTF-8), method (deflate), time, date.
    const shared = [0x800, 8, 0, 0];
    const sums = [
      item.crc ?? crc32(text),
      data.length,
      item.size ?? text.length,
    ];
    const local = record(0x04034b50, [20, ...shared], sums, [name.length, 0]);
    directory.push(
      record(0x02014b50, [(3 << 8) | 20, 20, ...shared], sums, [
        name.length,
        0,
        0,
        0,
        0,
      ]),
      words32([((item.mode ?? 0o100644) << 16) >>> 0, offset]),
      name,
    );
    parts.push(local, name, data);
    offset += local.length + name.length + data.length;
  }
  const length = directory.reduce((sum, part) => sum + part.length, 0);
  const counts = words16([0, 0, items.length, items.length]);
  const end = [words32([0x06054b50]), counts, words32([length, offset])];
  return joined([...parts, ...directory, ...end, words16([0])]);
}

function record(
  signature: number,
  head: number[],
  sums: number[],
  tail: number[],
): Uint8Array {
  return joined([
    words32([signature]),
    words16(head),
    words32(sums),
    words16(tail),
  ]);
}

function words16(values: number[]): Uint8Array {
  return new Uint8Array(Uint16Array.from(values).buffer);
}

function words32(values: number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(values).buffer);
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
