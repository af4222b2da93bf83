/** The page of a run as its readers meet it: in a browser, from a folder. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { Page } from "playwright-core";
import { becomes, testInBrowser, watch } from "../../chromium.ts";
import { addressOfPage, focusedName, namesIn } from "./opened_page.ts";
import { ODD_ID, SmallRun } from "./small_run.ts";

/** Of the first picture: address of its labels, or null when none is seen. */
function overlayOf(page: Page, parent = "#grid"): Promise<string | null> {
  return page.locator(`${parent} img.overlay`).first().evaluate((image) =>
    (image as HTMLImageElement).hidden ? null : (image as HTMLImageElement).src
  );
}

/** Pixel columns of the first picture's labels that are not clear. */
function coloursOf(page: Page): Promise<number[][]> {
  return page.locator("#grid img.overlay").first().evaluate(async (node) => {
    const image = node as HTMLImageElement;
    if (image.hidden || !image.src) return [];
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.naturalWidth;
    canvas.height = image.naturalHeight;
    const context = canvas.getContext("2d")!;
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, 1);
    return Array.from(
      { length: canvas.width },
      (_, x) => [...data.slice(4 * x, 4 * x + 4)],
    );
  });
}

testInBrowser(
  "a page opens from a folder, sorts, filters and shows",
  async (browser, t) => {
    using run = await SmallRun.make(6);
    const { page, complaints } = await watch(browser, await addressOfPage(run));
    const choose = (name: string, value: string) =>
      page.locator(`#tools [name=${name}]`).selectOption(value);

    await t.step("labels lie over pictures, background clear", async () => {
      await becomes(() => namesIn(page), [
        "p0003",
        "p0002",
        "p0001",
        "p0005",
        ODD_ID,
        "p0004",
      ]);
      const clear = [0, 0, 0, 0];
      // Its whole left half is missed in the first row.
      await becomes(() => coloursOf(page), [clear, clear, clear, clear]);
      const picture = page.locator("#grid img:not(.overlay)").first();
      strictEqual(
        await picture.evaluate((it) => (it as HTMLImageElement).naturalWidth),
        4,
      );
    });

    await t.step("it sorts by IoU and by name", async () => {
      await choose("order", "best");
      await becomes(async () => (await namesIn(page))[0], ODD_ID);
      const red = [128, 0, 0, 255];
      const clear = [0, 0, 0, 0];
      await becomes(() => coloursOf(page), [red, red, clear, clear]);
      await choose("order", "name");
      await becomes(async () => (await namesIn(page)).slice(0, 2), [
        ODD_ID,
        "p0001",
      ]);
    });

    await t.step("it filters by class and by name", async () => {
      await choose("class", "2");
      await becomes(() => namesIn(page), [ODD_ID, "p0003"]);
      await becomes(
        () => page.locator("#count").textContent(),
        "2 of 6 pictures",
      );
      await choose("class", "0");
      await page.locator("#tools [name=text]").fill("0004");
      await becomes(() => namesIn(page), ["p0004"]);
      await page.locator("#tools [name=text]").fill("");
      await becomes(async () => (await namesIn(page)).length, 6);
    });

    await t.step(
      "the slider and the switches change what is over pictures",
      async () => {
        await page.locator("#tools [name=opacity]").fill("25");
        const overlay = page.locator("#grid img.overlay").first();
        await becomes(
          () => overlay.evaluate((it) => getComputedStyle(it).opacity),
          "0.25",
        );
        const boxes = page.locator("#grid svg").first();
        strictEqual(await boxes.isVisible(), true);
        await page.locator("#tools [name=boxes]").uncheck();
        strictEqual(await boxes.isVisible(), false);
        const labels = await overlayOf(page);
        await page.locator("#tools [value=truth]").check();
        await becomes(async () => {
          const now = await overlayOf(page);
          return now !== null && now !== labels;
        }, true);
        await page.locator("#tools [value=none]").check();
        await becomes(() => overlayOf(page), null);
        await page.locator("#tools [value=labels]").check();
        await becomes(() => overlayOf(page), labels);
      },
    );

    await t.step(
      "names of tools stand as high as their neighbours'",
      async () => {
        // Tools end on one line, so those of one height begin on one.
        const heights = await page.locator("#tools > label:not(.check)")
          .evaluateAll((labels) => labels.map((it) => it.clientHeight));
        deepStrictEqual(heights, new Array(6).fill(heights[0]));
      },
    );

    await t.step("a picture opens large, and leads to its file", async () => {
      await page.locator("#grid button").first().click();
      await becomes(
        () => page.locator("#viewer-title").textContent(),
        `${ODD_ID}, 4 × 3 px`,
      );
      const large = page.locator("#stage img").first();
      await becomes(
        () => large.evaluate((it) => (it as HTMLImageElement).naturalWidth),
        4,
      );
      ok((await large.boundingBox())!.width > 300);
      strictEqual(
        await large.getAttribute("alt"),
        `Picture ${ODD_ID}: cat, <img src=x onerror="globalThis.isBroken=1">&"'`,
      );
      deepStrictEqual(
        await page.locator("#scores tr").allInnerTexts(),
        ["proposals\t100.0"],
      );
      const opacity = page.locator("#viewer [name=viewer-opacity]");
      strictEqual(await opacity.inputValue(), "25");
      await opacity.fill("80");
      strictEqual(
        await page.locator("#tools [name=opacity]").inputValue(),
        "80",
      );
      await page.locator("#after").click();
      await becomes(
        () => page.locator("#viewer-title").textContent(),
        "p0001, 4 × 3 px",
      );
      await page.locator("#close").click();
      await becomes(() => focusedName(page), "p0001");
    });

    deepStrictEqual(complaints, []);
    strictEqual(await page.evaluate(() => "isBroken" in globalThis), false);
  },
);

