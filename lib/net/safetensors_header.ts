/**
 * The header of a safetensors file, checked against the file.
 *
 * @module
 */
import * as z from "zod";
import { repeatedKey } from "./repeated_key.ts";

/** Where a tensor lies in a file. */
export interface TensorEntry {
  readonly name: string;
  /** As the format names it: `F32`, `F16`, `I64`, … */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Bytes from the first of all tensors; the end is left out. */
  readonly begin: number;
  readonly end: number;
}

/** What a header says. */
export interface SafetensorsHeader {
  /** In the order in which they lie in the file. */
  readonly entries: readonly TensorEntry[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Where the tensors begin, in bytes from the start of the file. */
  readonly dataStart: number;
}

/** Bytes of an element, of all types that the format knows in whole bytes. */
const ELEMENT_BYTES: Readonly<Record<string, number>> = {
  ...{ F64: 8, F32: 4, F16: 2, BF16: 2, F8_E4M3: 1, F8_E5M2: 1 },
  ...{ I64: 8, I32: 4, I16: 2, I8: 1, U64: 8, U32: 4, U16: 2, U8: 1, BOOL: 1 },
};

/** As much as the reference reader takes. */
const MOST_HEADER_BYTES = 100_000_000;
const MOST_AXES = 8;

const Size = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const Entry = z.strictObject({
  dtype: z.string(),
  shape: z.array(Size).max(MOST_AXES),
  data_offsets: z.tuple([Size, Size]),
});
const Metadata = z.record(z.string(), z.string());

/**
 * Reads and checks a header: what it says of the tensors fits the file.
 *
 * @param file What errors call it.
 * @throws {RangeError} When the file is too short, its header no
 *   valid one, or its tensors overlap, leave gaps or end elsewhere than the file.
 *
 * @example
 * ```ts
 * import { readHeader } from "./safetensors_header.ts";
 * import { encodeSafetensors } from "./safetensors.ts";
 * import { strictEqual } from "node:assert";
 *
 * const tensor = { shape: [2], data: Float32Array.of(1, 2) };
 * const tensors = new Map([["bias", tensor]]);
 * const { entries } = readHeader(encodeSafetensors({ tensors, metadata: {} }));
 * strictEqual(entries[0]?.end, 8);
 * ```
 */
export function readHeader(
  bytes: Uint8Array,
  file = "safetensors",
): SafetensorsHeader {
  const refuse = (mustHold: string, found: string): never => {
    throw new RangeError(`Cannot read ${file} as ${mustHold}: ${found}`);
  };
  const length = headerLength(bytes, refuse);
  const header = parseHeader(bytes.subarray(8, 8 + length), refuse);
  const { __metadata__, ...described } = header;
  const metadata = Metadata.safeParse(__metadata__ ?? {});
  if (!metadata.success) {
    refuse(
      `its metadata must be texts by name`,
      z.prettifyError(metadata.error),
    );
  }
  const entries = Object.entries(described)
    .map(([name, value]) => entryOf(name, value, refuse))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  assertContiguous(entries, bytes.length - 8 - length, refuse);
  return { entries, metadata: metadata.data!, dataStart: 8 + length };
}

/** Throws; says what of the file must hold, and what was found. */
type Refuse = (mustHold: string, found: string) => never;

function headerLength(bytes: Uint8Array, refuse: Refuse): number {
  if (bytes.length < 8) {
    refuse("it must begin with 8 bytes of length", `${bytes.length} bytes`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, 8);
  const length = view.getBigUint64(0, true);
  const most = Math.min(bytes.length - 8, MOST_HEADER_BYTES);
  if (length > BigInt(most)) {
    refuse(
      `its header must have at most ${most} bytes`,
      `it says that it has ${length}`,
    );
  }
  return Number(length);
}

function parseHeader(
  bytes: Uint8Array,
  refuse: Refuse,
): Record<string, unknown> {
  let header: unknown;
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    header = JSON.parse(text);
  } catch (error) {
    return refuse(
      "its header must be JSON in UTF-8",
      (error as Error).message,
    );
  }
  if (typeof header !== "object" || header === null || Array.isArray(header)) {
    refuse("its header must be a JSON object", text.slice(0, 40));
  }
  const repeated = repeatedKey(text);
  if (repeated !== null) {
    refuse("names must be unique", `"${repeated}" is there twice`);
  }
  return header as Record<string, unknown>;
}

function entryOf(name: string, value: unknown, refuse: Refuse): TensorEntry {
  const entry = Entry.safeParse(value);
  if (!entry.success) {
    refuse(
      `tensor "${name}" must have a dtype, shape and data_offsets`,
      z.prettifyError(entry.error),
    );
  }
  const { dtype, shape, data_offsets: [begin, end] } = entry.data!;
  const elementBytes = Object.hasOwn(ELEMENT_BYTES, dtype)
    ? ELEMENT_BYTES[dtype]!
    : refuse(`tensor "${name}" must have a known dtype`, `it is ${dtype}`);
  // Sizes beyond 2⁵³ cannot equal a span of bytes, so rounding does no harm.
  const needed = shape.reduce((count, size) => count * size, elementBytes);
  if (end - begin !== needed) {
    refuse(
      `tensor "${name}" must fill its shape`,
      `${end - begin} bytes for ${dtype} [${shape.join(", ")}]`,
    );
  }
  return { name, dtype, shape, begin, end };
}

function assertContiguous(
  entries: readonly TensorEntry[],
  dataLength: number,
  refuse: Refuse,
): void {
  let at = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== at) {
      refuse(
        "its tensors must follow each other without gap or overlap",
        `"${name}" begins at byte ${begin}, the one before ends at ${at}`,
      );
    }
    at = end;
  }
  if (at !== dataLength) {
    refuse(
      "its tensors must end where it ends",
      `they have ${at} bytes, the file ${dataLength} after its header`,
    );
  }
}
