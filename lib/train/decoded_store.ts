/**
 * Decoded samples kept in memory, so that a small data set is decoded once.
 *
 * @module
 */
import type { DecodedSample } from "./training_sample.ts";

/** Samples by their index. */
export interface DecodedStore {
  /** What they take, bytes. */
  readonly bytes: number;
  /** Whether more may be added: until a sample did not fit. */
  readonly hasRoom: boolean;
  get(index: number): DecodedSample | null;
  /** Keeps a sample if it fits. */
  add(index: number, sample: DecodedSample): void;
}

/**
 * An empty store. Nothing is ever dropped from it: training asks for all
 * samples equally often, so those in it are as good as any others.
 *
 * @param limit Most bytes that it holds.
 *
 * @example
 * ```ts
 * import { decodedStore } from "./decoded_store.ts";
 * import { strictEqual } from "node:assert";
 *
 * const image = { width: 2, height: 1, data: new Uint8Array(6) };
 * const labels = { width: 2, height: 1, data: new Uint8Array(2) };
 * const store = decodedStore(10);
 * store.add(0, { image, labels });
 * store.add(1, { image, labels });
 * strictEqual(store.get(1), null);
 * strictEqual(store.bytes, 8);
 * ```
 */
export function decodedStore(limit: number): DecodedStore {
  const samples = new Map<number, DecodedSample>();
  let bytes = 0;
  let hasRoom = limit > 0;
  return {
    get bytes() {
      return bytes;
    },
    get hasRoom() {
      return hasRoom;
    },
    get: (index) => samples.get(index) ?? null,
    add(index, sample) {
      if (samples.has(index)) return;
      const size = sample.image.data.length + sample.labels.data.length;
      hasRoom &&= bytes + size <= limit;
      if (!hasRoom) return;
      samples.set(index, sample);
      bytes += size;
    },
  };
}
