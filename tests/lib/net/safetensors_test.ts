import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import * as fc from "fast-check";
import {
  decodeSafetensors,
  encodeSafetensors,
  type WeightsFile,
} from "../../../lib/net/safetensors.ts";

const FILE: WeightsFile = {
  tensors: new Map([
    ["a", { shape: [2, 2], data: Float32Array.of(1, -2, 0.5, NaN) }],
    ["b", { shape: [], data: Float32Array.of(7) }],
  ]),
  metadata: { seed: "1", "ü": "\u0000" },
};

/** A file of a header as given and of zeros. */
function fileOf(header: unknown, dataLength: number): Uint8Array {
  const text = typeof header === "string" ? header : JSON.stringify(header);
  const bytes = new TextEncoder().encode(text);
  const file = new Uint8Array(8 + bytes.length + dataLength);
  new DataView(file.buffer).setBigUint64(0, BigInt(bytes.length), true);
  file.set(bytes, 8);
  return file;
}

function refuses(file: Uint8Array, message: string): void {
  throws(() => decodeSafetensors(file), { message });
}

Deno.test("safetensors come back as they were, NaN and scalars too", () => {
  deepStrictEqual(decodeSafetensors(encodeSafetensors(FILE)), FILE);
});

Deno.test("safetensors are read wherever they lie in memory", () => {
  const bytes = encodeSafetensors(FILE);
  const moved = new Uint8Array(bytes.length + 3);
  moved.set(bytes, 3);
  deepStrictEqual(decodeSafetensors(moved.subarray(3)), FILE);
});

Deno.test("safetensors of equal contents have equal bytes", () => {
  const turned = {
    tensors: new Map([...FILE.tensors].reverse()),
    metadata: { "ü": "\u0000", seed: "1" },
  };
  deepStrictEqual(encodeSafetensors(turned), encodeSafetensors(FILE));
});

Deno.test("the first tensor begins at a multiple of 8 bytes, after blanks", () => {
  const tensors = new Map([["x", { shape: [1], data: Float32Array.of(3) }]]);
  const bytes = encodeSafetensors({ tensors, metadata: {} });
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  strictEqual(length % 8, 0);
  const header = new TextDecoder().decode(bytes.subarray(8, 8 + length));
  strictEqual(
    header.trimEnd(),
    '{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
  );
});

Deno.test("F16 halves the file and rounds to nearest", () => {
  const data = Float32Array.of(0.1, 65504, -Infinity);
  const tensors = new Map([["x", { shape: [3], data }]]);
  const bytes = encodeSafetensors({ tensors, metadata: {} }, { dtype: "F16" });
  deepStrictEqual(
    decodeSafetensors(bytes).tensors.get("x")!.data,
    Float32Array.of(0.0999755859375, 65504, -Infinity),
  );
});

Deno.test("F16 refuses what would become infinite", () => {
  const tensors = new Map([["x", { shape: [1], data: Float32Array.of(7e4) }]]);
  throws(() => encodeSafetensors({ tensors, metadata: {} }, { dtype: "F16" }), {
    name: "RangeError",
    message: 'Cannot write tensor "x" as F16 as its elements must be at most ' +
      "65504: element 0 is 70000",
  });
});

Deno.test("tensors that do not fill their shape are not written", () => {
  const tensors = new Map([["x", { shape: [3], data: Float32Array.of(7) }]]);
  throws(() => encodeSafetensors({ tensors, metadata: {} }), {
    message: 'Cannot write tensor "x" as its data must fill its shape: ' +
      "1 elements, shape [3]",
  });
});

Deno.test("any name can be written but that of the metadata", () => {
  const tensor = { shape: [1], data: Float32Array.of(7) };
  const tensors = new Map([["__proto__", tensor]]);
  const bytes = encodeSafetensors({ tensors, metadata: {} });
  deepStrictEqual(decodeSafetensors(bytes).tensors, tensors);
  const taken = new Map([["__metadata__", tensor]]);
  throws(() => encodeSafetensors({ tensors: taken, metadata: {} }), {
    message: 'Cannot write tensor "__metadata__" as its name must not be the ' +
      "metadata's: it is",
  });
});

const OFFSETS = "data_offsets";
const X = { dtype: "F32", shape: [2], [OFFSETS]: [0, 8] };

