/**
 * Reading a run for figures: what is not there leaves a figure out, what is
 * damaged is an error that says where.
 *
 * @module
 */
import type * as z from "zod";
import type { FigureItems, FigureSource, FigureStep } from "./figure_source.ts";

/** An output of a step that is one file. */
export interface OutputRef {
  readonly step: string;
  readonly output: string;
}

/**
 * The value of an output, checked.
 *
 * @throws {RangeError} Naming step and output, when it is gone or not whole.
 *
 * @example
 * ```ts
 * import { readValue } from "./run_data.ts";
 * import { deepStrictEqual } from "node:assert";
 * import * as z from "zod";
 *
 * const run = { value: () => Promise.resolve(["ball"]) };
 * const ref = { step: "index", output: "classes" };
 * const names = await readValue(run, ref, z.array(z.string()));
 * deepStrictEqual(names, ["ball"]);
 * ```
 */
export async function readValue<Schema extends z.ZodType>(
  run: Pick<FigureSource, "value">,
  { step, output }: OutputRef,
  schema: Schema,
): Promise<z.output<Schema>> {
  return await wholly(
    { step, output },
    async () => schema.parse(await run.value(step, output)),
  );
}

/** Items of one kind, each checked when it is read. */
export interface TypedItems<Item> {
  /** In code unit order. */
  readonly ids: readonly string[];
  has(id: string): boolean;
  read(id: string): Promise<Item>;
}

/**
 * Items of an output, each checked when it is read.
 *
 * @throws {RangeError} Naming step and output, when they are gone; `read` does
 *   so when one is not whole.
 *
 * @example
 * ```ts
 * import { readItems } from "./run_data.ts";
 * import { strictEqual } from "node:assert";
 * import * as z from "zod";
 *
 * const folder = {
 *   ids: ["a"], has: () => true, read: () => Promise.resolve(7),
 * };
 * const ref = { step: "count", output: "counts" };
 * const counts = readItems({ items: () => folder }, ref, z.int());
 * strictEqual(await counts.read("a"), 7);
 * ```
 */
export function readItems<Schema extends z.ZodType>(
  run: Pick<FigureSource, "items">,
  { step, output }: OutputRef,
  schema: Schema,
): TypedItems<z.output<Schema>> {
  try {
    return typed(run.items(step, output), { step, output }, schema);
  } catch (error) {
    throw damaged({ step, output }, error);
  }
}

/**
 * The items that a step read, each checked when it is read; null when they are
 * in a folder of the user's that is no longer there, as where a run was copied
 * from another machine.
 *
 * @throws {RangeError} As {@link readItems}.
 *
 * @example
 * ```ts
 * import { readInputItems } from "./run_data.ts";
 * import { strictEqual } from "node:assert";
 * import * as z from "zod";
 *
 * const run = {
 *   inputItems(): never {
 *     throw new RangeError("no such folder");
 *   },
 * };
 * const step = {
 *   id: "score", name: "score", axes: {}, stage: "score_labels", seed: 1,
 *   origins: { truth: [{ from: "path" as const, path: "./gone" }] },
 *   params: {}, outputs: {}, metrics: {},
 * };
 * strictEqual(readInputItems(run, { step, input: "truth" }, z.int()), null);
 * ```
 */
export function readInputItems<Schema extends z.ZodType>(
  run: Pick<FigureSource, "inputItems">,
  { step, input }: { step: FigureStep; input: string },
  schema: Schema,
): TypedItems<z.output<Schema>> | null {
  const origins = step.origins[input] ?? [];
  if (origins.length !== 1) return null;
  const origin = origins[0]!;
  const ref = origin.from === "step"
    ? { step: origin.step, output: origin.output }
    : { step: step.id, output: input };
  try {
    return typed(run.inputItems(step.id, input), ref, schema);
  } catch (error) {
    if (origin.from === "path" && error instanceof RangeError) return null;
    throw damaged(ref, error);
  }
}

function typed<Schema extends z.ZodType>(
  items: FigureItems,
  ref: OutputRef,
  schema: Schema,
): TypedItems<z.output<Schema>> {
  return {
    ids: items.ids,
    has: (id) => items.has(id),
    read: (id) =>
      wholly(ref, async () => schema.parse(await items.read(id)), id),
  };
}

/** Does it; what it throws also names step, output and item. */
async function wholly<T>(
  ref: OutputRef,
  body: () => Promise<T>,
  id?: string,
): Promise<T> {
  try {
    return await body();
  } catch (error) {
    throw damaged(ref, error, id);
  }
}

function damaged(
  { step, output }: OutputRef,
  error: unknown,
  id?: string,
): unknown {
  if (!(error instanceof Error)) return error;
  const item = id === undefined ? "" : `"${id}" of `;
  return new RangeError(
    `Cannot draw figures as ${item}output "${output}" of step "${step}" must ` +
      `be whole: ${error.message}`,
    { cause: error },
  );
}
