/**
 * The page's own script: its modules of `browser/` as one text.
 *
 * A page that lies in a folder may load no modules, and Deno's bundler fetches
 * a program of others; ours are few and keep to a form that needs none: names
 * are distinct, imports are whole statements, and only declarations are exported.
 *
 * @module
 */

/** Each after those that it imports. */
const MODULES = [
  "dom",
  "page_state",
  "label_shards",
  "picture_view",
  "picture_grid",
  "picture_viewer",
  "picture_tools",
  "page",
];

/**
 * Modules as one classic script with no global names.
 *
 * @param modules Texts, each after those of the modules that it imports.
 *
 * @example
 * ```ts
 * import { joinModules } from "./page_script.ts";
 * import { strictEqual } from "node:assert";
 *
 * const joined = joinModules([
 *   "export const a = 1;\n",
 *   'import { a } from "./a.js";\nconsole.log(a);\n',
 * ]);
 * strictEqual(
 *   joined,
 *   '(() => {\n"use strict";\nconst a = 1;\nconsole.log(a);\n})();\n',
 * );
 * ```
 */
export function joinModules(modules: readonly string[]): string {
  const bodies = modules.map((text) =>
    text.replaceAll(/^\/\/\/ .*\n/gm, "")
      .replaceAll(/^\s*\/\*\*(?:(?!\*\/)[^])*\*\/\n/gm, "")
      .replaceAll(/^import [^;]*?from "[^"]+";\n/gm, "")
      .replaceAll(/^export /gm, "")
      .replaceAll(/^\/\/ @ts-check\n/gm, "")
      .replaceAll(/\n{2,}/g, "\n").replace(/^\n/, "")
  );
  return `(() => {\n"use strict";\n${bodies.join("")}})();\n`;
}

/** The script; reads its modules beside this one. */
export function pageScript(): string {
  return joinModules(MODULES.map((name) => readAsset(`${name}.js`)));
}

/** The page's style sheet. */
export function pageStyle(): string {
  return readAsset("page.css");
}

function readAsset(name: string): string {
  return Deno.readTextFileSync(new URL(`./browser/${name}`, import.meta.url));
}
