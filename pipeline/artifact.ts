/**
 * What steps hand to each other: named file formats.
 *
 * A kind is one of three forms:
 *
 *   value       one file, read and written whole         (a table, a model)
 *   collection  a folder of items, read one at a time    (the pictures of a set)
 *   composite   a folder of named collections            (a data set on disk)
 *
 * A kind knows bytes and values, never paths: where the bytes lie is the
 * engine's affair, so a value can never be written half or read unchecked.
 *
 * @module
 */
import * as z from "zod";

/** One file, decoded as a whole when a step starts. */
export interface ValueKind<Value> {
  readonly form: "value";
  readonly name: string;
  /** File name extension with its dot. */
  readonly extension: string;
  /** Bytes to value; throws when the bytes are not a valid `name`. */
  decode(bytes: Uint8Array, path: string): Value | Promise<Value>;
  /** Value to bytes; equal values must give equal bytes. */
  encode(value: Value): Uint8Array | Promise<Uint8Array>;
}

/** A folder whose files `<id><extension>` are decoded one at a time. */
export interface CollectionKind<Item> {
  readonly form: "collection";
  readonly name: string;
  /** Accepted when read, with the dot; the first is used when written. */
  readonly extensions: readonly [string, ...string[]];
  /** Bytes of one item to its value; throws when they are not valid. */
  decode(bytes: Uint8Array, path: string): Item | Promise<Item>;
  /** Value of one item to bytes; equal values must give equal bytes. */
  encode(item: Item): Uint8Array | Promise<Uint8Array>;
}

/** Collections by folder name; a name may have several levels, `a/b`. */
// deno-lint-ignore no-explicit-any -- the item type varies from part to part
export type Parts = Readonly<Record<string, CollectionKind<any>>>;

/** A folder of named collections; other files in it are not part of it. */
export interface CompositeKind<P extends Parts> {
  readonly form: "composite";
  readonly name: string;
  readonly parts: P;
}

/** Any kind of artifact. */
export type ArtifactKind =
  // deno-lint-ignore no-explicit-any -- kinds of unlike values share registries
  ValueKind<any> | CollectionKind<any> | CompositeKind<any>;

/**
 * Defines a kind kept in one file.
 *
 * @example
 * ```ts
 * import { valueKind } from "./mod.ts";
 *
 * const TEXT = valueKind<string>({
 *   name: "text",
 *   extension: ".txt",
 *   decode: (bytes) => new TextDecoder().decode(bytes),
 *   encode: (text) => new TextEncoder().encode(text),
 * });
 * ```
 */
export function valueKind<Value>(
  kind: Omit<ValueKind<Value>, "form">,
): ValueKind<Value> {
  return { form: "value", ...kind };
}

/**
 * Defines a kind kept as a folder of items.
 *
 * @example
 * ```ts
 * import { collectionKind } from "./mod.ts";
 *
 * const NOTES = collectionKind<string>({
 *   name: "notes",
 *   extensions: [".txt"],
 *   decode: (bytes) => new TextDecoder().decode(bytes),
 *   encode: (text) => new TextEncoder().encode(text),
 * });
 * ```
 */
export function collectionKind<Item>(
  kind: Omit<CollectionKind<Item>, "form">,
): CollectionKind<Item> {
  return { form: "collection", ...kind };
}

/** Defines a kind kept as a folder of collections. */
export function compositeKind<P extends Parts>(
  kind: Omit<CompositeKind<P>, "form">,
): CompositeKind<P> {
  return { form: "composite", ...kind };
}

/**
 * A value kind kept as JSON and checked by a zod schema in both directions.
 *
 * Keys keep the order of the schema and the file ends in a line feed, so equal
 * values give equal bytes. NaN and infinities are refused: JSON has neither.
 *
 * @example
 * ```ts
 * import { jsonKind } from "./mod.ts";
 * import * as z from "zod";
 *
 * const COUNTS = jsonKind("counts", z.record(z.string(), z.int()));
 * const bytes = await COUNTS.encode({ apples: 3 });
 * ```
 */
export function jsonKind<Schema extends z.ZodType>(
  name: string,
  schema: Schema,
): ValueKind<z.output<Schema>> {
  return valueKind({ name, extension: ".json", ...jsonCodec(name, schema) });
}

/** As {@link jsonKind}, one JSON file per item. */
export function jsonCollectionKind<Schema extends z.ZodType>(
  name: string,
  schema: Schema,
): CollectionKind<z.output<Schema>> {
  return collectionKind({
    name,
    extensions: [".json"],
    ...jsonCodec(name, schema),
  });
}

function jsonCodec<Schema extends z.ZodType>(name: string, schema: Schema) {
  return {
    decode(bytes: Uint8Array, path: string): z.output<Schema> {
      const value = parseJson(new TextDecoder().decode(bytes), path);
      const parsed = schema.safeParse(value);
      if (parsed.success) return parsed.data;
      throw new TypeError(
        `Cannot read "${path}" as it must hold ${name}: ` +
          z.prettifyError(parsed.error),
      );
    },
    encode(value: z.output<Schema>): Uint8Array {
      const parsed = schema.safeParse(value);
      if (!parsed.success) {
        throw new TypeError(
          `Cannot write ${name} as its value must fit the schema: ` +
            z.prettifyError(parsed.error),
        );
      }
      return new TextEncoder().encode(
        JSON.stringify(parsed.data, null, 2) + "\n",
      );
    },
  };
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SyntaxError(
      `Cannot read "${path}" as it must be JSON: ${(error as Error).message}`,
    );
  }
}

/**
 * Numbers by name, such as `proposals.mean_iou`: gathered from all steps of a
 * run, printed by `metrics` and compared between runs.
 */
export const METRICS: ValueKind<Record<string, number>> = jsonKind(
  "metrics",
  z.record(
    z.string().regex(/^[\p{L}\p{N}_]+(\.[\p{L}\p{N}_]+)*$/u),
    z.number(),
  ),
);

const ITEM_ID = /^[A-Za-z0-9_][A-Za-z0-9_.+@=,-]{0,199}$/;

/**
 * Whether a string can be the id of an item: it becomes a file name, so no
 * separators, no leading dot, nothing a shell or another system would twist.
 *
 * @example
 * ```ts
 * import { isItemId } from "./mod.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(isItemId("2007_000063"), true);
 * strictEqual(isItemId("../etc/passwd"), false);
 * ```
 */
export function isItemId(id: string): boolean {
  // As a key of a plain object it would set the prototype.
  return ITEM_ID.test(id) && id !== "__proto__";
}
