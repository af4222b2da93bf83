/**
 * Keys that a JSON text has twice: `JSON.parse` keeps the last in silence.
 *
 * @module
 */

/**
 * The first key that an object of a valid JSON text has twice, however it is
 * escaped; null when there is none.
 *
 * @example
 * ```ts
 * import { repeatedKey } from "./repeated_key.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(repeatedKey('{"a": 1, "b": {"a": 2}}'), null);
 * strictEqual(repeatedKey('{"a": 1, "\\u0061": 2}'), "a");
 * ```
 */
export function repeatedKey(json: string): string | null {
  const open: Set<string>[] = [];
  let last = "";
  for (const token of tokens(json)) {
    if (token === "{" || token === "[") open.push(new Set());
    else if (token === "}" || token === "]") open.pop();
    else if (token === ":") {
      const key: string = JSON.parse(last);
      const keys = open.at(-1)!;
      if (keys.has(key)) return key;
      keys.add(key);
    }
    last = token;
  }
  return null;
}

/**
 * Strings and punctuation. Strings are looked for by hand: a regular expression
 * that steps over escapes has a stack, which a string of megabytes overflows.
 */
function* tokens(json: string): Generator<string> {
  const start = /["{}[\],:]/g;
  for (let found; (found = start.exec(json)) !== null;) {
    if (found[0] === '"') start.lastIndex = stringEnd(json, found.index);
    yield json.slice(found.index, start.lastIndex);
  }
}

/** Where the string that starts at `start` is over. */
function stringEnd(json: string, start: number): number {
  let quote = start;
  do {
    quote = json.indexOf('"', quote + 1);
    if (quote < 0) return json.length;
  } while (isEscaped(json, quote));
  return quote + 1;
}

function isEscaped(json: string, at: number): boolean {
  let before = at;
  while (json[before - 1] === "\\") before--;
  return (at - before) % 2 === 1;
}
