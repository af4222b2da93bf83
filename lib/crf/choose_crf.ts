/**
 * Picks what runs the dense CRF: the CPU or a GPU.
 *
 * @module
 */
import type { Device } from "../engine/engine.ts";
import {
  findAdapter,
  formatAdapter,
  isHardware,
} from "../engine/webgpu_adapter.ts";
import type { CrfPicture } from "./crf_picture.ts";
import { denseCrf, type DenseCrfOptions } from "./dense_crf.ts";
import { BeyondGpuError } from "./gpu/beyond_gpu.ts";
import { requestCrfDevice } from "./gpu/crf_device.ts";
import { openGpuCrf } from "./gpu/gpu_crf.ts";
import type { LabelPlanes } from "./label_planes.ts";

/**
 * Marginals of a picture, as `denseCrf` gives them; on whatever was chosen.
 *
 * `onEvent` and `memoryLimit` are the CPU's alone.
 *
 * @throws As `denseCrf`; on a GPU also when it is lost or has no memory left,
 *   and, where it was asked for, when it does not take the picture.
 */
export type RunCrf = (
  picture: CrfPicture,
  options: DenseCrfOptions,
) => Promise<LabelPlanes>;

/**
 * The dense CRF on the CPU, for those who wait for a GPU elsewhere.
 *
 * @example
 * ```ts
 * import { runOnCpu } from "./choose_crf.ts";
 * import { RESNET101_CRF } from "./dense_crf.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const image = { width: 1, height: 1, data: new Uint8Array(3) };
 * const data = Float32Array.of(0, Infinity);
 * const unary = { labelCount: 2, width: 1, height: 1, data };
 * const marginals = await runOnCpu({ image, unary }, RESNET101_CRF);
 * deepStrictEqual(marginals.data, Float32Array.of(1, 0));
 * ```
 */
export const runOnCpu: RunCrf = ({ image, unary }, options) =>
  // As a promise, what is thrown is found by those who wait for a GPU's.
  Promise.try(() => denseCrf(image, unary, options));

/** The dense CRF on one device; disposing frees the GPU's memory. */
export interface ChosenCrf extends Disposable {
  readonly device: Device;
  /** In one sentence why it is the one; for the log. */
  readonly why: string;
  readonly run: RunCrf;
  /** Calls of `run` that should overlap, for the device to be kept busy. */
  readonly overlap: number;
}

type OpenGpu = Pick<ChosenCrf, "run" | typeof Symbol.dispose>;

/** A GPU, or a program that stands in for one, not yet opened. */
export interface CrfGpu {
  readonly name: string;
  readonly isHardware: boolean;
  open(): Promise<OpenGpu>;
}

/** While one goes up to a GPU and one comes down, it computes others. */
const GPU_OVERLAP = 4;

/** What the choice is made by; tests put their own. */
export interface CrfMachine {
  findGpu(): Promise<CrfGpu | null>;
}

/** See `chooseCrf`. */
export interface CrfChoiceOptions {
  /**
   * Told in one sentence of the first picture that goes to the CPU as the GPU
   * does not take it, and of no other; for the log.
   */
  readonly onFallback?: (why: string) => void;
  readonly machine?: CrfMachine;
}

/** The GPU of this machine, once it was looked for. */
let found: Promise<CrfGpu | null> | null = null;

const THIS_MACHINE: CrfMachine = { findGpu: () => found ??= findThisGpu() };

/** Whoever asks next looks anew: an adapter gives one device only. */
function forget(): void {
  found = null;
}

/** To start a GPU takes as long as many pictures, so a process does it once. */
async function findThisGpu(): Promise<CrfGpu | null> {
  const adapter = await findAdapter();
  if (adapter === null) return null;
  let opened: ReturnType<CrfGpu["open"]> | null = null;
  return {
    name: formatAdapter(adapter.info),
    isHardware: isHardware(adapter.info),
    open: () => opened ??= openAdapter(adapter as unknown as GPUAdapter),
  };
}

/**
 * The dense CRF on the device that was asked for, or on the best there is.
 *
 * `auto` takes a GPU if it is hardware; a program that stands in for one is
 * slower than the CPU, and is only taken for `gpu`. Pictures that the GPU does
 * not take, as they are too large or not RGB of 8 bits, go to the CPU.
 *
 * The same inputs give the same bytes on one device, not on any two. The GPU
 * stays open for the next who ask in this process.
 *
 * @returns The caller's, to be disposed of.
 * @throws {Error} When `gpu` was asked for and there is none, or it does not
 *   start.
 *
 * @example
 * ```ts
 * import { chooseCrf } from "./choose_crf.ts";
 * import { RESNET101_CRF } from "./dense_crf.ts";
 * import { deepStrictEqual, strictEqual } from "node:assert";
 *
 * using crf = await chooseCrf("cpu");
 * strictEqual(crf.why, "CRF on cpu, as it was asked for");
 * const image = { width: 1, height: 1, data: new Uint8Array(3) };
 * const data = Float32Array.of(0, Infinity);
 * const unary = { labelCount: 2, width: 1, height: 1, data };
 * const marginals = await crf.run({ image, unary }, RESNET101_CRF);
 * deepStrictEqual(marginals.data, Float32Array.of(1, 0));
 * ```
 */
export async function chooseCrf(
  choice: Device | "auto",
  { machine = THIS_MACHINE, onFallback = () => {} }: CrfChoiceOptions = {},
): Promise<ChosenCrf> {
  if (choice === "cpu") return onCpu("it was asked for");
  const gpu = await machine.findGpu();
  if (choice === "gpu") {
    if (gpu !== null) return await onGpu(gpu, "it was asked for");
    throw new Error(
      "Cannot run the dense CRF on a GPU as WebGPU must have an adapter: " +
        "there is none",
    );
  }
  if (gpu === null) return onCpu("no GPU was found");
  if (!gpu.isHardware) return onCpu(`${gpu.name} is no hardware`);
  try {
    const chosen = await onGpu(gpu, "it was found");
    return { ...chosen, run: orOnCpu(chosen.run, onFallback) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return onCpu(`${gpu.name} did not start: ${message}`);
  }
}

async function onGpu(gpu: CrfGpu, reason: string): Promise<ChosenCrf> {
  const why = `CRF on gpu (${gpu.name}), as ${reason}`;
  return { device: "gpu", why, overlap: GPU_OVERLAP, ...await gpu.open() };
}

/** On the CPU what is beyond the GPU. */
function orOnCpu(run: RunCrf, onFallback: (why: string) => void): RunCrf {
  let isTold = false;
  return async (picture, options) => {
    try {
      return await run(picture, options);
    } catch (error) {
      if (!(error instanceof BeyondGpuError)) throw error;
      if (!isTold) {
        onFallback(
          `CRF on cpu for what the GPU does not take: ${error.message}`,
        );
      }
      isTold = true;
      return await runOnCpu(picture, options);
    }
  };
}

function onCpu(reason: string): ChosenCrf {
  return {
    device: "cpu",
    why: `CRF on cpu, as ${reason}`,
    run: runOnCpu,
    overlap: 1,
    [Symbol.dispose]() {},
  };
}

async function openAdapter(adapter: GPUAdapter): Promise<OpenGpu> {
  const device = await requestCrfDevice(adapter);
  try {
    const gpu = await openGpuCrf(device);
    device.lost.then(forget);
    return {
      run: async (picture, options) => (await gpu.run([picture], options))[0]!,
      [Symbol.dispose]: () => gpu.dispose(),
    };
  } catch (error) {
    forget();
    device.destroy();
    throw error;
  }
}
