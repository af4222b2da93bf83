/**
 * Safetensors: named tensors in one file, as Hugging Face defined it.
 *
 * Eight bytes of length, a JSON header of that length, then the tensors without
 * gap or overlap. A file is believed in nothing: every length, offset and shape
 * is checked before a byte is read by it.
 *
 * @module
 */
import { elementCount, type Shape } from "../graph/value.ts";
import { readHeader, type TensorEntry } from "./safetensors_header.ts";

/** A float32 tensor with its shape. */
export interface NamedTensor {
  readonly shape: Shape;
  /** Row-major. */
  readonly data: Float32Array;
}

/** What a file of weights holds. */
export interface WeightsFile {
  readonly tensors: ReadonlyMap<string, NamedTensor>;
  /** Free text by key; safetensors' `__metadata__`. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** See {@link decodeSafetensors}. */
export interface DecodeOptions {
  /** Of the file, for errors. */
  readonly path?: string;
  /** Tensors that are checked but not read, whatever their type. */
  readonly isSkipped?: (name: string) => boolean;
}

/**
 * Reads a safetensors file of float32 and float16 tensors; the latter are
 * widened.
 *
 * @throws {RangeError} When anything in it is not as the format
 *   says, or a tensor that is read has another type of element.
 *
 * @example
 * ```ts
 * import { decodeSafetensors, encodeSafetensors } from "./safetensors.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const tensor = { shape: [2], data: Float32Array.of(1, 2) };
 * const tensors = new Map([["bias", tensor]]);
 * const bytes = encodeSafetensors({ tensors, metadata: { seed: "1" } });
 * deepStrictEqual(decodeSafetensors(bytes).tensors, tensors);
 * ```
 */
export function decodeSafetensors(
  bytes: Uint8Array,
  { path, isSkipped = () => false }: DecodeOptions = {},
): WeightsFile {
  const file = path === undefined ? "safetensors" : `safetensors "${path}"`;
  const { entries, metadata, dataStart } = readHeader(bytes, file);
  const tensors = new Map<string, NamedTensor>();
  for (const entry of entries) {
    if (isSkipped(entry.name)) continue;
    const data = readData(bytes, entry, { dataStart, file });
    tensors.set(entry.name, { shape: entry.shape, data });
  }
  return { tensors, metadata };
}

/** A copy of a tensor's elements: the file need not be aligned, nor stay. */
function readData(
  bytes: Uint8Array,
  { name, dtype, begin, end }: TensorEntry,
  { dataStart, file }: { dataStart: number; file: string },
): Float32Array {
  const { buffer } = bytes.slice(dataStart + begin, dataStart + end);
  if (dtype === "F32") return new Float32Array(buffer);
  if (dtype === "F16") return new Float32Array(new Float16Array(buffer));
  throw new RangeError(
    `Cannot read tensor "${name}" of ${file} as its elements must be F32 or ` +
      `F16: they are ${dtype}`,
  );
}

/** See {@link encodeSafetensors}. */
export interface EncodeOptions {
  /** How elements are kept: exactly (the default), or in half the space. */
  readonly dtype?: "F32" | "F16";
}

/**
 * Writes a safetensors file. Tensors and metadata are put in the order of their
 * names, so equal contents give equal bytes.
 *
 * @throws {RangeError} When a tensor does not fill its shape, has the name of
 *   the metadata, or an element is too large for F16.
 *
 * @example
 * ```ts
 * import { encodeSafetensors } from "./safetensors.ts";
 * import { strictEqual } from "node:assert";
 *
 * const tensor = { shape: [4], data: Float32Array.of(1, 2, 3, 4) };
 * const file = { tensors: new Map([["w", tensor]]), metadata: {} };
 * const [exact, half] = [encodeSafetensors(file), encodeSafetensors(file, { dtype: "F16" })];
 * strictEqual(exact.length - half.length, 8);
 * ```
 */
export function encodeSafetensors(
  { tensors, metadata }: WeightsFile,
  { dtype = "F32" }: EncodeOptions = {},
): Uint8Array {
  const described: [string, unknown][] = [];
  const keys = Object.keys(metadata).sort();
  if (keys.length > 0) {
    const inOrder = keys.map((key) => [key, metadata[key]]);
    described.push(["__metadata__", Object.fromEntries(inOrder)]);
  }
  const parts: Uint8Array[] = [];
  let end = 0;
  for (const name of [...tensors.keys()].sort()) {
    const { shape } = tensors.get(name)!;
    const part = bytesOf(name, tensors.get(name)!, dtype);
    parts.push(part);
    const begin = end;
    end += part.length;
    described.push([name, { dtype, shape, data_offsets: [begin, end] }]);
  }
  // Unlike an assignment, this takes any name for a name: "__proto__" too.
  const header = Object.fromEntries(described);
  return joined(JSON.stringify(header), parts, end);
}

/** Header and tensors in one array; the tensors begin at a multiple of 8. */
function joined(
  header: string,
  parts: readonly Uint8Array[],
  dataLength: number,
): Uint8Array {
  const text = new TextEncoder().encode(header);
  const dataStart = 8 + Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(dataStart + dataLength).fill(0x20, 8, dataStart);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(dataStart - 8), true);
  bytes.set(text, 8);
  let at = dataStart;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function bytesOf(
  name: string,
  { shape, data }: NamedTensor,
  dtype: "F32" | "F16",
): Uint8Array {
  if (name === "__metadata__") {
    throw new RangeError(
      `Cannot write tensor "${name}" as its name must not be the metadata's: it is`,
    );
  }
  if (data.length !== elementCount(shape)) {
    throw new RangeError(
      `Cannot write tensor "${name}" as its data must fill its shape: ` +
        `${data.length} elements, shape [${shape.join(", ")}]`,
    );
  }
  const kept = dtype === "F32" ? data : new Float16Array(data);
  const at = data.findIndex((x, i) =>
    Number.isFinite(x) && !isFinite(kept[i]!)
  );
  if (at >= 0) {
    throw new RangeError(
      `Cannot write tensor "${name}" as F16 as its elements must be at most ` +
        `65504: element ${at} is ${data[at]}`,
    );
  }
  return new Uint8Array(kept.buffer, kept.byteOffset, kept.byteLength);
}
