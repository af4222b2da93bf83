import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { Figure } from "../../../lib/figure/figure.ts";
import { runFigures } from "../../../lib/figure/run_figures.ts";
import { decodeImage } from "../../../lib/image/decode_image.ts";
import type { RgbImage } from "../../../lib/image/image.ts";
import { box } from "../../drawings.ts";
import { CLASSES, figureRun, labels } from "./figure_run.ts";
import { type FigureRun, Folder } from "./memory_run.ts";
import { nodesOf, textsOf } from "./svg_text.ts";

async function figureOf(run: FigureRun, id: string): Promise<Figure> {
  const [figure] = await Array.fromAsync(runFigures(run, [id]));
  return figure!;
}

/** The pictures of a sheet, as they are embedded. */
async function imagesOf(svg: string): Promise<RgbImage[]> {
  const urls = nodesOf(svg).filter(({ name }) => name === "image")
    .map(({ attributes }) => attributes.href!);
  return await Promise.all(urls.map((url) => {
    const bytes = Uint8Array.fromBase64(url.slice(url.indexOf(",") + 1));
    return decodeImage(bytes, "embedded");
  }));
}

/** The picture's columns in which a row has pixels of a kind, as text. */
function row(
  { width, data }: RgbImage,
  y: number,
  isMarked: (red: number, green: number, blue: number) => boolean,
): string {
  return Array.from({ length: width }, (_, x) => {
    const p = 3 * (y * width + x);
    return isMarked(data[p]!, data[p + 1]!, data[p + 2]!) ? "#" : ".";
  }).join("");
}

const isWhite = (...levels: number[]) => levels.every((it) => it === 255);
/** Of class 1: dark red mixed in. */
const isRed = (red: number, green: number) => red > green + 20;

Deno.test("score maps show what each rate keeps of a class's cells", async () => {
  const figure = await figureOf(figureRun(), "score_maps");
  // Of two classes the middling one is the least filled.
  const titles = textsOf(figure.svg).filter((text) => text.includes(" · "));
  deepStrictEqual(titles, [
    "cat, filling rate 37.5 % · t1",
    `${CLASSES[1]}, filling rate 100.0 % · t1`,
  ]);
  // The cat's box holds cells at (0, 0), (8, 0), (0, 8) and (8, 8), of which
  // the left ones are likelier; of 60 % two are kept, of 37.5 % one.
  const [, , global, own, labelled] = await imagesOf(figure.svg);
  strictEqual(row(global!, 0, isRed), "####....................");
  strictEqual(row(global!, 8, isRed), "####....................");
  strictEqual(row(own!, 0, isRed), "####....................");
  strictEqual(row(own!, 8, isRed), "........................");
  // Its proposal is on the left ones, too.
  strictEqual(row(labelled!, 0, isRed), "####....................");
  strictEqual(row(labelled!, 8, isWhite), "####....................");
});

Deno.test("score maps paint what the loss leaves out white", async () => {
  const run = figureRun();
  const whole = { classId: 1, x0: 0, y0: 0, x1: 24, y1: 15 };
  const size = { width: 24, height: 16 };
  run.contents.set(
    "index.boxes",
    new Folder({ t1: { ...size, boxes: [whole] } }),
  );
  run.contents.set("proposals.labels", new Folder({ t1: labels(whole) }));
  const figure = await figureOf(run, "score_maps");
  const [, , global, own, labelled] = await imagesOf(figure.svg);
  // Six cells, three columns by two rows; the surest are on the left. Of 60 %
  // three are kept, of 37.5 % two.
  strictEqual(row(global!, 0, isRed), "############............");
  strictEqual(row(global!, 8, isRed), "####....................");
  strictEqual(row(own!, 8, isRed), "####....................");
  strictEqual(row(labelled!, 0, isRed), "####....................");
  strictEqual(row(labelled!, 0, isWhite), "....####################");
});

Deno.test("boxes carry the share that the proposal fills, the key the class's mean", async () => {
  const figure = await figureOf(figureRun(), "box_labels");
  const texts = textsOf(figure.svg);
  for (const text of ["cat 50.0 %", `${CLASSES[1]} 100.0 %`, "cat 25.0 %"]) {
    ok(texts.includes(text), text);
  }
  deepStrictEqual(texts.slice(-2), [
    "cat (mean 37.5 %)",
    `${CLASSES[1]} (mean 100.0 %)`,
  ]);
  match(figure.caption, /t1, t2\.$/);
});

