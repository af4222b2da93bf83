/**
 * Memory of a kernel, handed out from the bottom up.
 *
 * @module
 */
import type { Kernel } from "./kernel.ts";

/** The most that WebAssembly can address: 4 GiB. */
export const MOST_BYTES = 2 ** 32;

const PAGE_BYTES = 65536;
/** A cache line: vectors must not cross two for nothing. */
const ALIGNMENT_BYTES = 64;
/** What the kernel may read or write behind a piece. */
const SLACK_BYTES = 64;

/**
 * Bytes that a piece takes up.
 *
 * @example
 * ```ts
 * import { pieceBytes } from "./arena.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(pieceBytes(100), 192);
 * ```
 */
export function pieceBytes(bytes: number): number {
  return Math.ceil((bytes + SLACK_BYTES) / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
}

/**
 * Address behind a piece; null: none that a kernel can be told, as it would
 * lie at the limit or beyond, where 2³² wraps round to 0.
 *
 * @param address Where the piece begins; 0 is a wrapped 2³².
 *
 * @example
 * ```ts
 * import { addressBehind } from "./arena.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(addressBehind(4096, 100, 2 ** 32), 4288);
 * strictEqual(addressBehind(4096, 2 ** 32, 2 ** 32), null);
 * ```
 */
export function addressBehind(
  address: number,
  bytes: number,
  limitBytes: number,
): number | null {
  const behind = address + pieceBytes(bytes);
  return address > 0 && behind < limitBytes ? behind : null;
}

/** A kernel and how much of its memory is in use. */
export class Arena {
  readonly kernel: Kernel;
  readonly #limitBytes: number;
  /** Where the next piece begins; may be set back. */
  top: number;

  /** @param limitBytes Memory will not grow beyond. */
  constructor(kernel: Kernel, limitBytes: number) {
    this.kernel = kernel;
    this.#limitBytes = limitBytes;
    this.top = pieceBytes(kernel.freeAddress());
    kernel.limitMemory(Math.floor(limitBytes / PAGE_BYTES));
  }

  /**
   * Address of a new piece, whatever it holds.
   *
   * @throws {RangeError} When the machine has no memory left.
   * @throws {Error} When the limit was not checked before.
   */
  take(bytes: number): number {
    const address = this.top;
    this.top += pieceBytes(bytes);
    if (this.top > this.#limitBytes) {
      throw new Error(`Internal error: ${this.top} bytes are over the limit`);
    }
    const { memory } = this.kernel;
    const missing = this.top - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
    return address;
  }

  /** Address of a new piece that holds these values. */
  put(values: Float32Array | Uint32Array): number {
    const address = this.take(values.byteLength);
    this.bytes(address, values.byteLength).set(
      new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    );
    return address;
  }

  /** Memory as bytes; valid until the next piece is taken. */
  bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.kernel.memory.buffer, address, length);
  }

  /** Memory as float32; valid until the next piece is taken. */
  floats(address: number, length: number): Float32Array {
    return new Float32Array(this.kernel.memory.buffer, address, length);
  }
}
