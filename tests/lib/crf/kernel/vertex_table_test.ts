import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { compileKernel } from "../../../../lib/crf/kernel/compile_kernel.ts";
import config from "../../../../deno.json" with { type: "json" };

/** What `assembly/vertex_table.ts` exports. */
interface VertexTable {
  readonly memory: WebAssembly.Memory;
  limitMemory(pages: number): void;
  openTable(address: number, bits: number): number;
  addVertex(key: bigint): number;
  findVertex(key: bigint): number;
  vertexCount(): number;
  keysAddress(): number;
  tableEnd(): number;
}

// A package for machines without network has no compiler.
const ignore = config.nodeModulesDir !== "none";
const module = ignore
  ? null
  : new WebAssembly.Module(await compileKernel("vertex_table.ts"));

/** MISSING, as the interface of WebAssembly has it. */
const MISSING = -1;
const ADDRESS = 65536;

/** An empty table of 2^bits slots that may have so many bytes. */
function openTable(bits: number, mostBytes = 2 ** 24): VertexTable {
  const { exports } = new WebAssembly.Instance(module!);
  const table = exports as unknown as VertexTable;
  table.limitMemory(Math.floor((ADDRESS + mostBytes) / 65536));
  strictEqual(table.openTable(ADDRESS, bits), 1);
  return table;
}

/** The key of a hash: the kernel multiplies by the inverse, modulo 2⁶⁴. */
function keyOf(hash: bigint): bigint {
  return BigInt.asIntN(64, hash * INVERSE);
}

const INVERSE = inverseOf(0x9e3779b97f4a7c15n);

/** By Newton's method: each step doubles the bits that are right. */
function inverseOf(odd: bigint): bigint {
  let inverse = odd; // right in three bits
  for (let bits = 3; bits < 64; bits *= 2) {
    inverse = BigInt.asUintN(64, inverse * (2n - odd * inverse));
  }
  return inverse;
}

/** Few slots, the last one too, and few bits in a slot that tell keys apart. */
const keys = fc.record({
  high: fc.constantFrom(0n, 1n, 0x7fffn, 0xffffn),
  middle: fc.constantFrom(0n, 1n),
  low: fc.bigInt({ min: 0n, max: 100n }),
}).map(({ high, middle, low }) => keyOf(high << 48n | middle << 32n | low));

Deno.test({
  ignore,
  name: "the table of vertices numbers keys as a Map does",
  fn: () => {
    fc.assert(
      fc.property(
        fc.array(keys, { maxLength: 400, size: "max" }),
        fc.array(keys, { maxLength: 50 }),
        fc.integer({ min: 6, max: 8 }),
        (added, others, bits) => {
          const table = openTable(bits);
          const numbers = new Map<bigint, number>();
          for (const key of added) {
            if (!numbers.has(key)) numbers.set(key, numbers.size);
            strictEqual(table.addVertex(key), numbers.get(key));
          }
          for (const key of [...added, ...others]) {
            strictEqual(table.findVertex(key), numbers.get(key) ?? MISSING);
          }
          strictEqual(table.vertexCount(), numbers.size);
          const held = new BigInt64Array(
            table.memory.buffer,
            table.keysAddress(),
            numbers.size,
          );
          deepStrictEqual([...held], [...numbers.keys()]);
          const behind = new Uint8Array(table.memory.buffer, table.tableEnd());
          ok(behind.every((byte) => byte === 0));
        },
      ),
      { numRuns: 200 },
    );
  },
});

Deno.test({
  ignore,
  name: "the table of vertices grows when it is half full, as far as it may",
  fn: () => {
    // 8 bytes a slot: 2¹⁵ slots fit into four pages, the next table does not.
    const table = openTable(6, 2 ** 18);
    const most = 2 ** 14;
    for (let i = 0; i < most; i++) {
      strictEqual(
        table.addVertex(keyOf(BigInt(i) << 40n)),
        i < most - 1 ? i : MISSING,
      );
      if (i === 31) strictEqual(table.tableEnd(), ADDRESS + 8 * 128);
    }
  },
});
