/**
 * Learning rates over the iterations of a training run.
 *
 * Every run counts from 0, so each stage of the method begins at its full rate
 * again: the only sensible reading of "divided by 10 after every 3k" over 20k
 * iterations, at whose end the rate would be 1e-9; docs/method.md, Schedule.
 *
 * @module
 */

/** How the learning rate falls. */
export type LearningRateSchedule = StepSchedule | PolySchedule;

/** Divided by a factor at fixed intervals. */
export interface StepSchedule {
  readonly kind: "step";
  /** At iteration 0. */
  readonly rate: number;
  /** Iterations at one rate. */
  readonly every: number;
  /** What it is divided by then; 10 by default. */
  readonly factor?: number;
  /** Iterations after which it begins anew; never by default. */
  readonly restartEvery?: number;
}

/** `rate · (1 − t / iterations)^power` [DeepLab-v2, solver]. */
export interface PolySchedule {
  readonly kind: "poly";
  /** At iteration 0. */
  readonly rate: number;
  /** At which it is 0. */
  readonly iterations: number;
  /** 0.9 by default. */
  readonly power?: number;
}

/**
 * The learning rate of an iteration, counted from 0.
 *
 * @throws {RangeError} When the iteration or a number of the schedule is out of
 *   range.
 *
 * @example
 * ```ts
 * import { learningRate } from "./schedule.ts";
 * import { strictEqual } from "node:assert";
 *
 * const schedule = { kind: "step", rate: 0.001, every: 3000 } as const;
 * strictEqual(learningRate(schedule, 2999), 0.001);
 * strictEqual(learningRate(schedule, 3000), 0.0001);
 * ```
 */
export function learningRate(
  schedule: LearningRateSchedule,
  iteration: number,
): number {
  assertNumber("iteration", iteration, isCount);
  assertNumber("rate", schedule.rate, isPositive);
  return schedule.kind === "step"
    ? stepRate(schedule, iteration)
    : polyRate(schedule, iteration);
}

function stepRate(schedule: StepSchedule, iteration: number): number {
  const { rate, every, factor = 10, restartEvery } = schedule;
  assertNumber("every", every, isPositiveCount);
  assertNumber("factor", factor, isPositive);
  if (restartEvery !== undefined) {
    assertNumber("restartEvery", restartEvery, isPositiveCount);
    iteration %= restartEvery;
  }
  return rate / factor ** Math.floor(iteration / every);
}

function polyRate(schedule: PolySchedule, iteration: number): number {
  const { rate, iterations, power = 0.9 } = schedule;
  assertNumber("iterations", iterations, isPositiveCount);
  assertNumber("power", power, isPositive);
  assertNumber("iteration", iteration, (value) => value <= iterations);
  return rate * (1 - iteration / iterations) ** power;
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function isPositiveCount(value: number): boolean {
  return isCount(value) && value > 0;
}

function isPositive(value: number): boolean {
  return Number.isFinite(value) && value > 0;
}

function assertNumber(
  name: string,
  value: number,
  isFit: (value: number) => boolean,
): void {
  if (isFit(value)) return;
  throw new RangeError(
    `Cannot tell a learning rate as ${name} must be in the schedule's range: ` +
      `${value}`,
  );
}