Deno.test("shares are counted box by box where filling rates were", async () => {
  const run = figureRun();
  const step = run.steps.find(({ id }) => id === "rates")!;
  Object.assign(step.params, { frOwnership: "box" });
  // Of the cat's 72 pixels in its box, 36 are in a smaller box of another cat.
  const [cat, kitten] = [box(1, 0, 0, 12, 12), box(1, 0, 0, 6, 6)];
  const picture = { width: 24, height: 16, boxes: [cat, kitten] };
  run.contents.set("index.boxes", new Folder({ t1: picture }));
  run.contents.set("sub_classes.sub_classes", { t1: [0, 1] });
  const texts = textsOf((await figureOf(run, "box_labels")).svg);
  deepStrictEqual(
    texts.filter((text) => /^cat \d/.test(text)),
    ["cat 25.0 %", "cat 100.0 %"],
  );
});

Deno.test("sub-classes are headed by their rates and hold their boxes", async () => {
  const figure = await figureOf(figureRun(), "sub_classes");
  deepStrictEqual(textsOf(figure.svg), [
    ...["cat, filling rate 37.5 %", "50.0 % (1)", "25.0 % (1)"],
    ...[`${CLASSES[1]}, filling rate 100.0 %`, "100.0 % (1)"],
  ]);
  const sizes = (await imagesOf(figure.svg))
    .map(({ width, height }) => [width, height]);
  deepStrictEqual(sizes, [[12, 12], [12, 12], [10, 14]]);
});

Deno.test("attention maps are of the paper's method, one picture a class", async () => {
  const run = figureRun();
  const figure = await figureOf(run, "attention_maps");
  match(figure.caption, /of BCM \+ FR-loss \(Refine\) \(step attention\)/);
  match(figure.caption, /cat v1, <b>&"dog" v2\.$/);
  strictEqual((await imagesOf(figure.svg)).length, 4);
});

Deno.test("one attention map for all classes is no figure of classes", async () => {
  const run = figureRun();
  const map = {
    ...{ classCount: 1, width: 24, height: 16, outputStride: 8 },
    data: new Float32Array(12),
  };
  run.contents.set("attention.maps", new Folder({ v1: map }));
  strictEqual(await figureOf(run, "attention_maps"), undefined);
});

Deno.test("galleries have the best and the worst picture by IoU, in all columns", async () => {
  const best = await figureOf(figureRun(), "gallery_best");
  const worst = await figureOf(figureRun(), "gallery_worst");
  deepStrictEqual(textsOf(best.svg), [
    ...["picture", "truth", "rectangles", "proposal", "box model"],
    ...["CRF model", "semi model", "v1 · IoU 100.0 %", "cat"],
  ]);
  // v2: background 110 of 250 px as its dog is missing, cat right, dog 0.
  const meanIou = (100 / 240 + 1 + 0) / 3;
  ok(
    textsOf(worst.svg).includes(`v2 · IoU ${(100 * meanIou).toFixed(1)} %`),
    textsOf(worst.svg).join(" | "),
  );
  strictEqual((await imagesOf(best.svg)).length, 7);
  match(best.caption, /proposal: made .* params of step proposals/);
});

Deno.test("a gallery leaves out the columns of models that were not trained", async () => {
  const run = figureRun();
  const kept = run.steps.filter(({ axes }) => axes.variant !== "semi");
  run.steps.splice(0, Infinity, ...kept);
  const texts = textsOf((await figureOf(run, "gallery_best")).svg);
  ok(!texts.includes("semi model"));
  ok(texts.includes("CRF model"));
});

Deno.test("a gallery calls no model a CRF model that proposals did not teach", async () => {
  const headings = async (run: FigureRun) =>
    textsOf((await figureOf(run, "gallery_best")).svg)
      .filter((text) => text.endsWith(" model"));
  const run = figureRun();
  run.contents.set("./masks", new Folder({}));
  for (const step of run.steps) {
    if (step.stage !== "train_segmenter") continue;
    const masks = [{ from: "path" as const, path: "./masks" }];
    Object.assign(step.origins, { labels: masks });
  }
  deepStrictEqual(await headings(run), [
    "box model",
    "main model",
    "semi model",
  ]);
  // Nor is one shown twice.
  const left = run.steps.filter(({ axes }) =>
    (axes.variant ?? "box_only") === "box_only"
  );
  run.steps.splice(0, Infinity, ...left);
  deepStrictEqual(await headings(run), ["box model"]);
});
