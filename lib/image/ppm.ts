/**
 * Pictures as binary PPM files, which every image tool reads and writes.
 *
 * @module
 */
import type { RgbImage } from "./image.ts";
import { assertDecodableSize } from "./image_size.ts";
import { readPpmHeader } from "./ppm_header.ts";
import { UnreadableFileError } from "./unreadable_file.ts";

/**
 * Pixels of a PPM, `P6`, of one byte a sample.
 *
 * Where full brightness is less than 255, samples are stretched to 0…255 and
 * rounded, as Netpbm does.
 *
 * @param path Shown in errors; nothing is read from it.
 * @throws {UnreadableFileError} When the bytes are no such PPM, when there are
 * more or less of them than its header says, more than 40 megapixels or two
 * bytes a sample, or when a sample is brighter than full.
 *
 * @example
 * ```ts
 * import { decodePpm } from "./ppm.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const bytes = new TextEncoder().encode("P6 1 1 255\nabc");
 * deepStrictEqual([...decodePpm(bytes, "a.ppm").data], [97, 98, 99]);
 * ```
 */
export function decodePpm(bytes: Uint8Array, path: string): RgbImage {
  const header = readPpmHeader(bytes, path);
  const { width, height, maximum, length } = header;
  assertDecodableSize(header, path);
  if (maximum > 255) {
    throw new UnreadableFileError(path, {
      rule: "it must be a PPM of one byte a sample, at most 255",
      found: `its largest sample is ${maximum}`,
    });
  }
  const samples = bytes.slice(length);
  const expected = 3 * width * height;
  if (samples.length !== expected) {
    throw new UnreadableFileError(path, {
      rule: `it must be one whole PPM: ${width} × ${height} px are ` +
        `${expected} bytes`,
      found: `${samples.length} come after its header`,
    });
  }
  const data = maximum === 255 ? samples : stretch(samples, { maximum, path });
  return { width, height, data };
}

function stretch(
  samples: Uint8Array,
  { maximum, path }: { maximum: number; path: string },
): Uint8Array {
  const bright = samples.find((sample) => sample > maximum);
  if (bright !== undefined) {
    throw new UnreadableFileError(path, {
      rule: `its samples must be at most ${maximum}, as its header says`,
      found: `one is ${bright}`,
    });
  }
  return samples.map((sample) => Math.round(sample * 255 / maximum));
}
