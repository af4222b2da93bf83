import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import * as fc from "fast-check";
import { h } from "preact";
import { renderToString } from "preact-render-to-string";
import { sheetFigure } from "../../../lib/figure/picture_sheet.ts";
import { drawnOutlines } from "../../../lib/figure/sheet_marks.ts";
import { box } from "../../drawings.ts";
import { nodesOf, textsOf } from "./svg_text.ts";

/** A picture that is all of one level. */
function plain(width: number, height: number) {
  return { width, height, data: new Uint8Array(3 * width * height).fill(99) };
}

const WORDS = { id: "sheet", title: "Sheet", caption: "Sheet.", alt: "Sheet." };

/** Places of the pictures of a sheet, px. */
async function placesOf(sizes: readonly [number, number][], panelPx: number) {
  const panels = sizes.map(([width, height]) => ({
    image: plain(width, height),
  }));
  const { svg } = await sheetFigure({ ...WORDS, rows: [{ panels }], panelPx });
  return nodesOf(svg).filter(({ name }) => name === "image")
    .map(({ attributes }) => [attributes.width, attributes.height]);
}

Deno.test("sheetFigure fits pictures of any form into squares", async () => {
  deepStrictEqual(await placesOf([[40, 20], [20, 40], [5, 5]], 80), [
    ...[["80", "40"], ["40", "80"], ["80", "80"]],
  ]);
});

Deno.test("sheetFigure embeds no more dots than a fine display shows", async () => {
  const rows = [{ panels: [{ image: plain(900, 600) }] }];
  const { svg } = await sheetFigure({ ...WORDS, rows, panelPx: 100 });
  const [image] = nodesOf(svg).filter(({ name }) => name === "image");
  match(image!.attributes.href!, /^data:image\/jpeg;base64,/);
  ok(svg.length < 4000, `${svg.length}`);
});

Deno.test("sheetFigure leaves places empty and tells each picture's words", async () => {
  const panel = { image: plain(8, 8), title: "b" };
  const { svg } = await sheetFigure({
    ...WORDS,
    columns: ["one", "two"],
    rows: [{ title: "row", panels: [null, panel] }],
    legend: [{ name: "cat", colour: [1, 2, 3] }],
    panelPx: 50,
  });
  deepStrictEqual(textsOf(svg), ["one", "two", "row", "b", "cat"]);
  const titles = nodesOf(svg).filter(({ name }) => name === "title");
  deepStrictEqual(titles.map(({ text }) => text), ["Sheet", "row, two, b"]);
});

Deno.test("sheetFigure cuts headings off that have no room", async () => {
  const long = "x".repeat(64);
  const { svg } = await sheetFigure({
    ...WORDS,
    columns: [long],
    rows: [{ title: long, panels: [{ image: plain(8, 8) }] }],
    panelPx: 100,
  });
  for (const text of textsOf(svg)) match(text, /^x{5,16}…$/);
});

/** Where chips lie: `[x, y, width]`, px. */
function chipsOf(nodes: ReturnType<typeof drawnOutlines>): number[][] {
  return nodesOf(renderToString(h("g", null, nodes)))
    .flatMap(({ name, attributes }, i, all) => {
      const at = /^translate\(([\d.]+),([\d.]+)\)$/.exec(
        attributes.transform ?? "",
      );
      if (name !== "g" || at === null) return [];
      const { width } = all[i + 1]!.attributes;
      return [[Number(at[1]), Number(at[2]), Number(width)]];
    });
}

Deno.test("words on boxes stay in the picture, and apart while there is room", () => {
  const corner = fc.nat({ max: 90 });
  fc.assert(fc.property(
    fc.array(fc.tuple(corner, corner), { maxLength: 5 }),
    (corners) => {
      const outlines = corners.map(([x, y]) => ({
        box: box(1, x, y, x + 10, y + 10),
        colour: [128, 0, 0] as const,
        text: "a cat",
      }));
      const size = { width: 300, height: 300 };
      const chips = chipsOf(drawnOutlines(outlines, 3, size));
      strictEqual(chips.length, corners.length);
      for (const [x, y, width] of chips) {
        ok(x! >= 0 && y! >= 0 && x! + width! <= 300.1 && y! + 14 <= 300.1);
      }
      const low = chips.some(([, y]) => y! > 200);
      for (const [i, one] of chips.entries()) {
        for (const other of chips.slice(i + 1)) {
          const apart = Math.abs(one[1]! - other[1]!) >= 13.9 ||
            Math.abs(one[0]! - other[0]!) >= one[2]! - 0.1;
          ok(apart || low);
        }
      }
    },
  ));
});

Deno.test("words that are too long are cut off, in titles and on boxes", async () => {
  const name = "a very long name of a class ".repeat(3);
  const outlines = [{
    box: box(1, 0, 0, 5, 5),
    colour: [128, 0, 0] as const,
    text: name,
  }];
  const panel = { image: plain(9, 9), title: name, outlines };
  const { svg } = await sheetFigure({
    ...WORDS,
    rows: [{ panels: [panel, { ...panel, title: "b" }, panel, panel] }],
    panelPx: 60,
  });
  const titles = nodesOf(svg).filter(({ name, attributes }) =>
    name === "text" && attributes.fill === "currentColor"
  );
  deepStrictEqual(titles.map(({ text }) => text), [
    ...["a very lon…", "b", "a very lon…", "a very lon…"],
  ]);
  const [[x, , width]] = chipsOf(drawnOutlines(outlines, 1, {
    ...{ width: 60, height: 60 },
  })) as [number[]];
  ok(x! + width! <= 60);
});

Deno.test("words are white on dark colours and black on light ones", () => {
  const fills = [[128, 0, 0], [240, 240, 90]].map((colour) => {
    const outline = {
      box: box(1, 0, 0, 5, 5),
      colour: colour as [number, number, number],
      text: "cat",
    };
    const nodes = drawnOutlines([outline], 1, { width: 50, height: 50 });
    return nodesOf(renderToString(h("g", null, nodes)))
      .find(({ name }) => name === "text")!.attributes.fill;
  });
  deepStrictEqual(fills, ["#fff", "#000"]);
});