testInBrowser("a page can be used by keyboard alone", async (browser) => {
  using run = await SmallRun.make(6);
  const { page, complaints } = await watch(browser, await addressOfPage(run));
  await page.keyboard.press("Tab");
  strictEqual(
    await page.evaluate(() => document.activeElement?.textContent),
    "Skip to content",
  );
  // On to the grid, which is one stop.
  for (let i = 0; i < 60 && await focusedName(page) === null; i++) {
    await page.keyboard.press("Tab");
  }
  await becomes(() => focusedName(page), "p0003");
  await page.keyboard.press("ArrowRight");
  await becomes(() => focusedName(page), "p0002");
  await page.keyboard.press("End");
  await becomes(() => focusedName(page), "p0004");
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  const title = page.locator("#viewer-title");
  await becomes(() => title.textContent(), "p0003, 4 × 3 px");
  // A button that ends at the last picture leaves the arrows alive.
  await page.locator("#after").focus();
  for (let i = 0; i < 5; i++) await page.keyboard.press("Enter");
  await becomes(() => title.textContent(), "p0004, 4 × 3 px");
  for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowLeft");
  await becomes(() => title.textContent(), "p0003, 4 × 3 px");
  await page.keyboard.press("ArrowRight");
  await becomes(() => title.textContent(), "p0002, 4 × 3 px");
  await page.keyboard.press("Escape");
  await becomes(() => focusedName(page), "p0002");
  await page.keyboard.press("Tab");
  strictEqual(await focusedName(page), null);
  deepStrictEqual(complaints, []);
});

testInBrowser(
  "links of the workflow open what is known of a step",
  async (browser) => {
    using run = await SmallRun.make(1);
    const { page, complaints } = await watch(browser, await addressOfPage(run));
    const step = page.locator("#step-proposals");
    strictEqual(await step.getAttribute("open"), null);
    await page.locator("#workflow a[href='#step-proposals']").click();
    await becomes(() => step.getAttribute("open"), "");
    await step.locator(".copy").first().click();
    // Copied, or marked where a browser does not let pages write there.
    await becomes(async () => {
      const said = await page.locator("#said").textContent();
      return said === "Copied" || said === "Selected: copy it by keyboard";
    }, true);
    deepStrictEqual(complaints, []);
  },
);
