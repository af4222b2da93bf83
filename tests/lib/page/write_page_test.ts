import {
  deepStrictEqual,
  doesNotMatch,
  match,
  ok,
  rejects,
  strictEqual,
} from "node:assert/strict";
import { encodeJpeg } from "../../../lib/image/jpeg.ts";
import type { BrowserData } from "../../../lib/page/browser_data.ts";
import { isPageOf } from "../../../lib/page/made_of.ts";
import { writePage } from "../../../lib/page/write_page.ts";
import { HOSTILE, ODD_ID, SmallRun } from "./small_run.ts";

async function write(run: SmallRun, folder = "page"): Promise<string> {
  const path = `${run.folder}/${folder}`;
  const parts = {
    name: "small",
    madeOf: "abc",
    run: run.source(),
    figures: run.figures(),
  };
  await writePage(parts, path);
  return path;
}

/** What the page's script reads. */
function dataOf(page: string): BrowserData {
  const html = Deno.readTextFileSync(`${page}/index.html`);
  const [, json] = /<script id="data"[^>]*>(.*?)<\/script>/s.exec(html)!;
  return JSON.parse(json!);
}

/** Paths and contents of all files below a folder. */
function filesIn(folder: string): Record<string, string> {
  return Object.fromEntries(
    [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
      const path = `${folder}/${name}`;
      return isDirectory
        ? Object.entries(filesIn(path)).map((
          [at, text],
        ) => [`${name}/${at}`, text])
        : [[name, Deno.readFileSync(path).toHex()]];
    }),
  );
}

Deno.test("writePage writes the page, its pictures and their label maps", async () => {
  using run = await SmallRun.make(3);
  const page = await write(run);
  deepStrictEqual(Object.keys(filesIn(page)).sort(), [
    "figures/bars.svg",
    "index.html",
    "labels/index/_truth/0.js",
    "labels/index/proposals/0.js",
    `pictures/index/${ODD_ID}.jpg`,
    "pictures/index/p0001.jpg",
    "pictures/index/p0002.jpg",
  ]);
  const [set] = dataOf(page).sets;
  deepStrictEqual(set!.classes, ["cat", HOSTILE]);
  deepStrictEqual(set!.layers, [{ key: "proposals", title: "proposals" }]);
  const { width, height, boxes, classes } = set!.pictures[0]!;
  deepStrictEqual({ width, height, boxes, classes }, {
    width: 4,
    height: 3,
    boxes: [[1, 0, 0, 2, 3], [2, 2, 0, 4, 2]],
    classes: [1, 2],
  });
});

Deno.test("writePage scores each picture over the classes it has", async () => {
  using run = await SmallRun.make(4);
  const { pictures } = dataOf(await write(run)).sets[0]!;
  // Of 6 pixels of class 1 and 4 of background, two void: n are missed.
  const expected = [0, 1, 2, 4].map((n) =>
    Math.round(1000 * ((6 - n) / 6 + 4 / (4 + n)) / 2)
  );
  deepStrictEqual(pictures.map(({ iou }) => iou[0]), expected);
  deepStrictEqual(pictures[3]!.classIou, [{ 1: 333 }]);
});

Deno.test("writePage tells the classes of labels that there is no truth for", async () => {
  using run = await SmallRun.make(4);
  run.hasTruth = false;
  const { pictures } = dataOf(await write(run)).sets[0]!;
  deepStrictEqual(pictures[3]!.classIou, [{ 1: null }]);
  deepStrictEqual(pictures[3]!.iou, [null]);
});

Deno.test("a page of a large set shows some of its pictures, and says so", async () => {
  using run = await SmallRun.make(5);
  const parts = { name: "small", madeOf: "", run: run.source() };
  const page = `${run.folder}/page`;
  await writePage({ ...parts, figures: run.figures(), mostPictures: 2 }, page);
  const { pictures, notes } = dataOf(page).sets[0]!;
  deepStrictEqual(pictures.map(({ id }) => id), [ODD_ID, "p0002"]);
  deepStrictEqual(notes, [
    "Of 5 pictures 2 are shown, at even distances; report --pictures shows more.",
  ]);
});

Deno.test("writePage gives the same bytes for the same run, and replaces a page", async () => {
  using run = await SmallRun.make(3);
  const first = filesIn(await write(run));
  const second = filesIn(await write(run));
  deepStrictEqual(second, first);
  const names = [...Deno.readDirSync(run.folder)].map(({ name }) => name);
  deepStrictEqual(names.filter((name) => name.startsWith("page")), ["page"]);
});

