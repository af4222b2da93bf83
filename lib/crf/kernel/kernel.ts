/**
 * The WebAssembly kernel of the dense CRF and its memory.
 *
 * @module
 */
import { KERNEL_WASM } from "./kernel_wasm.ts";

/** What `_assembly/kernel.ts` exports; addresses are bytes. */
export interface KernelExports {
  readonly memory: WebAssembly.Memory;
  freeAddress(): number;



  locate(
    type: number,
    image: number,
    channels: number,
    width: number,
    height: number,
    simplex: number,
    barycentric: number,
    table: number,
    tableBits: number,
  ): number;
  tableEnd(): number;
  writeRuns(step: bigint, out: number, spare: number): number;
  blur(axes: number, runs: number, values: number, stride: number): void;
  splatOnes(pixels: number): void;
  slicePixels(pixels: number, out: number): void;
  defineLattice(corners: number, simplex: number, barycentric: number): void;
  defineFactors(sent: number, received: number): void;
  defineVertices(held: number, given: number, stride: number): void;
  defineDirection(
    which: number,
    length: number,
    rows: number,
    radius: number,
    table: number,
    sent: number,
    received: number,
  ): void;
  defineSmoothness(
    bytes: number,
    sent: number,
    rows: number,
    row: number,
    nodes: number,
    received: number,
  ): void;
  spreadRows(): void;
  readTwo(unary: number, pixels: number, out: number): number;
  updateTwo(
    pass: number,
    width: number,
    height: number,
    energies: number,
    marginals: number,
  ): void;
  readMany(
    unary: number,
    labels: number,
    pixels: number,
    stride: number,
    out: number,
    last: number,
  ): number;
  updateMany(
    pass: number,
    width: number,
    height: number,
    labels: number,
    stride: number,
    energies: number,
    last: number,
    marginals: number,
  ): void;
}

let compiled: WebAssembly.Module | undefined;

/** A kernel with memory of its own. */
export function newKernel(): KernelExports {
  compiled ??= new WebAssembly.Module(
    Uint8Array.from(atob(KERNEL_WASM), (c) => c.charCodeAt(0)),
  );
  return new WebAssembly.Instance(compiled, { env: { abort() {} } })
    .exports as unknown as KernelExports;
}
