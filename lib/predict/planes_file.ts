/**
 * Label planes as the CRF implementations exchange them: float32 and nothing
 * else, little-endian, label by label, row by row.
 *
 * @module
 */
import type { LabelPlanes } from "../crf/label_planes.ts";
import { pathError } from "../dataset/path_error.ts";

/** L × H × W. */
export type PlanesShape = Omit<LabelPlanes, "data">;

/**
 * Reads planes; the file cannot say their shape, its size must fit it.
 *
 * @throws {RangeError} When nothing is there, or the size is another.
 */
export function readPlanes(path: string, shape: PlanesShape): LabelPlanes {
  const { labelCount, width, height } = shape;
  const expected = 4 * labelCount * height * width;
  const { size } = statOf(path); // before memory is taken
  if (size !== expected) {
    throw new RangeError(
      `Cannot read "${path}" as float32 of ${labelCount} labels × ${height} × ` +
        `${width} px must be ${expected} bytes: ${size}`,
    );
  }
  const { buffer } = Deno.readFileSync(path);
  // Every machine that Deno runs on is little-endian.
  return { ...shape, data: new Float32Array(buffer) };
}

function statOf(path: string): Deno.FileInfo {
  const what = "a file of float32";
  let info: Deno.FileInfo;
  try {
    info = Deno.statSync(path);
  } catch (error) {
    throw pathError(path, { error, what });
  }
  if (!info.isDirectory) return info;
  throw new RangeError(
    `Cannot read "${path}" as it must be ${what}: it is a folder`,
  );
}

/** The bytes of planes, not copied. */
export function planesBytes({ data }: LabelPlanes): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
