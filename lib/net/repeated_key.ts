/**
 * Keys that a JSON text has twice: `JSON.parse` keeps the last in silence.
 *
 * @module
 */

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

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
  for (const [token] of json.matchAll(TOKEN)) {
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
