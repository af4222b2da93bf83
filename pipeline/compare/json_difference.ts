/**
 * Where two nested values differ, by path.
 *
 * @module
 */
import { canonicalJson } from "../store/canonical_json.ts";

/** One place at which two values differ; a side that has nothing there is left out. */
export interface Difference {
  /** `tunes.fr.selection.rate`, `seeds.0`; empty for the values themselves. */
  readonly path: string;
  readonly a?: unknown;
  readonly b?: unknown;
}

/**
 * All differences, in the order of the first value, then of what only the
 * second has. Lists of unlike length differ as a whole, as what moved is more
 * than the places tell.
 *
 * @example
 * ```ts
 * import { differences } from "./json_difference.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * deepStrictEqual(differences({ x: { y: 1 }, z: [1] }, { x: { y: 2 }, z: [1] }), [
 *   { path: "x.y", a: 1, b: 2 },
 * ]);
 * ```
 */
export function differences(a: unknown, b: unknown): Difference[] {
  return [...differencesAt("", a, b)];
}

function* differencesAt(
  path: string,
  a: unknown,
  b: unknown,
): Generator<Difference> {
  const both = walkable(a, b);
  if (both === null) {
    if (canonicalJson(a) !== canonicalJson(b)) yield { path, a, b };
    return;
  }
  const [ofA, ofB] = both;
  for (const key of new Set([...Object.keys(ofA), ...Object.keys(ofB)])) {
    const inner = path === "" ? key : `${path}.${key}`;
    if (!Object.hasOwn(ofB, key)) yield { path: inner, a: ofA[key] };
    else if (!Object.hasOwn(ofA, key)) yield { path: inner, b: ofB[key] };
    else yield* differencesAt(inner, ofA[key], ofB[key]);
  }
}

type Walkable = Readonly<Record<string, unknown>>;

/** Two maps, or two lists of one length; null for anything else. */
function walkable(a: unknown, b: unknown): [Walkable, Walkable] | null {
  if (typeof a !== "object" || typeof b !== "object") return null;
  if (a === null || b === null) return null;
  if (Array.isArray(a) !== Array.isArray(b)) return null;
  if (Array.isArray(a) && a.length !== (b as unknown[]).length) return null;
  return [a as Walkable, b as Walkable];
}
