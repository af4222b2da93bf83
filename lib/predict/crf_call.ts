/**
 * What a command line asks of the dense CRF.
 *
 * @module
 */
import type { DenseCrfOptions } from "../crf/dense_crf.ts";
import type { Device } from "../engine/engine.ts";

/** Options as they were written. */
export interface CrfTexts {
  /** File of −ln p, float32 `[L, H, W]`. */
  readonly unary: string;
  /** L. */
  readonly labels: string;
  /** Weight, σ in px, σ in levels. */
  readonly bilateral: string;
  /** Weight, σ in px. */
  readonly spatial: string;
  readonly iterations: string;
  /** `symmetric` or `after`. */
  readonly normalise: string;
  /** File for Q, float32 `[L, H, W]`. */
  readonly marginals: string;
  /** File for the label map; none if left out. */
  readonly labelsOut?: string;
  /** `auto`, `cpu` or `gpu`. */
  readonly device: string;
  readonly repeat: string;
}

/** Options as numbers, all in their ranges. */
export interface CrfCall {
  /** File of the picture. */
  readonly image: string;
  readonly unary: string;
  /** L, 1…255. */
  readonly labelCount: number;
  readonly crf: DenseCrfOptions;
  readonly marginals: string;
  readonly labelsOut: string | null;
  readonly device: Device | "auto";
  /** How often the same is done, for timings; from 1. */
  readonly repeat: number;
}

/**
 * Reads options.
 *
 * @throws {RangeError} When one is not of its form, naming it.
 *
 * @example
 * ```ts
 * import { readCrfCall } from "./crf_call.ts";
 * import { strictEqual } from "node:assert";
 *
 * const call = readCrfCall("a.ppm", {
 *   unary: "a.f32",
 *   labels: "21",
 *   bilateral: "4,67,3",
 *   spatial: "3,1",
 *   iterations: "10",
 *   normalise: "symmetric",
 *   marginals: "q.f32",
 *   device: "cpu",
 *   repeat: "1",
 * });
 * strictEqual(call.crf.appearanceSigmaPx, 67);
 * ```
 */
export function readCrfCall(image: string, texts: CrfTexts): CrfCall {
  const { labelsOut } = texts;
  const [appearanceWeight, appearanceSigmaPx, appearanceSigmaLevels] =
    readKernel("bilateral", texts, {
      form: "W,XY,RGB, a weight of 0…1000000 and standard deviations from " +
        `${LEAST_SIGMA} in px and in levels, such as 4,67,3`,
      length: 3,
    });
  const [smoothnessWeight, smoothnessSigmaPx] = readKernel("spatial", texts, {
    form: "W,XY, a weight of 0…1000000 and a standard deviation from " +
      `${LEAST_SIGMA} in px, such as 3,1`,
    length: 2,
  });
  return {
    image: readPath("<image>", image),
    unary: readPath("--unary", texts.unary),
    labelCount: readCount("labels", texts, { least: 1, most: 255 }),
    crf: {
      appearanceWeight: appearanceWeight!,
      appearanceSigmaPx: appearanceSigmaPx!,
      appearanceSigmaLevels: appearanceSigmaLevels!,
      smoothnessWeight: smoothnessWeight!,
      smoothnessSigmaPx: smoothnessSigmaPx!,
      iterations: readCount("iterations", texts, { least: 0, most: 1000 }),
      normalisation: readChoice("normalise", texts, ["symmetric", "after"]),
    },
    marginals: readPath("--marginals", texts.marginals),
    labelsOut: labelsOut === undefined
      ? null
      : readPath("--labels-out", labelsOut),
    device: readChoice("device", texts, ["auto", "cpu", "gpu"]),
    repeat: readCount("repeat", texts, { least: 1, most: 1000 }),
  };
}

/**
 * Standard deviations below this make nothing finer: no picture's pixels are
 * this near each other. Far below, features leave what a lattice can hold.
 */
const LEAST_SIGMA = 0.001;

/** A weight and standard deviations. */
function readKernel(
  option: "bilateral" | "spatial",
  texts: CrfTexts,
  { form, length }: { form: string; length: number },
): number[] {
  const text = texts[option];
  const numbers = text.split(",").map(readNumber);
  const [weight, ...sigmas] = numbers;
  const isKernel = numbers.length === length && weight! >= 0 &&
    weight! <= 1e6 &&
    sigmas.every((sigma) => sigma >= LEAST_SIGMA && sigma < Infinity);
  if (isKernel) return numbers;
  throw wrong(`--${option}`, { form, text });
}

/** A decimal number without a sign; NaN for anything else. */
function readNumber(text: string): number {
  return /^\s*(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(text)
    ? Number(text)
    : NaN;
}

function readCount(
  option: "labels" | "iterations" | "repeat",
  texts: CrfTexts,
  { least, most }: { least: number; most: number },
): number {
  const text = texts[option];
  const count = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (count >= least && count <= most) return count;
  throw wrong(`--${option}`, {
    form: `a whole number, ${least}…${most}`,
    text,
  });
}

function readChoice<Choice extends string>(
  option: "normalise" | "device",
  texts: CrfTexts,
  choices: readonly Choice[],
): Choice {
  const text = texts[option];
  const choice = choices.find((known) => known === text);
  if (choice !== undefined) return choice;
  const rest = choices.slice(0, -1).join(", ");
  throw wrong(`--${option}`, { form: `${rest} or ${choices.at(-1)}`, text });
}

function readPath(name: string, text: string): string {
  if (text !== "") return text;
  throw wrong(name, { form: "the path of a file", text });
}

/** @param name Of an option or argument, as it is written. */
function wrong(
  name: string,
  { form, text }: { form: string; text: string },
): RangeError {
  return new RangeError(
    `Cannot run the dense CRF as ${name} must be ${form}: "${text}"`,
  );
}
