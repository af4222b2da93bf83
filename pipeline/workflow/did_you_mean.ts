/**
 * Suggestions for misspelt names.
 *
 * @module
 */
import { quote } from "./wording.ts";

/** Names listed when none is near; the rest is counted. */
const LISTED = 8;

/**
 * The candidate that a misspelt word most likely means, or null when none is
 * near: at most a third of its letters may differ, two neighbours that were
 * swapped counted as one. The first wins a tie.
 *
 * @example
 * ```ts
 * import { didYouMean } from "./did_you_mean.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(didYouMean("lamda", ["gamma", "lambda"]), "lambda");
 * strictEqual(didYouMean("lamda", ["x", "y"]), null);
 * ```
 */
export function didYouMean(
  word: string,
  candidates: Iterable<string>,
): string | null {
  const lowered = word.toLowerCase();
  let nearest: string | null = null;
  let least = Infinity;
  for (const candidate of candidates) {
    const longer = Math.max(word.length, candidate.length);
    const allowed = Math.min(longer - 1, Math.max(1, Math.floor(longer / 3)));
    if (Math.abs(word.length - candidate.length) > allowed) continue;
    const edits = editDistance(lowered, candidate.toLowerCase());
    if (edits <= allowed && edits < least) {
      nearest = candidate;
      least = edits;
    }
  }
  return nearest;
}

/**
 * Letters to insert, remove or replace, or neighbours to swap, to make one word
 * of the other: the optimal string alignment distance, row by row. Not npm
 * `fastest-levenshtein`, for which the commonest slip, a swap, is two edits.
 */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? beforeLast[j - 2]! + 1 : Infinity;
      row.push(Math.min(last[j]! + 1, row[j - 1]! + 1, replaced, swapped));
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}

/**
 * The end of an error message about an unknown name: the nearest candidate,
 * else what there is.
 */
export function suggestion(
  word: string,
  candidates: readonly string[],
): string {
  const nearest = didYouMean(word, candidates);
  if (nearest !== null) return `did you mean ${quote(nearest)}?`;
  if (candidates.length === 0) return "there is none";
  return `there is ${listed(candidates.map(quote))}`;
}

/** Comma-separated, cut after a few: `a, b and 3 more`. */
export function listed(items: readonly string[]): string {
  if (items.length <= LISTED) return items.join(", ");
  const rest = items.length - LISTED;
  return `${items.slice(0, LISTED).join(", ")} and ${rest} more`;
}