Deno.test("files that are too short, or say too much, are refused", () => {
  refuses(
    Uint8Array.of(1, 2),
    "Cannot read safetensors as it must begin with 8 bytes of length: 2 bytes",
  );
  const long = fileOf({ x: X }, 8);
  long.fill(255, 0, 8);
  refuses(
    long,
    `Cannot read safetensors as its header must have at most ${
      long.length - 8
    } bytes: it says that it has 18446744073709551615`,
  );
});

Deno.test("headers that are no JSON objects are refused", () => {
  throws(() => decodeSafetensors(fileOf("{x", 0)), {
    name: "RangeError",
    message: /^Cannot read safetensors as its header must be JSON in UTF-8: /,
  });
  refuses(
    fileOf([X], 8),
    "Cannot read safetensors as its header must be a JSON object: " +
      '[{"dtype":"F32","shape":[2],"data_offset',
  );
});

Deno.test("names that are there twice are refused, however escaped", () => {
  const x = JSON.stringify(X);
  refuses(
    fileOf(`{"x":${x},"\\u0078":${x}}`, 8),
    'Cannot read safetensors as names must be unique: "x" is there twice',
  );
});

Deno.test("tensors that overlap, leave gaps or end elsewhere are refused", () => {
  refuses(
    fileOf({ x: X, y: { ...X, [OFFSETS]: [4, 12] } }, 12),
    "Cannot read safetensors as its tensors must follow each other without " +
      'gap or overlap: "y" begins at byte 4, the one before ends at 8',
  );
  refuses(
    fileOf({ x: { ...X, [OFFSETS]: [4, 12] } }, 12),
    "Cannot read safetensors as its tensors must follow each other without " +
      'gap or overlap: "x" begins at byte 4, the one before ends at 0',
  );
  refuses(
    fileOf({ x: X }, 4),
    "Cannot read safetensors as its tensors must end where it ends: they " +
      "have 8 bytes, the file 4 after its header",
  );
});

Deno.test("shapes that do not fit their bytes are refused, however large", () => {
  refuses(
    fileOf({ x: { ...X, shape: [3] } }, 8),
    'Cannot read safetensors as tensor "x" must fill its shape: 8 bytes for ' +
      "F32 [3]",
  );
  const side = 2 ** 52;
  refuses(
    fileOf({ x: { ...X, shape: [side, side, 0.5 * side] } }, 8),
    'Cannot read safetensors as tensor "x" must fill its shape: 8 bytes for ' +
      `F32 [${side}, ${side}, ${side / 2}]`,
  );
});

Deno.test("types that are not known, or not read, are refused", () => {
  refuses(
    fileOf({ x: { ...X, dtype: "toString" } }, 8),
    'Cannot read safetensors as tensor "x" must have a known dtype: it is ' +
      "toString",
  );
  const counts = fileOf({ x: { ...X, dtype: "I64", shape: [1] } }, 8);
  refuses(
    counts,
    'Cannot read tensor "x" of safetensors as its elements must be F32 or ' +
      "F16: they are I64",
  );
  const isSkipped = (name: string) => name === "x";
  deepStrictEqual(decodeSafetensors(counts, { isSkipped }).tensors, new Map());
});

Deno.test("metadata and entries of another form are refused", () => {
  throws(() => decodeSafetensors(fileOf({ __metadata__: { a: 1 } }, 0)), {
    message: /^Cannot read safetensors as its metadata must be texts by name/,
  });
  throws(() => decodeSafetensors(fileOf({ x: { ...X, shape: [-2] } }, 8)), {
    message: /^Cannot read safetensors as tensor "x" must have a dtype, shape/,
  });
});

Deno.test("a file with any bytes changed is read or refused, never a crash", () => {
  const bytes = encodeSafetensors(FILE);
  const Change = fc.record({
    at: fc.nat(bytes.length - 1),
    value: fc.nat(255),
    end: fc.nat(bytes.length),
  });
  fc.assert(
    fc.property(Change, ({ at, value, end }) => {
      const changed = bytes.slice();
      changed[at] = value;
      try {
        decodeSafetensors(changed);
        decodeSafetensors(changed.subarray(0, end));
      } catch (error) {
        return error instanceof RangeError;
      }
      return true;
    }),
    { seed: 1, numRuns: 500 },
  );
});
