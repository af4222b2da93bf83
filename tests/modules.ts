/**
 * The project's own modules as text: what they import and export.
 *
 * @module
 */
import { dirname, join } from "node:path/posix";

const ROOT = new URL("../", import.meta.url).pathname;

/** A module of the project: path from the root and text. */
export interface Module {
  readonly path: string;
  readonly text: string;
}

/** All modules in a folder of the project and in those below it. */
export function modulesIn(folder: string): Module[] {
  return [...Deno.readDirSync(`${ROOT}${folder}`)].flatMap(
    ({ name, isDirectory }) => {
      const path = `${folder}/${name}`;
      if (isDirectory) return modulesIn(path);
      return /\.tsx?$/.test(name) ? [moduleAt(path)] : [];
    },
  );
}

/** One module, by its path from the root. */
export function moduleAt(path: string): Module {
  return { path, text: Deno.readTextFileSync(`${ROOT}${path}`) };
}

/** The text without comments, in which examples have imports of their own. */
export function codeOf(text: string): string {
  return text.replaceAll(/\/\*.*?\*\//gs, "").replaceAll(/^\s*\/\/.*$/gm, "");
}

const IMPORT = /\b(?:from|import)\s*\(?\s*"(?<specifier>[^"]+)"/g;

/** What a module imports, as it is written; not what its examples do. */
export function specifiersOf({ text }: Module): string[] {
  return [...codeOf(text).matchAll(IMPORT)]
    .map(({ groups }) => groups!.specifier!);
}

/** The files of the project that a module imports, types too: from the root. */
export function importsOf(module: Module): string[] {
  return specifiersOf(module).filter((specifier) => specifier.startsWith("."))
    .map((specifier) => join(dirname(module.path), specifier));
}

/** A declaration that a module exports. */
export interface Export {
  readonly name: string;
  readonly isFunction: boolean;
  /** Where it begins; counts from 0. */
  readonly line: number;
}

const EXPORT =
  /^export (?:declare |abstract |async )*(?<what>const|function\*?|class|interface|type|enum) (?<name>\w+)/;

/** The declarations a module exports, those of other modules left out. */
export function exportsOf({ text }: Module): Export[] {
  return text.split("\n").flatMap((text, line) => {
    const found = EXPORT.exec(text)?.groups;
    if (found === undefined) return [];
    const isFunction = found.what!.startsWith("function");
    return [{ name: found.name!, isFunction, line }];
  });
}

/** The doc comment that ends right above a line; lint notes may stand between. */
export function docAbove({ text }: Module, line: number): string | null {
  const above = text.split("\n").slice(0, line);
  while (above.at(-1)?.startsWith("// deno-lint-ignore")) above.pop();
  if (!above.at(-1)?.endsWith("*/")) return null;
  const from = above.findLastIndex((each) => each.startsWith("/**"));
  return above.slice(from).join("\n");
}

/** A cycle for each import that closes one, as a chain of paths. */
export function cyclesAmong(modules: readonly Module[]): string[] {
  const imports = new Map(
    modules.map((module) => [module.path, importsOf(module)]),
  );
  const cycles: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, chain: readonly string[]): void => {
    const at = chain.indexOf(path);
    if (at >= 0) cycles.push([...chain.slice(at), path].join(" → "));
    if (at >= 0 || done.has(path)) return;
    for (const next of imports.get(path) ?? []) visit(next, [...chain, path]);
    done.add(path);
  };
  for (const path of imports.keys()) visit(path, []);
  return cycles;
}
