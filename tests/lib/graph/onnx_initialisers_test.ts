import { deepStrictEqual, throws } from "node:assert/strict";
import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import * as fc from "fast-check";
import { readOnnxInitialisers } from "../../../lib/graph/onnx_initialisers.ts";
import {
  ModelProtoSchema,
  TensorProto_DataLocation as DataLocation,
  TensorProto_DataType as DataType,
  type TensorProtoSchema,
} from "../../../lib/graph/onnx_pb.ts";

type Tensor = MessageInitShape<typeof TensorProtoSchema>;

function file(...initializer: Tensor[]): Uint8Array {
  const graph = { initializer };
  return toBinary(ModelProtoSchema, create(ModelProtoSchema, { graph }));
}

function bytesOf({ buffer }: { buffer: ArrayBuffer }) {
  return new Uint8Array(buffer);
}

/** The only tensor of a file. */
function read(tensor: Tensor) {
  return readOnnxInitialisers(file({ name: "w", ...tensor })).get("w");
}

const NUMBERS = Float32Array.of(1, -2, 0.5);

Deno.test("readOnnxInitialisers reads each type of numbers, as bytes and typed", () => {
  const dims = [3n];
  const halves = Uint16Array.of(0x3c00, 0xc000, 0x3800);
  const upper = Uint16Array.of(0x3f80, 0xc000, 0x3f00);
  const forms: Tensor[] = [
    { dataType: DataType.FLOAT, rawData: bytesOf(NUMBERS) },
    { dataType: DataType.FLOAT, floatData: [...NUMBERS] },
    { dataType: DataType.DOUBLE, rawData: bytesOf(Float64Array.from(NUMBERS)) },
    { dataType: DataType.DOUBLE, doubleData: [...NUMBERS] },
    { dataType: DataType.FLOAT16, rawData: bytesOf(halves) },
    { dataType: DataType.FLOAT16, int32Data: [...halves] },
    { dataType: DataType.BFLOAT16, rawData: bytesOf(upper) },
    { dataType: DataType.BFLOAT16, int32Data: [...upper] },
  ];
  for (const form of forms) {
    deepStrictEqual(read({ dims, ...form }), { shape: [3], data: NUMBERS });
  }
});

Deno.test("readOnnxInitialisers reads scalars and tensors without elements", () => {
  const one = { dataType: DataType.FLOAT, floatData: [7] };
  deepStrictEqual(read(one), { shape: [], data: Float32Array.of(7) });
  deepStrictEqual(read({ dataType: DataType.FLOAT, dims: [0n, 3n] }), {
    shape: [0, 3],
    data: new Float32Array(0),
  });
});

Deno.test("readOnnxInitialisers leaves out whole numbers", () => {
  const ids = { dataType: DataType.INT64, dims: [1n], int64Data: [7n] };
  deepStrictEqual(read(ids), undefined);
});

function refuses(tensor: Tensor, message: string): void {
  throws(() => read({ dataType: DataType.FLOAT, ...tensor }), {
    name: "SyntaxError",
    message: `Cannot read tensor "w" of an ONNX file as its ${message}`,
  });
}

Deno.test("readOnnxInitialisers refuses tensors that do not fit together", () => {
  const rawData = bytesOf(NUMBERS);
  refuses(
    { dims: [2n, 2n], rawData },
    "elements must fill its shape: 3 elements, shape [2, 2]",
  );
  // No number of a file is believed: this would take 8 EB.
  refuses(
    { dims: [2n ** 61n], rawData },
    "axes must be sizes: [2305843009213694000]",
  );
  refuses({ dims: [-3n], rawData }, "axes must be sizes: [-3]");
  refuses(
    { dims: [3n], rawData: rawData.subarray(1) },
    "elements must take 4 bytes each: 11 bytes",
  );
  refuses(
    { dims: [3n], dataLocation: DataLocation.EXTERNAL },
    "elements must be in the file: they are in another",
  );
  refuses(
    { dims: [3n], rawData, floatData: [1, 2, 3] },
    "elements must be there once: 12 bytes and 3 numbers",
  );
  for (const bits of [0x13c00, -1]) {
    for (const dataType of [DataType.FLOAT16, DataType.BFLOAT16]) {
      refuses(
        { dims: [1n], dataType, int32Data: [bits] },
        `halves must be of 16 bits: ${bits}`,
      );
    }
  }
});

Deno.test("readOnnxInitialisers refuses names that are missing or twice there", () => {
  const tensor = { dataType: DataType.FLOAT, floatData: [1] };
  const twice = file({ name: "w", ...tensor }, { name: "w", ...tensor });
  throws(() => readOnnxInitialisers(twice), {
    message:
      'Cannot read tensor "w" of an ONNX file as its name must be there ' +
      "and unlike others: it is there twice",
  });
  throws(() => readOnnxInitialisers(file(tensor)), {
    name: "SyntaxError",
    message:
      'Cannot read tensor "" of an ONNX file as its name must be there ' +
      "and unlike others: it is empty",
  });
});

Deno.test("readOnnxInitialisers refuses files that are no models", () => {
  throws(() => readOnnxInitialisers(new Uint8Array(0)), {
    name: "SyntaxError",
    message: "Cannot read an ONNX file as it must have a graph: there is none",
  });
  throws(
    () => readOnnxInitialisers(new TextEncoder().encode("<html></html>")),
    {
      name: "SyntaxError",
      message: /^Cannot read an ONNX file as it must be one: /,
    },
  );
});

Deno.test("readOnnxInitialisers throws only SyntaxErrors, however a file is damaged", () => {
  const whole = file(
    {
      name: "a",
      dataType: DataType.FLOAT,
      dims: [3n],
      rawData: bytesOf(NUMBERS),
    },
    { name: "b", dataType: DataType.FLOAT16, dims: [2n], int32Data: [1, 2] },
  );
  const damage = fc.array(
    fc.tuple(fc.nat(whole.length - 1), fc.nat(255)),
    { minLength: 1, maxLength: 4 },
  );
  fc.assert(fc.property(damage, fc.nat(whole.length), (changes, length) => {
    const damaged = whole.slice();
    for (const [at, byte] of changes) damaged[at] = byte;
    for (const bytes of [damaged, damaged.subarray(0, length)]) {
      try {
        readOnnxInitialisers(bytes);
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
      }
    }
  }));
});
