/**
 * The WebAssembly kernel of the dense CRF.
 *
 * @module
 */
import { KERNEL_WASM } from "./kernel_wasm.ts";

/**
 * What `assembly/kernel.ts` exports, where each is told. Numbers called
 * address are bytes from the start of memory.
 */
export interface Kernel {
  readonly memory: WebAssembly.Memory;
  freeAddress(): number;
  limitMemory(pages: number): void;
  /** `type` 0 uint8, 1 uint16, 2 float32; 0: no memory. */
  locate(
    type: number,
    imageAddress: number,
    channels: number,
    width: number,
    height: number,
    simplexAddress: number,
    barycentricAddress: number,
    tableAddress: number,
    tableBits: number,
  ): number;
  vertexCount(): number;
  tableEnd(): number;
  /** Address behind; 0: no memory. */
  writeRuns(step: bigint, address: number, spareAddress: number): number;
  defineLattice(
    corners: number,
    simplexAddress: number,
    barycentricAddress: number,
  ): void;
  defineFactors(sentAddress: number, receivedAddress: number): void;
  defineVertices(
    heldAddress: number,
    givenAddress: number,
    vertexBytes: number,
  ): void;
  splatOnes(pixels: number): void;
  slicePixels(pixels: number, address: number): void;
  normaliseFactors(
    pixels: number,
    receivedAddress: number,
    sentAddress: number,
    weight: number,
  ): void;
  blur(
    axes: number,
    runsAddress: number,
    verticesAddress: number,
    vertexBytes: number,
  ): void;
  /** `which` 0 across, 1 down. */
  defineDirection(
    which: number,
    length: number,
    rows: number,
    radius: number,
    tableAddress: number,
    heardAddress: number,
    weightsAddress: number,
    sentAddress: number,
    receivedAddress: number,
  ): void;
  defineSmoothness(
    channels: number,
    rowLength: number,
    firstPlaneAddress: number,
    secondPlaneAddress: number,
    downStripAddress: number,
    stripAddress: number,
    nodesAddress: number,
  ): void;
  clearRows(): void;
  exchangeRows(): void;
  readTwo(unaryAddress: number, pixels: number, address: number): number;
  updateTwo(
    pass: Pass,
    width: number,
    top: number,
    bottom: number,
    energiesAddress: number,
    labelsAddress: number,
    marginalsAddress: number,
  ): number;
  readMany(
    unaryAddress: number,
    labels: number,
    pixels: number,
    address: number,
  ): number;
  updateMany(
    pass: Pass,
    width: number,
    top: number,
    bottom: number,
    labels: number,
    vertexBytes: number,
    energiesAddress: number,
    labelsAddress: number,
    marginalsAddress: number,
  ): number;
}

// Written in the sources of the kernel as well; a test compares them.

/** The passes of `updateTwo` and `updateMany`: two_labels.ts. */
export const PASS = { first: 0, middle: 1, last: 2 } as const;
/** One of them. */
export type Pass = typeof PASS[keyof typeof PASS];

/** Pixels of a row are visited in strips this wide: STRIP in simplex.ts. */
export const STRIP_PX = 64;

/** Where the keys of the lattice lie: addresses.ts. */
export const KEY_ADDRESSES = {
  scales: 1024,
  multipliers: 1312,
  steps: 1600,
} as const;

let compiled: WebAssembly.Module | undefined;

/**
 * A kernel with memory of its own.
 *
 * @example
 * ```ts
 * import { newKernel } from "./kernel.ts";
 * import { ok } from "node:assert";
 *
 * ok(newKernel().freeAddress() >= 16384);
 * ```
 */
export function newKernel(): Kernel {
  compiled ??= new WebAssembly.Module(
    Uint8Array.from(atob(KERNEL_WASM), (character) => character.charCodeAt(0)),
  );
  const { exports } = new WebAssembly.Instance(compiled);
  return exports as unknown as Kernel;
}
