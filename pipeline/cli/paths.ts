/**
 * Paths as the command line gives them.
 *
 * @module
 */
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Absolute, from the current folder. */
export function resolvePath(path: string): string {
  return resolve(path);
}

/** The path of a `file:` URL. */
export function fromFileUrl(url: URL): string {
  return fileURLToPath(url);
}
