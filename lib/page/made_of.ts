/**
 * Which run a page that lies somewhere is of.
 *
 * @module
 */
import { existsSync } from "node:fs";

/** A file in every page, by which one knows a folder that may be replaced. */
export const PAGE = "index.html";

/** Whether a folder holds the page of a run's record, by its digest. */
export function isPageOf(folder: string, madeOf: string): boolean {
  const path = `${folder}/${PAGE}`;
  if (!existsSync(path)) return false;
  using file = Deno.openSync(path);
  // It stands in the page's head, after nothing that is long.
  const start = new Uint8Array(2048);
  const length = file.readSync(start) ?? 0;
  const text = new TextDecoder().decode(start.subarray(0, length));
  return text.includes(`<meta name="made-of" content="${madeOf}"/>`);
}
