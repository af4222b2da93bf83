/**
 * Pictures and masks of the user's that cannot be shown: a run's own results
 * are whole or an error, but its pictures lie where their owner may change them.
 *
 * @module
 */
import type * as z from "zod";
import type { Size } from "../geometry/size.ts";
import { UnreadableFileError } from "../image/unreadable_file.ts";
import type { FigureSource, FigureStep } from "./figure_source.ts";
import { readInputItems, type TypedItems } from "./run_data.ts";
import type { BoxesValue } from "./run_values.ts";

/** What cannot be shown. */
export type LeftOutKind = "Picture" | "Truth" | "Proposal";

/**
 * What was left out of figures and pages, and why.
 *
 * @example
 * ```ts
 * import { LeftOut } from "./left_out.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const leftOut = new LeftOut();
 * leftOut.add("Picture", "a", 'Cannot read "a.jpg" as it must be there: gone');
 * deepStrictEqual(leftOut.notes, [
 *   'Picture a is not shown: Cannot read "a.jpg" as it must be there: gone',
 * ]);
 * ```
 */
export class LeftOut {
  readonly #notes = new Map<string, string>();

  /** Whether one is known to be left out. */
  has(kind: LeftOutKind, id: string): boolean {
    return this.#notes.has(`${kind} ${id}`);
  }

  /** Leaves one out, and gives the note; the first reason stays. */
  add(kind: LeftOutKind, id: string, why: string): string {
    const name = `${kind} ${id}`;
    const note = this.#notes.get(name) ?? `${name} is not shown: ${why}`;
    this.#notes.set(name, note);
    return note;
  }

  /** A sentence on each, for people. */
  get notes(): string[] {
    return [...this.#notes.values()];
  }
}

/** Thrown when something more is left out, so that others must be chosen. */
export class MoreLeftOutError extends Error {
  override readonly name = "MoreLeftOutError";
}

/** What inputs of steps hold, by their names. */
const KINDS = {
  images: "Picture",
  truth: "Truth",
  proposals: "Proposal",
} as const;

/**
 * Pictures or label maps that a step read; null when they are no longer there.
 * In a folder of the user's, without those that are left out: the first that
 * cannot be read, or has another size than the run read, has all of them read,
 * so that all that must be left out are known at once.
 *
 * @returns Items of which `read` throws {@link MoreLeftOutError} when it has
 *   left out more, its own among them.
 * @throws {RangeError} When a folder of the run is gone.
 *
 * @example
 * ```ts
 * import { LeftOut, readShown } from "./left_out.ts";
 * import { PictureValue } from "./run_values.ts";
 * import { strictEqual } from "node:assert";
 *
 * const none = { ids: [], has: () => false, read: () => Promise.reject() };
 * const step = {
 *   id: "a", name: "a", axes: {}, stage: "s", params: {}, seed: 1,
 *   origins: { images: [{ from: "path" as const, path: "./gone" }] },
 *   outputs: {}, metrics: {},
 * };
 * const run = {
 *   inputItems(): never {
 *     throw new RangeError("no such folder");
 *   },
 * };
 * const shown = readShown(run, PictureValue, {
 *   step, input: "images", boxes: none, leftOut: new LeftOut(),
 * });
 * strictEqual(shown, null);
 * ```
 */
export function readShown<Schema extends z.ZodType<Size>>(
  run: Pick<FigureSource, "inputItems">,
  schema: Schema,
  { step, input, ...rest }: {
    step: FigureStep;
    input: keyof typeof KINDS;
    /** Of the pictures that are asked for, with their sizes. */
    boxes: TypedItems<BoxesValue>;
    leftOut: LeftOut;
  },
): TypedItems<z.output<Schema>> | null {
  const items = readInputItems(run, { step, input }, schema);
  const isUsers = step.origins[input]?.[0]?.from === "path";
  if (items === null || !isUsers) return items;
  return withoutLeftOut(items, { kind: KINDS[input], ...rest });
}

function withoutLeftOut<Item extends Size>(
  items: TypedItems<Item>,
  { kind, boxes, leftOut }: {
    kind: LeftOutKind;
    boxes: TypedItems<BoxesValue>;
    leftOut: LeftOut;
  },
): TypedItems<Item> {
  const has = (id: string) => items.has(id) && !leftOut.has(kind, id);
  const readAll = async () => {
    for (const id of items.ids) {
      if (!has(id) || !boxes.has(id)) continue;
      const found = await wholeItem(items, id, await boxes.read(id));
      if (!found.ok) leftOut.add(kind, id, found.why);
    }
  };
  let reading: Promise<void> | null = null;
  return {
    ids: items.ids.filter(has),
    has,
    async read(id) {
      const found = await wholeItem(items, id, await boxes.read(id));
      if (found.ok) return found.item;
      await (reading ??= readAll());
      throw new MoreLeftOutError(leftOut.add(kind, id, found.why));
    },
  };
}

type Found<Item> =
  | { readonly ok: true; readonly item: Item }
  | { readonly ok: false; readonly why: string };

async function wholeItem<Item extends Size>(
  items: TypedItems<Item>,
  id: string,
  { width, height }: Size,
): Promise<Found<Item>> {
  try {
    const item = await items.read(id);
    if (item.width === width && item.height === height) {
      return { ok: true, item };
    }
    const found = `it is ${item.width} × ${item.height} px`;
    const rule = `it must be ${width} × ${height} px, as the run read it`;
    return { ok: false, why: `${rule}: ${found}` };
  } catch (error) {
    return { ok: false, why: whyUnreadable(error) };
  }
}

/**
 * What a file's error says.
 *
 * @throws The error, when it is none of a file's.
 *
 * @example
 * ```ts
 * import { whyUnreadable } from "./left_out.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(whyUnreadable(new RangeError("no file")), "no file");
 * ```
 */
export function whyUnreadable(error: unknown): string {
  // What is said around a cause is of a step's output, not of the file.
  const cause = error instanceof Error ? error.cause ?? error : error;
  const isExpected = cause instanceof UnreadableFileError ||
    cause instanceof RangeError || cause instanceof Deno.errors.NotFound;
  if (isExpected) return cause.message;
  throw error;
}
