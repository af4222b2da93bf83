/**
 * Which run a page that lies somewhere is of.
 *
 * @module
 */
import { existsSync } from "node:fs";

/** A file in every page. */
export const PAGE = "index.html";

/** Whether a folder holds the page of a run's record, by its digest. */
export function isPageOf(folder: string, madeOf: string): boolean {
  return startOf(folder).includes(
    `<meta name="made-of" content="${madeOf}"/>`,
  );
}

/** Whether a folder holds the page of any run, so that it may be replaced. */
export function isPage(folder: string): boolean {
  return startOf(folder).includes('<meta name="made-of" content="');
}

function startOf(folder: string): string {
  const path = `${folder}/${PAGE}`;
  if (!existsSync(path)) return "";
  using file = Deno.openSync(path);
  // It stands in the page's head, after nothing that is long.
  const start = new Uint8Array(2048);
  const length = file.readSync(start) ?? 0;
  return new TextDecoder().decode(start.subarray(0, length));
}
