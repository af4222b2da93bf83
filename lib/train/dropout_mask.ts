/**
 * Dropout masks: which elements of a layer are kept in an iteration.
 *
 * Masks are drawn for the whole mini-batch's slots, one by one, so that they
 * are the same however a mini-batch is cut into shards.
 *
 * @module
 */
import { seededRandom } from "../random.ts";

/** See `dropoutMask`. */
export interface DropoutMaskOptions {
  readonly seed: number;
  /** From 0. */
  readonly iteration: number;
  /** Slot in the mini-batch of the first image of `shape`. */
  readonly firstSlot: number;
  /** Of the layer: others have masks of their own. */
  readonly name: string;
  /** `[n, …]`, n images. */
  readonly shape: readonly number[];
  /** How likely an element is kept, 0…1. */
  readonly keepShare: number;
}

/** Four bits as the bytes of a word, the lowest bit in the lowest byte. */
const SPREAD = Uint32Array.from(
  { length: 16 },
  (_, bits) => Math.imul(bits, 0x00204081) & 0x01010101,
);

/**
 * A mask of a layer, 1 where an element is kept, each on its own
 * [Caffe, dropout_layer].
 *
 * A share of ½ takes one random bit an element, another 32.
 *
 * @returns Bytes 0 and 1, in the order of `shape`.
 * @throws {RangeError} When the share is not 0…1.
 *
 * @example
 * ```ts
 * import { dropoutMask } from "./dropout_mask.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const layer = { seed: 1, iteration: 0, name: "drop6", keepShare: 0.5 };
 * const whole = dropoutMask({ ...layer, firstSlot: 0, shape: [2, 8] });
 * const second = dropoutMask({ ...layer, firstSlot: 1, shape: [1, 8] });
 * deepStrictEqual(whole.subarray(8), second);
 * ```
 */
export function dropoutMask(
  { seed, iteration, firstSlot, name, shape, keepShare }: DropoutMaskOptions,
): Uint8Array<ArrayBuffer> {
  if (!(keepShare >= 0 && keepShare <= 1)) {
    throw new RangeError(
      `Cannot draw dropout mask "${name}" as the share that is kept must be ` +
        `0…1: ${keepShare}`,
    );
  }
  const [images = 1, ...rest] = shape;
  const count = rest.reduce((product, size) => product * size, 1);
  const mask = new Uint8Array(images * count);
  const words = new Uint32Array(Math.ceil(count / 32) * 8);
  const random = seededRandom(seed).split("dropout").split(name);
  for (let image = 0; image < images; image++) {
    const next = bitGenerator(
      random.split(`iteration ${iteration}, slot ${firstSlot + image}`).below,
    );
    const part = mask.subarray(image * count, (image + 1) * count);
    if (keepShare === 0.5) {
      drawHalves(words, next);
      part.set(new Uint8Array(words.buffer, 0, count));
    } else {
      const limit = keepShare * 2 ** 32;
      for (let i = 0; i < count; i++) part[i] = next() >>> 0 < limit ? 1 : 0;
    }
  }
  return mask;
}

/** Fills bytes with 0 and 1, one random bit each, 32 from a draw. */
function drawHalves(words: Uint32Array, next: () => number): void {
  for (let at = 0; at < words.length; at += 8) {
    let bits = next();
    for (let i = 0; i < 8; i++) {
      words[at + i] = SPREAD[bits & 15]!;
      bits >>>= 4;
    }
  }
}

/**
 * Draws of 32 random bits: xoshiro128++ [Blackman and Vigna, 2019]. All bits
 * are of equal worth, and it keeps no objects, unlike the generators behind
 * `Random`, from which it takes its state.
 */
function bitGenerator(below: (count: number) => number): () => number {
  let [a, b, c] = [below(2 ** 32) | 0, below(2 ** 32) | 0, below(2 ** 32) | 0];
  let d = below(2 ** 32) | 1; // not all may be 0
  return () => {
    const sum = (a + d) | 0;
    const drawn = (((sum << 7) | (sum >>> 25)) + a) | 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return drawn;
  };
}
