/**
 * Which file a path of an address stands for, and none that lies elsewhere.
 *
 * @module
 */
import { extname, sep } from "node:path";

/** Content types of what is served; others are not. */
const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".md": "text/plain; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
};

/** A file that may be read. */
export interface ServedFile {
  readonly path: string;
  readonly type: string;
  readonly sizeBytes: number;
}

/**
 * The parts of an address's path, decoded.
 *
 * @returns Null when a part is empty, hidden, goes up, or holds a separator or
 *   a control character, whichever way it is written.
 *
 * @example
 * ```ts
 * import { pathParts } from "./served_file.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * deepStrictEqual(pathParts("/a/b%20c.html"), ["a", "b c.html"]);
 * deepStrictEqual(pathParts("/a/%2e%2e/b"), null);
 * ```
 */
export function pathParts(pathname: string): string[] | null {
  const parts = pathname.replace(/^\//, "").split("/").map(decoded);
  const known = parts.filter((part) => part !== null && isPlain(part));
  return known.length === parts.length ? known as string[] : null;
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

function isPlain(part: string): boolean {
  const isHidden = part === "" || part.startsWith(".");
  return !isHidden && !/[/\\]/.test(part) &&
    [...part].every((letter) => letter >= " " && letter !== "\x7f");
}

/**
 * The file at a path below a folder.
 *
 * @param roots Folders in which it must lie once all links are followed.
 * @returns Null when there is none, when it is no plain file of a known type,
 *   or when a link leads elsewhere.
 */
export function servedFile(
  folder: string,
  parts: readonly string[],
  roots: readonly string[],
): ServedFile | null {
  const type = TYPES[extname(parts.at(-1) ?? "").toLowerCase()];
  if (type === undefined) return null;
  try {
    const path = Deno.realPathSync([folder, ...parts].join("/"));
    const isInside = roots.some((root) => liesIn(path, root));
    const info = isInside ? Deno.statSync(path) : null;
    if (!info?.isFile) return null;
    return { path, type, sizeBytes: info.size };
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

function liesIn(path: string, root: string): boolean {
  try {
    const real = Deno.realPathSync(root);
    return path.startsWith(real.endsWith(sep) ? real : real + sep);
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

/** Gone, no folder, a circle of links, too long a name, or not ours to read. */
function isAbsent(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound ||
    error instanceof Error && "code" in error &&
      error.code === "ENAMETOOLONG" ||
    error instanceof Deno.errors.NotADirectory ||
    error instanceof Deno.errors.FilesystemLoop ||
    error instanceof Deno.errors.NotCapable ||
    error instanceof Deno.errors.PermissionDenied;
}
