/**
 * Label planes as the CRF implementations exchange them: float32 and nothing
 * else, little-endian, label by label, row by row.
 *
 * @module
 */
import type { LabelPlanes } from "../crf/label_planes.ts";
import { readingError } from "./file_error.ts";

/** L × H × W. */
export type PlanesShape = Omit<LabelPlanes, "data">;

/**
 * Checks the size of a file of planes, which says nothing of their shape.
 *
 * @throws {RangeError} When nothing is there, it is no file, or the size is
 *   another.
 */
export function assertPlanesFile(path: string, shape: PlanesShape): void {
  const { labelCount, width, height } = shape;
  const expected = 4 * labelCount * height * width;
  const { size } = statOf(path);
  if (size === expected) return;
  throw new RangeError(
    `Cannot read "${path}" as float32 of ${labelsText(labelCount)} × ` +
      `${height} × ${width} px must be ${expected} bytes: ${size}`,
  );
}

/**
 * Reads planes.
 *
 * @throws {RangeError} As `assertPlanesFile`.
 */
export function readPlanes(path: string, shape: PlanesShape): LabelPlanes {
  assertPlanesFile(path, shape); // before memory is taken
  try {
    const { buffer } = Deno.readFileSync(path);
    // Every machine that Deno runs on is little-endian.
    return { ...shape, data: new Float32Array(buffer) };
  } catch (error) {
    throw readingError(path, { error, what: WHAT });
  }
}

/** What a file of planes is to people. */
const WHAT = "a file of float32";

function statOf(path: string): Deno.FileInfo {
  let info: Deno.FileInfo;
  try {
    info = Deno.statSync(path);
  } catch (error) {
    throw readingError(path, { error, what: WHAT });
  }
  if (info.isFile) return info;
  throw new RangeError(
    `Cannot read "${path}" as it must be ${WHAT}: it is a ` +
      (info.isDirectory ? "folder" : "pipe or a device"),
  );
}

/** `1 label`, `2 labels`. */
export function labelsText(count: number): string {
  return count === 1 ? "1 label" : `${count} labels`;
}

/** The bytes of planes, not copied. */
export function planesBytes({ data }: LabelPlanes): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
