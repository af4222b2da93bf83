/**
 * The page of a small run, opened from its folder.
 *
 * @module
 */
import type { Page } from "playwright-core";
import { writePage } from "../../../lib/page/write_page.ts";
import type { SmallRun } from "./small_run.ts";

/** Writes the page of a run and gives its address. */
export async function addressOfPage(run: SmallRun): Promise<string> {
  const folder = `${run.folder}/page`;
  await writePage({
    name: "small",
    madeOf: "",
    run: run.source(),
    figures: run.figures(),
  }, folder);
  return new URL(`file://${folder}/index.html`).href;
}

/** Names in the grid, in their order. */
export async function namesIn(page: Page): Promise<string[]> {
  return await page.locator("#grid .caption span:first-child")
    .allTextContents();
}

/** Name of the picture that the keyboard is at. */
export function focusedName(page: Page): Promise<string | null> {
  return page.evaluate(() =>
    document.activeElement?.querySelector(".caption span")?.textContent ?? null
  );
}
