/**
 * Lattice points by their coordinates: a hash table in flat arrays.
 *
 * A point is one or more whole numbers below 2⁵³, its words, which
 * `vertex_packing.ts` makes of its coordinates without loss: equal words mean
 * equal points.
 *
 * @module
 */

/** What `VertexTable.find` answers for a point it does not hold. */
export const MISSING = -1;

/**
 * Numbers points 0, 1, 2, … in the order in which they are first added.
 *
 * @example
 * ```ts
 * import { MISSING, VertexTable } from "./vertex_table.ts";
 * import { strictEqual } from "node:assert";
 *
 * const table = new VertexTable(1, 16);
 * strictEqual(table.add([2 ** 52]), 0);
 * strictEqual(table.add([7]), 1);
 * strictEqual(table.add([2 ** 52]), 0);
 * strictEqual(table.find([8]), MISSING);
 * ```
 */
export class VertexTable {
  /** Words of one point. */
  readonly wordCount: number;
  #count = 0;
  #words: Float64Array;
  /** Open addressing, linear probing, at most half full: point or MISSING. */
  #slots: Int32Array;
  /** A slot is the top bits of a 32-bit hash. */
  #shift: number;

  /** `expectedCount` only sets the first size; the table grows as needed. */
  constructor(wordCount: number, expectedCount: number) {
    const slotBits = Math.max(4, Math.ceil(Math.log2(expectedCount + 1)) + 1);
    this.wordCount = wordCount;
    this.#shift = 32 - slotBits;
    this.#slots = new Int32Array(2 ** slotBits).fill(MISSING);
    this.#words = new Float64Array(2 ** (slotBits - 1) * wordCount);
  }

  /** Points held. */
  get count(): number {
    return this.#count;
  }

  /** Copies the words of a point into `words`. */
  read(vertex: number, words: Float64Array): void {
    const first = vertex * this.wordCount;
    for (let w = 0; w < this.wordCount; w++) words[w] = this.#words[first + w]!;
  }

  /** Number of the point, or MISSING. */
  find(words: ArrayLike<number>): number {
    return this.#slots[this.#slotOf(words)]!;
  }

  /** Number of the point, a new one if it was not held. */
  add(words: ArrayLike<number>): number {
    const slot = this.#slotOf(words);
    const known = this.#slots[slot]!;
    if (known !== MISSING) return known;
    const vertex = this.#count++;
    this.#slots[slot] = vertex;
    for (let w = 0; w < this.wordCount; w++) {
      this.#words[vertex * this.wordCount + w] = words[w]!;
    }
    if (2 * this.#count >= this.#slots.length) this.#grow();
    return vertex;
  }

  /** The slot that holds the point, or the free one where it belongs. */
  #slotOf(words: ArrayLike<number>): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = hashWords(words, 0, this.wordCount) >>> this.#shift;
    for (let held = slots[slot]!; held !== MISSING; held = slots[slot]!) {
      if (this.#holds(held, words)) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #holds(vertex: number, words: ArrayLike<number>): boolean {
    const count = this.wordCount;
    for (let w = 0; w < count; w++) {
      if (this.#words[vertex * count + w] !== words[w]) return false;
    }
    return true;
  }

  #grow(): void {
    const words = new Float64Array(2 * this.#words.length);
    words.set(this.#words);
    this.#words = words;
    this.#slots = new Int32Array(2 * this.#slots.length).fill(MISSING);
    this.#shift -= 1;
    const mask = this.#slots.length - 1;
    for (let vertex = 0; vertex < this.#count; vertex++) {
      const first = vertex * this.wordCount;
      let slot = hashWords(words, first, this.wordCount) >>> this.#shift;
      while (this.#slots[slot] !== MISSING) slot = (slot + 1) & mask;
      this.#slots[slot] = vertex;
    }
  }
}

/** 32 bits from the words at `first`; odd multipliers of Knuth's method. */
function hashWords(
  words: ArrayLike<number>,
  first: number,
  count: number,
): number {
  let hash = 0;
  for (let w = first; w < first + count; w++) {
    const word = words[w]!;
    hash = Math.imul(hash ^ (word | 0), 0x9e3779b1);
    hash = Math.imul(hash ^ Math.floor(word / 4294967296), 0x85ebca6b);
    hash ^= hash >>> 15;
  }
  return Math.imul(hash, 0xc2b2ae35);
}