Deno.test("writePage escapes every text, and its policy lets nothing in", async () => {
  using run = await SmallRun.make(1);
  const html = Deno.readTextFileSync(`${await write(run)}/index.html`);
  doesNotMatch(html, /<img src=x/);
  match(html, /&lt;img src=x onerror=/);
  const [, policy] = /Content-Security-Policy" content="([^"]*)"/.exec(html)!;
  match(
    policy!,
    /^default-src 'none'; script-src 'sha256-\S+' 'strict-dynamic'; style-src 'sha256-\S+'; img-src 'self' file: data:; base-uri 'none'; form-action 'none'$/,
  );
  doesNotMatch(html, /\sstyle="/);
  doesNotMatch(html, /(src|href)="(https?:)?\/\//);
});

Deno.test("a page tells of pictures that are gone, and shows the rest", async () => {
  using run = await SmallRun.make(2);
  run.hasPictures = false;
  const page = await write(run);
  const { notes, pictures } = dataOf(page).sets[0]!;
  deepStrictEqual(notes, [
    "The images that step index read cannot be shown: Cannot read " +
    '"/gone" of a run as the run must hold it: index',
  ]);
  strictEqual(pictures[0]!.picture, null);
  ok(pictures[0]!.iou[0] === 1000);
  match(
    Deno.readTextFileSync(`${page}/index.html`),
    /train: The images that step index read cannot be shown/,
  );
});

Deno.test("a page tells of a picture that has become another one", async () => {
  using run = await SmallRun.make(1);
  const data = new Uint8Array(5 * 3 * 3);
  const other = await encodeJpeg({ width: 5, height: 3, data }, 90);
  Deno.writeFileSync(`${run.folder}/picture.jpg`, other);
  const parts = {
    name: "small",
    madeOf: "",
    run: run.source(),
    figures: run.figures(),
  };
  await writePage(parts, `${run.folder}/page`);
  const { notes, pictures } = dataOf(`${run.folder}/page`).sets[0]!;
  deepStrictEqual([notes[0], pictures[0]!.picture], [
    `Picture ${ODD_ID} is not shown: Cannot read "${run.folder}/picture.jpg" ` +
    "as it must be 4 × 3 px, as the run read it: it is 5 × 3 px",
    null,
  ]);
});

Deno.test("a page tells of single pictures and masks that cannot be read", async () => {
  using run = await SmallRun.make(2);
  Deno.writeTextFileSync(`${run.folder}/picture.jpg`, "none");
  const source = run.source();
  const truth = source.inputItems("index", "truth");
  const small = { width: 1, height: 1, data: Uint8Array.of(0) };
  const changed = {
    ...source,
    inputItems: (step: string, input: string) =>
      input === "truth"
        ? { ...truth, read: () => Promise.resolve(small) }
        : source.inputItems(step, input),
  };
  const parts = {
    name: "small",
    madeOf: "",
    run: changed,
    figures: run.figures(),
  };
  await writePage(parts, `${run.folder}/page`);
  const { notes, pictures } = dataOf(`${run.folder}/page`).sets[0]!;
  deepStrictEqual(notes.slice(0, 2), [
    `Cannot score image "${ODD_ID}" as its prediction must be as large as ` +
    "its ground truth: prediction is 4 × 3 px, ground truth is 1 × 1 px",
    `Picture ${ODD_ID} is not shown: Cannot read "${run.folder}/picture.jpg" ` +
    "as it must be a JPEG, PNG or PPM picture: it begins with bytes 6e6f6e65",
  ]);
  deepStrictEqual(pictures.map(({ iou }) => iou), [[null], [null]]);
});

Deno.test("writePage replaces no folder that is no page", async () => {
  using run = await SmallRun.make(1);
  Deno.mkdirSync(`${run.folder}/mine`);
  Deno.writeTextFileSync(`${run.folder}/mine/thesis.tex`, "");
  await rejects(write(run, "mine"), {
    name: "RangeError",
    message: `Cannot write a page to "${run.folder}/mine" as it must be ` +
      "empty or a page that may be replaced: it holds thesis.tex",
  });
  // Nor another's page.
  Deno.writeTextFileSync(`${run.folder}/mine/index.html`, "<!DOCTYPE html>");
  await rejects(write(run, "mine"), /it holds index\.html, thesis\.tex$/);
});

Deno.test("writePage takes a folder with a slash at its end, again and again", async () => {
  using run = await SmallRun.make(1);
  const first = filesIn(await write(run, "mine/"));
  deepStrictEqual(filesIn(await write(run, "mine/")), first);
  const names = [...Deno.readDirSync(run.folder)].map(({ name }) => name);
  deepStrictEqual(names.filter((name) => /mine/.test(name)), ["mine"]);
});

Deno.test("a page that fails leaves the one before, and nothing beside it", async () => {
  using run = await SmallRun.make(1);
  const page = await write(run);
  const before = filesIn(page);
  async function* broken(): ReturnType<SmallRun["figures"]> {
    yield* run.figures();
    throw new RangeError("Cannot draw");
  }
  const parts = {
    name: "small",
    madeOf: "",
    run: run.source(),
    figures: broken(),
  };
  await rejects(writePage(parts, page), { message: "Cannot draw" });
  deepStrictEqual(filesIn(page), before);
  const names = [...Deno.readDirSync(run.folder)].map(({ name }) => name);
  deepStrictEqual(names.filter((name) => name.startsWith("page")), ["page"]);
});

Deno.test("writePage removes what a killed writer left long ago, no more", async () => {
  using run = await SmallRun.make(1);
  const names = ["page.12.tmp", "page.34.tmp", "page.notes", "other.56.tmp"];
  for (const name of names) Deno.mkdirSync(`${run.folder}/${name}`);
  for (const name of ["page.12.tmp", "page.notes", "other.56.tmp"]) {
    Deno.utimeSync(`${run.folder}/${name}`, 0, 0);
  }
  await write(run);
  const left = [...Deno.readDirSync(run.folder)].map(({ name }) => name);
  deepStrictEqual(names.filter((name) => left.includes(name)), names.slice(1));
});

Deno.test("isPageOf knows of which record a page was made", async () => {
  using run = await SmallRun.make(1);
  const page = await write(run);
  deepStrictEqual(
    [isPageOf(page, "abc"), isPageOf(page, "abd"), isPageOf("gone", "abc")],
    [true, false, false],
  );
});
