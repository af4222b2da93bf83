/** Patterns of what a package leaves out. */
import { deepStrictEqual, throws } from "node:assert/strict";
import {
  compileGlob,
  compileIgnoreList,
} from "../../../pipeline/cli/package_globs.ts";

const PATHS = [
  "a.js",
  "a.js.map",
  "lib/a.js",
  "lib/deep/a.js",
  ".hidden/lib/a.js",
  "a+b.js",
];

function fitting(glob: string): string[] {
  return PATHS.filter(compileGlob(glob));
}

Deno.test("* stays inside a folder, ** does not, even where names have dots", () => {
  deepStrictEqual(fitting("*.js"), ["a.js", "a+b.js"]);
  deepStrictEqual(fitting("lib/*.js"), ["lib/a.js"]);
  deepStrictEqual(fitting("lib/**"), ["lib/a.js", "lib/deep/a.js"]);
  deepStrictEqual(fitting("**/lib/**"), [
    "lib/a.js",
    "lib/deep/a.js",
    ".hidden/lib/a.js",
  ]);
  deepStrictEqual(fitting("**/a.js"), [
    "a.js",
    "lib/a.js",
    "lib/deep/a.js",
    ".hidden/lib/a.js",
  ]);
});

Deno.test("? is one character, braces are choices, the rest is meant as it is", () => {
  deepStrictEqual(fitting("?.js"), ["a.js"]);
  deepStrictEqual(fitting("a.js{,.map}"), ["a.js", "a.js.map"]);
  deepStrictEqual(fitting("{lib,.hidden}/*/*"), [
    "lib/deep/a.js",
    ".hidden/lib/a.js",
  ]);
  deepStrictEqual(fitting("a+b.js"), ["a+b.js"]);
  deepStrictEqual(fitting("a,js"), []);
});

Deno.test("braces that do not pair are refused", () => {
  for (const glob of ["{a", "a}", "{a,{b,c}}"]) {
    throws(() => compileGlob(glob), {
      name: "SyntaxError",
      message: `Cannot read pattern "${glob}" as its braces must pair, ` +
        `none inside another: they do not`,
    });
  }
});

Deno.test("a .gitignore's line holds in all folders unless it has a slash", () => {
  const ignored = (...lines: string[]) =>
    PATHS.filter(compileIgnoreList(lines.join("\n")));
  deepStrictEqual(ignored("# comment", "", "lib/"), [
    "lib/a.js",
    "lib/deep/a.js",
    ".hidden/lib/a.js",
  ]);
  deepStrictEqual(ignored("/lib/"), ["lib/a.js", "lib/deep/a.js"]);
  deepStrictEqual(ignored("lib/deep"), ["lib/deep/a.js"]);
  deepStrictEqual(ignored("*.map", "a+*"), ["a.js.map", "a+b.js"]);
});

Deno.test("a .gitignore that takes back what it ignored is refused", () => {
  throws(() => compileIgnoreList("*.js\n!a.js\n"), {
    message: 'Cannot read ".gitignore" without git as no line must begin ' +
      'with "!": "!a.js" does',
  });
});
