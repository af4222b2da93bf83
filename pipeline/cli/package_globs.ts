/**
 * Patterns of paths: which files a package leaves out.
 *
 * `node:path` has `matchesGlob`, whose `**` passes over names that begin with a
 * dot, among them the folder in which Deno keeps a project's packages.
 *
 * @module
 */

/** Each by what it stands for; the first that fits a place counts. */
const TOKENS = /\*\*\/|\*\*|\*|\?|\{|\}|,|[^*?{},]+/g;

/** Whether a path fits. */
export type MatchPath = (path: string) => boolean;

/**
 * Reads a pattern: `*` stands for any characters but `/`, `**` for any, `?` for
 * one, `{a,b}` for either.
 *
 * @param glob - Of paths with `/`, relative to the same folder.
 * @throws {SyntaxError} When braces do not pair, or one is inside another.
 *
 * @example
 * ```ts
 * import { compileGlob } from "./package_globs.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const isMap = compileGlob("**\/*.{js,css}.map");
 * deepStrictEqual(
 *   ["a.js.map", ".x/y/a.css.map", "a.js"].map(isMap),
 *   [true, true, false],
 * );
 * ```
 */
export function compileGlob(glob: string): MatchPath {
  let isInBraces = false;
  const refuse = () =>
    new SyntaxError(
      `Cannot read pattern "${glob}" as its braces must pair, none inside ` +
        `another: they do not`,
    );
  const parts = (glob.match(TOKENS) ?? []).map((token) => {
    if (token === "**/") return "(?:.*/)?";
    if (token === "**") return ".*";
    if (token === "*") return "[^/]*";
    if (token === "?") return "[^/]";
    if (token === ",") return isInBraces ? "|" : ",";
    if (token !== "{" && token !== "}") return RegExp.escape(token);
    if ((token === "{") === isInBraces) throw refuse();
    isInBraces = !isInBraces;
    return isInBraces ? "(?:" : ")";
  });
  if (isInBraces) throw refuse();
  const pattern = new RegExp(`^${parts.join("")}$`, "s");
  return (path) => pattern.test(path);
}

/**
 * Reads the lines of a `.gitignore`.
 *
 * @param text - Comments, patterns; a pattern may begin or end with `/`.
 * @returns Whether a path is ignored, by itself or with a folder it lies in.
 * @throws {SyntaxError} For `!`, which takes back what a line before ignores.
 *
 * @example
 * ```ts
 * import { compileIgnoreList } from "./package_globs.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const isIgnored = compileIgnoreList("/out/\n*.log\n# no more\n");
 * deepStrictEqual(
 *   ["out/a", "in/out/a", "in/a.log"].map(isIgnored),
 *   [true, false, true],
 * );
 * ```
 */
export function compileIgnoreList(text: string): MatchPath {
  const lines = text.split("\n").map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  const negated = lines.find((line) => line.startsWith("!"));
  if (negated !== undefined) {
    throw new SyntaxError(
      `Cannot read ".gitignore" without git as no line must begin with "!": ` +
        `"${negated}" does`,
    );
  }
  const matches = lines.flatMap((line) => {
    const bare = line.replace(/\/$/, "");
    // Without a slash inside it, a pattern holds in every folder.
    const anchored = bare.includes("/")
      ? bare.replace(/^\//, "")
      : `**/${bare}`;
    return [compileGlob(anchored), compileGlob(`${anchored}/**`)];
  });
  return (path) => matches.some((matches) => matches(path));
}
