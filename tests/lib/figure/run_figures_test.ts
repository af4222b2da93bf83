import {
  deepStrictEqual,
  match,
  ok,
  rejects,
  strictEqual,
} from "node:assert/strict";
import type { Figure } from "../../../lib/figure/figure.ts";
import { LeftOut } from "../../../lib/figure/left_out.ts";
import { FIGURE_IDS, runFigures } from "../../../lib/figure/run_figures.ts";
import { CLASSES, figureRun, grey } from "./figure_run.ts";
import { type FigureRun, Folder } from "./memory_run.ts";
import { nodesOf, textsOf } from "./svg_text.ts";

async function drawn(
  run: FigureRun,
  only?: readonly string[],
): Promise<Figure[]> {
  return await Array.fromAsync(runFigures(run, only));
}

async function idsOf(run: FigureRun): Promise<string[]> {
  return (await drawn(run)).map(({ id }) => id);
}

/** What a run of VGG-16 never has. */
const OF_RESNET = "table_3";

Deno.test("a whole run has all figures, in order", async () => {
  const ids = FIGURE_IDS.filter((id) => id !== OF_RESNET);
  deepStrictEqual(
    await idsOf(figureRun()),
    ids,
  );
});

Deno.test("equal runs give equal bytes, whatever was drawn before", async () => {
  const first = await drawn(figureRun());
  const reversed: Figure[] = [];
  for (const id of FIGURE_IDS.toReversed()) {
    reversed.push(...await drawn(figureRun(), [id]));
  }
  deepStrictEqual(
    reversed.toReversed().map(({ id, svg }) => [id, svg]),
    first.map(({ id, svg }) => [id, svg]),
  );
});

Deno.test("all figures of two runs can stand in one page: no id twice", async () => {
  const other = figureRun();
  other.contents.set("./photos", new Folder({ v1: grey(7), v2: grey(9) }));
  const figures = [...await drawn(figureRun()), ...await drawn(other)];
  const unlike = new Map(figures.map(({ svg }) => [svg, svg]));
  const ids = [...unlike.keys()].flatMap((svg) =>
    nodesOf(svg).flatMap(({ attributes }) => attributes.id ?? [])
  );
  ok(ids.length > 3 * 16);
  deepStrictEqual(ids.length, new Set(ids).size);
});

Deno.test("figures are XML that asks for nothing from elsewhere", async () => {
  for (const { id, svg } of await drawn(figureRun())) {
    textsOf(svg);
    for (const { name, attributes } of nodesOf(svg)) {
      ok(name !== "script" && name !== "foreignObject", id);
      const links = [attributes.href, attributes["xlink:href"]]
        .filter((link) => link !== undefined);
      ok(links.every((link) => /^data:image\/(png|jpeg);/.test(link)), id);
      ok(Object.keys(attributes).every((key) => !key.startsWith("on")), id);
    }
  }
});

Deno.test("names are escaped in drawings, words and tables stay plain", async () => {
  const figures = await drawn(figureRun());
  for (const { id, svg } of figures) ok(!svg.includes("<b>"), id);
  const [rates] = figures.filter(({ id }) => id === "filling_rates");
  ok(textsOf(rates!.svg).includes(CLASSES[1]!));
  ok(rates!.alt.includes(CLASSES[1]!));
  strictEqual(rates!.table!.rows[1]![0], CLASSES[1]);
});

Deno.test("every figure has words, and every chart its numbers", async () => {
  const pictures = /score_maps|box_labels|sub_classes|attention|gallery/;
  for (const { id, title, caption, alt, table } of await drawn(figureRun())) {
    ok(title.length > 5 && caption.length > 40 && alt.length > 20, id);
    strictEqual(table === undefined, pictures.test(id), id);
    const lengths = table?.rows.map((row) => row.length) ?? [];
    deepStrictEqual(new Set(lengths).size <= 1, true, id);
    strictEqual(lengths[0] ?? 0, table?.columns.length ?? 0, id);
  }
});

