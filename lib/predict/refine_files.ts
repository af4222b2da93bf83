/**
 * The dense CRF from files to files, timed.
 *
 * @module
 */
import process from "node:process";
import { denseCrf, type DenseCrfOptions } from "../crf/dense_crf.ts";
import type { CrfPicture } from "../crf/crf_picture.ts";
import { type LabelPlanes, mapLabels } from "../crf/label_planes.ts";
import { pathError } from "../dataset/path_error.ts";
import { decodeImage } from "../image/decode_image.ts";
import type { RgbImage } from "../image/image.ts";
import { encodeLabelMap } from "../label/label_map_png.ts";
import type { CrfCall } from "./crf_call.ts";
import { assertOutputs, writeOutput } from "./output_file.ts";
import { planesBytes, readPlanes } from "./planes_file.ts";

/** How long the CRF took once, s. */
export interface CrfTiming {
  /** All before the first iteration. */
  readonly buildSeconds: number;
  readonly iterationSeconds: readonly number[];
  /** From picture and unary in memory to marginals in memory. */
  readonly totalSeconds: number;
}

/** What came of a call. */
export interface CrfReport {
  readonly image: string;
  /** W, px. */
  readonly width: number;
  /** H, px. */
  readonly height: number;
  /** L. */
  readonly labels: number;
  readonly options: DenseCrfOptions;
  /** Of all lattices that were built. */
  readonly latticeVertices: number;
  /** One for each time it was done. */
  readonly runs: readonly CrfTiming[];
  /** Most memory the process has had, with program, picture and results. */
  readonly peakMemoryBytes: number;
  /** The same just before the CRF began. */
  readonly peakMemoryBeforeBytes: number;
}

/**
 * Refines the labels of a picture and writes marginals and labels; first finds
 * what is wrong with the files, so that no work is in vain.
 *
 * @throws {UnreadableFileError} When the picture cannot be read.
 * @throws {RangeError} When a path is not what it must be, the unary does not
 *   fit the picture, or as `denseCrf`.
 */
export async function refineFiles(call: CrfCall): Promise<CrfReport> {
  const { labelCount, crf, marginals: path, labelsOut, repeat } = call;
  assertOutputs(labelsOut === null ? [path] : [path, labelsOut]);
  const image = await readImage(call.image);
  const { width, height } = image;
  const unary = readPlanes(call.unary, { labelCount, width, height });
  const peakMemoryBeforeBytes = peakMemoryBytes();
  const earlier = Array.from(
    { length: repeat - 1 },
    () => timedCrf({ image, unary }, crf).timing,
  );
  const { timing, vertices, marginals } = timedCrf({ image, unary }, crf);
  const report = {
    image: call.image,
    width,
    height,
    labels: labelCount,
    options: crf,
    latticeVertices: vertices,
    runs: [...earlier, timing],
    peakMemoryBytes: peakMemoryBytes(),
    peakMemoryBeforeBytes,
  };
  await writeOutput(path, planesBytes(marginals));
  if (labelsOut !== null) {
    await writeOutput(labelsOut, encodeLabelMap(mapLabels(marginals)));
  }
  return report;
}

async function readImage(path: string): Promise<RgbImage> {
  let bytes: Uint8Array;
  try {
    bytes = Deno.readFileSync(path);
  } catch (error) {
    throw pathError(path, { error, what: "a picture" });
  }
  return await decodeImage(bytes, path);
}

function timedCrf({ image, unary }: CrfPicture, crf: DenseCrfOptions): {
  readonly timing: CrfTiming;
  readonly vertices: number;
  readonly marginals: LabelPlanes;
} {
  let vertices = 0;
  const lapSeconds: number[] = [];
  const begunMs = performance.now();
  let lapMs = begunMs;
  const marginals = denseCrf(image, unary, {
    ...crf,
    onEvent(event) {
      const nowMs = performance.now();
      lapSeconds.push((nowMs - lapMs) / 1000);
      lapMs = nowMs;
      if (event.type === "built") vertices = event.vertexCount;
    },
  });
  const totalSeconds = (performance.now() - begunMs) / 1000;
  const [buildSeconds = 0, ...iterationSeconds] = lapSeconds;
  const timing = { buildSeconds, iterationSeconds, totalSeconds };
  return { timing, vertices, marginals };
}

/** The system's own count, which misses no moment; it comes in KiB. */
function peakMemoryBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}
