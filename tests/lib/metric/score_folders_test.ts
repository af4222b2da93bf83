import { strictEqual, throws } from "node:assert/strict";
import { encodeLabelMap } from "../../../lib/label/label_map_png.ts";
import { scoreFolders } from "../../../lib/metric/score_folders.ts";
import { labelMap } from "../../drawings.ts";

const OPTIONS = { classNames: ["ball"] };

/** Two folders and a list in a temporary folder; disposing removes it. */
class Folders implements Disposable {
  readonly root = Deno.makeTempDirSync({ prefix: "score_folders_" });
  readonly predictions = `${this.root}/predictions`;
  readonly truth = `${this.root}/truth`;

  constructor(
    predictions: Readonly<Record<string, string>>,
    truth: Readonly<Record<string, string>>,
  ) {
    this.#write(this.predictions, predictions);
    this.#write(this.truth, truth);
  }

  #write(folder: string, drawings: Readonly<Record<string, string>>): void {
    Deno.mkdirSync(folder);
    for (const [id, row] of Object.entries(drawings)) {
      Deno.writeFileSync(`${folder}/${id}.png`, encodeLabelMap(labelMap(row)));
    }
  }

  list(text: string): string {
    Deno.writeTextFileSync(`${this.root}/list.txt`, text);
    return `${this.root}/list.txt`;
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.root, { recursive: true });
  }
}

Deno.test("scoreFolders scores every prediction, pooled, and no other truth", () => {
  using folders = new Folders(
    { a: "1...", b: "11111111" },
    { a: "111.", b: "11111111", c: "1" },
  );
  const scores = scoreFolders({ ...folders, list: null }, OPTIONS);
  strictEqual(scores.imageCount, 2);
  strictEqual(scores.classes[1]!.iou, 9 / 11);
});

Deno.test("scoreFolders scores the images of a list only", () => {
  using folders = new Folders({ a: "1.", b: ".1" }, { a: "1.", b: "1." });
  const list = folders.list("a\n");
  const scores = scoreFolders({ ...folders, list }, OPTIONS);
  strictEqual(scores.imageCount, 1);
  strictEqual(scores.meanIou, 1);
});

Deno.test("scoreFolders leaves other files in the folders aside", () => {
  using folders = new Folders({ a: "1." }, { a: "1." });
  Deno.writeTextFileSync(`${folders.predictions}/notes.txt`, "");
  strictEqual(scoreFolders({ ...folders, list: null }, OPTIONS).imageCount, 1);
});

Deno.test("scoreFolders tells all missing files at once, on either side", () => {
  using folders = new Folders({ a: "1.", b: "1." }, { b: "1." });
  const list = folders.list("a\nb\nc\n");
  throws(() => scoreFolders({ ...folders, list }, OPTIONS), {
    name: "RangeError",
    message: "Cannot score 3 images as each must have a prediction and a " +
      `truth: missing ${folders.predictions}/c.png, ` +
      `${folders.truth}/a.png, ${folders.truth}/c.png`,
  });
});

Deno.test("scoreFolders names twenty missing files at most", () => {
  using folders = new Folders({}, {});
  const ids = Array.from({ length: 12 }, (_, i) => `i${i + 10}`);
  const list = folders.list(ids.join("\n"));
  throws(() => scoreFolders({ ...folders, list }, OPTIONS), {
    message: /truth\/i17\.png and 4 more$/,
  });
});

Deno.test("scoreFolders refuses a folder without label PNGs", () => {
  using folders = new Folders({}, {});
  throws(() => scoreFolders({ ...folders, list: null }, OPTIONS), {
    name: "RangeError",
    message: `Cannot score "${folders.predictions}" as it must hold label ` +
      "PNGs: it holds none",
  });
});

Deno.test("scoreFolders says what is where a folder or list should be", () => {
  using folders = new Folders({ a: "1." }, { a: "1." });
  const { root, predictions, truth } = folders;
  const list = folders.list("a\n");
  const refusals = [
    {
      pair: { predictions: `${root}/none`, truth, list: null },
      message: `Cannot read "${root}/none" as it must be a folder of PNGs: ` +
        "nothing is there",
    },
    {
      pair: { predictions, truth: list, list: null },
      message: `Cannot read "${list}" as it must be a folder of PNGs: ` +
        "it is a file",
    },
    {
      pair: { predictions, truth, list: root },
      message: `Cannot read "${root}" as it must be a list of image ids: ` +
        "it is a folder",
    },
  ];
  for (const { pair, message } of refusals) {
    throws(() => scoreFolders(pair, OPTIONS), { name: "RangeError", message });
  }
});

Deno.test("scoreFolders names the file that is no label PNG", () => {
  using folders = new Folders({ a: "1." }, { a: "1." });
  Deno.writeTextFileSync(`${folders.truth}/a.png`, "GIF89a");
  throws(() => scoreFolders({ ...folders, list: null }, OPTIONS), {
    message: new RegExp(`^Cannot read "${folders.truth}/a\\.png" as `),
  });
});