Deno.test("what a run has not done leaves out its figures only", async () => {
  const all = FIGURE_IDS.filter((id) => id !== OF_RESNET);
  const leftOut = async (stage: string) => {
    const ids = await idsOf(figureRun().without(stage));
    return all.filter((id) => !ids.includes(id));
  };
  deepStrictEqual(await leftOut("predict_attention"), ["attention_maps"]);
  deepStrictEqual(await leftOut("test_filling_rate_readings"), [
    "ignored_wrong",
  ]);
  deepStrictEqual(await leftOut("measure_filling_rates"), [
    ...["score_maps", "box_labels", "sub_classes", "filling_rates"],
  ]);
  deepStrictEqual(await leftOut("cluster_sub_classes"), ["sub_classes"]);
  deepStrictEqual(await leftOut("train_segmenter"), [
    ...["training_loss", "mask_loss", "learning_rate", "ignored_share"],
  ]);
  deepStrictEqual(await leftOut("predict_scores"), [
    ...["score_maps", "gallery_best", "gallery_worst"],
  ]);
  deepStrictEqual(
    await leftOut("score_labels"),
    [
      ...["table_1", "table_2", "table_4", "gallery_best", "gallery_worst"],
      ...["confusion", "trimap"],
    ].filter((id) => all.includes(id)),
  );
});

Deno.test("a folder of the user's that is gone leaves out what shows it", async () => {
  const run = figureRun();
  run.contents.delete("./photos");
  const ids = await idsOf(run);
  for (const id of ["score_maps", "box_labels", "gallery_best"]) {
    ok(!ids.includes(id), id);
  }
  for (const id of ["table_1", "confusion", "filling_rates"]) {
    ok(ids.includes(id), id);
  }
});

Deno.test("damaged data are refused with step and output", async () => {
  const run = figureRun();
  const step = "scores[crf=with,seed=1,variant=semi]";
  run.contents.set(`${step}.scores`, { imageCount: "two" });
  await rejects(drawn(run, ["table_1"]), (error: Error) => {
    strictEqual(error.name, "RangeError");
    const start = `Cannot draw figures as output "scores" of step "${step}" ` +
      "must be whole: ";
    strictEqual(error.message.slice(0, start.length), start);
    return true;
  });
});

Deno.test("a damaged label map of the run is refused by its id, and where it is from", async () => {
  const run = figureRun();
  const cut = { ...grey(40), data: "none" };
  run.contents.set("proposals.labels", new Folder({ t1: cut, t2: cut }));
  await rejects(drawn(run, ["box_labels"]), {
    message:
      /^Cannot draw figures as "t\d" of output "labels" of step "proposals" must be whole: /,
  });
});

Deno.test("pictures and masks that cannot be read are left out, and all are told", async () => {
  const run = figureRun();
  const other = { width: 2, height: 1, data: new Uint8Array(6) };
  const change = (path: string, items: Record<string, unknown>) => {
    const before = run.contents.get(path) as Folder;
    run.contents.set(path, new Folder({ ...before.items, ...items }));
  };
  change("./photos", { t1: other, t3: other });
  change("./truth", { v1: { ...other, data: new Uint8Array(2) } });
  const leftOut = new LeftOut();
  const figures = await Array.fromAsync(runFigures(run, undefined, leftOut));
  const size = "it must be 24 × 16 px, as the run read it: it is 2 × 1 px";
  deepStrictEqual(leftOut.notes, [
    `Picture t1 is not shown: ${size}`,
    `Picture t3 is not shown: ${size}`,
    `Truth v1 is not shown: ${size}`,
  ]);
  const captionOf = (id: string) =>
    figures.find((figure) => figure.id === id)!.caption;
  match(captionOf("box_labels"), /: t2\.$/);
  match(captionOf("gallery_best"), /: of 1 pictures /);
  strictEqual(figures.at(-1)!.id, FIGURE_IDS.at(-1));
});

Deno.test("a folder of the run that is gone is damage, not absence", async () => {
  const run = figureRun();
  run.contents.delete("proposals.labels");
  await rejects(drawn(run, ["box_labels"]), {
    message: 'Cannot draw figures as output "labels" of step "proposals" ' +
      'must be whole: Cannot read "proposals.labels": no such folder',
  });
});

Deno.test("rates that lack the class of a box are refused", async () => {
  const run = figureRun();
  const rates = run.contents.get("rates.rates") as unknown[];
  run.contents.set("rates.rates", rates.slice(0, 1));
  await rejects(drawn(run, ["box_labels"]), {
    message: 'Cannot draw figures as output "rates" of step "rates" must ' +
      'have the class of each box: picture "t1" has a box of class 2 of 1',
  });
});
