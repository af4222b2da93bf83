/**
 * The dense CRF from files to files, timed.
 *
 * @module
 */
import process from "node:process";
import { chooseCrf, type ChosenCrf, type RunCrf } from "../crf/choose_crf.ts";
import { assertFits } from "../crf/crf_memory.ts";
import type { CrfPicture } from "../crf/crf_picture.ts";
import type { DenseCrfOptions } from "../crf/dense_crf.ts";
import { crfWork } from "../crf/dense_crf_memory.ts";
import { MOST_BYTES } from "../crf/kernel/arena.ts";
import { type LabelPlanes, mapLabels } from "../crf/label_planes.ts";
import type { Device } from "../engine/engine.ts";
import { decodeImage } from "../image/decode_image.ts";
import type { RgbImage } from "../image/image.ts";
import { encodeLabelMap } from "../label/label_map_png.ts";
import type { CrfCall } from "./crf_call.ts";
import { readingError } from "./file_error.ts";
import { assertOutputs, writeOutputs } from "./output_file.ts";
import { assertPlanesFile, planesBytes, readPlanes } from "./planes_file.ts";

/**
 * How long the CRF took once, s. The parts add up to the total; a GPU does not
 * tell them.
 */
export interface CrfTiming {
  /** All before the first iteration, the unary taken in. Null on a GPU. */
  readonly buildSeconds: number | null;
  /** The last one with its marginals. None on a GPU. */
  readonly iterationSeconds: readonly number[];
  /**
   * The rest: next to nothing, or all that makes the marginals where there are
   * no iterations. Null on a GPU.
   */
  readonly otherSeconds: number | null;
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
  /** What the CRF ran on. */
  readonly device: Device;
  /** In one sentence why on that, and on which GPU. */
  readonly why: string;
  /** Of all lattices that were built; null on a GPU. */
  readonly latticeVertices: number | null;
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
 * @throws {Error} When an output cannot be written, or there is no GPU and it
 *   must be one.
 */
export async function refineFiles(call: CrfCall): Promise<CrfReport> {
  assertPaths(call);
  const image = await readImage(call.image);
  const { width, height } = image;
  const shape = { labelCount: call.labelCount, width, height };
  assertPlanesFile(call.unary, shape);
  using crf = await openCrf(call.device);
  if (crf.on().device === "cpu") assertMemory(image, call);
  const unary = readPlanes(call.unary, shape);
  return await refine({ image, unary }, { call, crf });
}

/** The CRF on whatever was chosen. */
interface OpenCrf extends Disposable {
  readonly run: RunCrf;
  /** What it runs on, once it has run; before, what it will try. */
  on(): Pick<ChosenCrf, "device" | "why">;
}

async function openCrf(choice: CrfCall["device"]): Promise<OpenCrf> {
  let beyondGpu: string | null = null;
  const chosen = await chooseCrf(choice, {
    onFallback: (why) => beyondGpu = why,
  });
  const { device, why, run } = chosen;
  return {
    run,
    on: () =>
      beyondGpu === null ? { device, why } : { device: "cpu", why: beyondGpu },
    [Symbol.dispose]: () => chosen[Symbol.dispose](),
  };
}

function assertPaths({ image, unary, marginals, labelsOut }: CrfCall): void {
  const outputs = [{ name: "--marginals", path: marginals }];
  if (labelsOut !== null) {
    outputs.push({ name: "--labels-out", path: labelsOut });
  }
  assertOutputs(outputs, [
    { name: "the picture", path: image },
    { name: "--unary", path: unary },
  ]);
}

async function refine(
  picture: CrfPicture,
  { call, crf }: { call: CrfCall; crf: OpenCrf },
): Promise<CrfReport> {
  const { crf: options, marginals: path, labelsOut, repeat } = call;
  const { width, height } = picture.image;
  const peakMemoryBeforeBytes = peakMemoryBytes();
  const runs: CrfTiming[] = [];
  for (let i = 1; i < repeat; i++) {
    runs.push((await timedCrf(picture, { options, crf })).timing);
  }
  const last = await timedCrf(picture, { options, crf });
  const report = {
    image: call.image,
    width,
    height,
    labels: call.labelCount,
    options,
    ...crf.on(),
    latticeVertices: last.vertices,
    runs: [...runs, last.timing],
    peakMemoryBytes: peakMemoryBytes(),
    peakMemoryBeforeBytes,
  };
  const outputs = [{ path, bytes: planesBytes(last.marginals) }];
  if (labelsOut !== null) {
    const bytes = encodeLabelMap(mapLabels(last.marginals));
    outputs.push({ path: labelsOut, bytes });
  }
  await writeOutputs(outputs);
  return report;
}

/** What surely needs more memory than there is need not be read. */
function assertMemory(
  image: RgbImage,
  { labelCount, crf }: CrfCall,
): void {
  if (labelCount === 1) return; // needs none
  const work = crfWork({ ...image, channels: 3 }, { labelCount }, crf);
  assertFits(work, MOST_BYTES);
}

async function readImage(path: string): Promise<RgbImage> {
  let bytes: Uint8Array;
  try {
    bytes = Deno.readFileSync(path);
  } catch (error) {
    throw readingError(path, { error, what: "a picture" });
  }
  return await decodeImage(bytes, path);
}

async function timedCrf(
  picture: CrfPicture,
  { options, crf }: { options: DenseCrfOptions; crf: OpenCrf },
): Promise<{
  readonly timing: CrfTiming;
  readonly vertices: number | null;
  readonly marginals: LabelPlanes;
}> {
  let vertices = 0;
  const lapSeconds: number[] = [];
  const begunMs = performance.now();
  let lapMs = begunMs;
  const endLap = () => {
    const nowMs = performance.now();
    lapSeconds.push((nowMs - lapMs) / 1000);
    lapMs = nowMs;
  };
  const marginals = await crf.run(picture, {
    ...options,
    onEvent(event) {
      endLap();
      if (event.type === "built") vertices = event.vertexCount;
    },
  });
  endLap();
  const totalSeconds = (lapMs - begunMs) / 1000;
  const isTold = crf.on().device === "cpu";
  const parts = isTold ? partsOf(lapSeconds) : UNKNOWN_PARTS;
  const timing = { ...parts, totalSeconds };
  return { timing, vertices: isTold ? vertices : null, marginals };
}

type Parts = Omit<CrfTiming, "totalSeconds">;

const UNKNOWN_PARTS: Parts = {
  buildSeconds: null,
  iterationSeconds: [],
  otherSeconds: null,
};

/** @param lapSeconds Build, iterations, rest; of one label only the rest. */
function partsOf(lapSeconds: readonly number[]): Parts {
  const [buildSeconds = 0, ...iterationSeconds] = lapSeconds.slice(0, -1);
  return {
    buildSeconds,
    iterationSeconds,
    otherSeconds: lapSeconds.at(-1)!,
  };
}

/** The system's own count, which misses no moment; it comes in KiB. */
function peakMemoryBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}
