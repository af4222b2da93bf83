/**
 * Which samples each mini-batch holds.
 *
 * A sample's turn depends on the seed and its place in the run alone, so that
 * training resumes at any iteration with the very batches it would have had.
 *
 * @module
 */
import { seededRandom } from "../random.ts";

/** See `sampleOrder`. */
export interface SampleOrderOptions {
  readonly seed: number;
  /** Samples of a mini-batch. */
  readonly batchSize: number;
  /**
   * Numbers of the samples, in one set or in two. Of two sets each gives every
   * other slot of a mini-batch, the first set the first slot: half and half
   * where the batch size is even [Song2019, semi-supervised]. For one shuffled
   * list of both, join them.
   */
  readonly sets: readonly (readonly number[])[];
}

/** The samples of an iteration's mini-batch, one for each slot. */
export type SampleOrder = (iteration: number) => readonly number[];

/**
 * An endless order of samples: each set is shuffled anew for every pass over
 * it, and a pass begins where the one before ended, if need be in the middle of
 * a mini-batch.
 *
 * @throws {RangeError} When the batch size is no positive whole number, or
 *   there are not one or two sets that each hold a sample and have a slot.
 *
 * @example
 * ```ts
 * import { sampleOrder } from "./sample_order.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const order = sampleOrder({ seed: 1, batchSize: 2, sets: [[0, 1, 2, 3]] });
 * const pass = [...order(0), ...order(1)];
 * deepStrictEqual(pass.toSorted(), [0, 1, 2, 3]);
 * ```
 */
export function sampleOrder(options: SampleOrderOptions): SampleOrder {
  const { seed, batchSize, sets } = options;
  assertSets(options);
  const streams = sets.map((set, s) => shuffledPasses(set, seed, `set ${s}`));
  const strides = sets.map((_, s) => Math.ceil((batchSize - s) / sets.length));
  return (iteration) =>
    Array.from({ length: batchSize }, (_, slot) => {
      const set = slot % sets.length;
      const turn = iteration * strides[set]! + Math.floor(slot / sets.length);
      return streams[set]!(turn);
    });
}

/** The sample at each turn of endless passes over a set. */
function shuffledPasses(
  set: readonly number[],
  seed: number,
  name: string,
): (turn: number) => number {
  const random = seededRandom(seed).split("sample order").split(name);
  // A mini-batch may begin in one pass and end in another: two are kept.
  const passes = new Map<number, number[]>();
  return (turn) => {
    const number = Math.floor(turn / set.length);
    let pass = passes.get(number);
    if (pass === undefined) {
      pass = shuffled(set, random.split(`pass ${number}`).below);
      for (const old of passes.keys()) {
        if (Math.abs(old - number) > 1) passes.delete(old);
      }
      passes.set(number, pass);
    }
    return pass[turn % set.length]!;
  };
}

/** Fisher and Yates' shuffle. */
function shuffled(
  set: readonly number[],
  below: (count: number) => number,
): number[] {
  const order = [...set];
  for (let last = order.length - 1; last > 0; last--) {
    const chosen = below(last + 1);
    [order[last], order[chosen]] = [order[chosen]!, order[last]!];
  }
  return order;
}

function assertSets({ batchSize, sets }: SampleOrderOptions): void {
  const isBatch = Number.isSafeInteger(batchSize) && batchSize > 0;
  const isCount = sets.length === 1 || sets.length === 2;
  if (
    isBatch && isCount && batchSize >= sets.length &&
    sets.every((set) => set.length > 0)
  ) return;
  throw new RangeError(
    `Cannot order samples as one or two sets must each have samples and a ` +
      `slot of the mini-batch: ${batchSize} slots, sets of ` +
      `${sets.map((set) => set.length).join(" and ")} samples`,
  );
}
