/** The page of a run for every reader, and for runs of every size. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  accessibilityProblems,
  becomes,
  testInBrowser,
  watch,
} from "../../chromium.ts";
import { addressOfPage, focusedName, namesIn } from "./opened_page.ts";
import { SmallRun } from "./small_run.ts";

/** As many as VOC 2012's val has. */
const MANY = 1449;

testInBrowser(
  "a page is accessible, light and dark, wide and narrow",
  async (browser) => {
    using run = await SmallRun.make(6);
    const address = await addressOfPage(run);
    const papers: string[] = [];
    for (const colorScheme of ["light", "dark"] as const) {
      for (const width of [1280, 400]) {
        const { page, complaints } = await watch(browser, address, {
          colorScheme,
          reducedMotion: "reduce",
          viewport: { width, height: 800 },
        });
        // Cells are there once the grid is near the window.
        await page.locator("#tools").scrollIntoViewIfNeeded();
        await becomes(async () => (await namesIn(page)).length, 6);
        await page.locator("#provenance summary").first().click();
        deepStrictEqual(await accessibilityProblems(page), []);
        await page.locator("#grid button").first().click();
        deepStrictEqual(await accessibilityProblems(page), []);
        const { paper, motion, spill } = await page.evaluate(() => ({
          paper: getComputedStyle(document.body).backgroundColor,
          motion: getComputedStyle(document.documentElement).scrollBehavior,
          spill: document.documentElement.scrollWidth - innerWidth,
        }));
        papers.push(paper);
        deepStrictEqual([motion, Math.max(0, spill)], ["auto", 0]);
        deepStrictEqual(complaints, []);
        await page.close();
      }
    }
    const [light, dark] = ["rgb(255, 255, 255)", "rgb(22, 22, 21)"];
    deepStrictEqual(papers, [light, light, dark, dark]);
  },
);

testInBrowser(
  "a page is printed without its pictures, and with its graph whole",
  async (browser) => {
    using run = await SmallRun.make(1);
    const { page } = await watch(browser, await addressOfPage(run), {
      viewport: { width: 400, height: 800 },
    });
    await page.emulateMedia({ media: "print" });
    strictEqual(await page.locator("#pictures").isVisible(), false);
    strictEqual(await page.locator("#tables").isVisible(), true);
    const { graph, width } = await page.evaluate(() => ({
      graph:
        document.querySelector(".graph svg")!.getBoundingClientRect().width,
      width: document.querySelector(".graph")!.clientWidth,
    }));
    ok(graph <= width, `${graph} of ${width} px`);
  },
);

testInBrowser(
  `a page of ${MANY} pictures holds few of them at a time`,
  async (browser) => {
    using run = await SmallRun.make(MANY);
    const { page, complaints } = await watch(browser, await addressOfPage(run));
    await page.evaluate(() => {
      const longest = { ms: 0 };
      Object.assign(globalThis, { longest });
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) {
          longest.ms = Math.max(longest.ms, duration);
        }
      }).observe({ type: "longtask" });
    });
    await page.locator("#tools [name=order]").selectOption("name");
    const cells = page.locator("#grid > div");
    const counts: number[] = [];
    const height = await page.locator("#grid").evaluate((it) =>
      it.clientHeight
    );
    for (let y = 0; y < height; y += height / 20) {
      await page.evaluate((y) => scrollTo({ top: y, behavior: "instant" }), y);
      counts.push(await cells.count());
    }
    ok(Math.max(...counts) < 200, `${counts}`);
    await page.locator("#grid button").first().focus();
    await page.keyboard.press("End");
    await becomes(() => focusedName(page), "p1448");
    await becomes(async () => {
      const last = page.locator("#grid img.overlay").last();
      return await last.evaluate((it) => (it as HTMLImageElement).hidden);
    }, false);
    // A machine under load takes its time; what is not windowed takes far more.
    const { ms } = await page.evaluate(() =>
      // deno-lint-ignore no-explicit-any -- put there above
      (globalThis as any).longest
    );
    ok(ms < 2000, `${ms} ms`);
    deepStrictEqual(complaints, []);
  },
);
