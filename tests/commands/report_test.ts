/** The report of a run and its page, as users ask for them. */
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { BoxfillProject } from "../boxfill_project.ts";

const DRAW = `workflow: draw
seed: 1
steps:
  embedded:
    stage: draw_data_set
    params: { train: 4, val: 2, semi: 0 }
`;

/** On a folder of the user's, with names of steps that no other workflow has. */
const WORKFLOW = `workflow: mine
steps:
  list:
    stage: index_voc
    inputs:
      lists: ./data/ImageSets/Segmentation
      images: ./data/JPEGImages
      annotations: ./data/Annotations
    params: { split: train, classes: embedded }
  painted:
    stage: draw_rectangle_labels
    inputs: { boxes: list.boxes }
  proposed:
    stage: propose_segments
    inputs: { images: ./data/JPEGImages, boxes: list.boxes }
    params: { appearanceSigmaPx: 9.5, smoothnessSigmaPx: 0.77, device: cpu }
  rates:
    stage: measure_filling_rates
    inputs:
      boxes: list.boxes
      proposals: proposed.labels
      classes: list.classes
  scored:
    stage: score_labels
    inputs:
      labels: proposed.labels
      truth: ./data/SegmentationClass
      classes: list.classes
    params: { name: proposals }
  told:
    stage: write_label_report
    inputs:
      rectangles: scored.scores
      proposals: scored.scores
      filling_rates: rates.rates
    params: { title: Mine }
`;

/** A project with a run on pictures in `./data`, as a user has them. */
async function runOnOwnPictures(): Promise<BoxfillProject> {
  const project = new BoxfillProject();
  project.write("draw.yaml", DRAW);
  await project.boxfill("run", "draw.yaml");
  const drawn = `${project.folder}/runs/draw/outputs/embedded.data_set`;
  for (
    const part of [
      "ImageSets/Segmentation",
      "JPEGImages",
      "Annotations",
      "SegmentationClass",
    ]
  ) {
    for (const { name } of Deno.readDirSync(`${drawn}/${part}`)) {
      const path = `${part}/${name}`;
      project.write(`data/${path}`, Deno.readFileSync(`${drawn}/${path}`));
    }
  }
  project.write("mine.yaml", WORKFLOW);
  await project.boxfill("run", "mine.yaml");
  return project;
}

Deno.test("report shows a run on pictures of the user's", async (t) => {
  using project = await runOnOwnPictures();

  await t.step("with its tables, whatever steps are called", async () => {
    match(await project.boxfill("report", "mine"), /^# Mine\n/);
  });

  await t.step("with the summary of its labels, if there is one", async () => {
    const reportKeys = async () =>
      Object.keys(JSON.parse(
        await project.boxfill("report", "mine", "--json", "--no-page"),
      )).filter((key) => !["outcome", "metrics", "seconds"].includes(key));
    deepStrictEqual(
      await reportKeys(),
      ["title", "rectangles", "proposals", "fillingRates"],
    );
    // Of several, none is taken for the run's.
    const again = WORKFLOW.slice(WORKFLOW.indexOf("  told:"))
      .replace("told", "again");
    project.write("mine.yaml", WORKFLOW + again);
    await project.boxfill("run", "mine.yaml");
    deepStrictEqual(await reportKeys(), ["reports"]);
  });

  await t.step("without pictures that cannot be read, all named", async () => {
    const [cut, gone, mask] = project.names("data/JPEGImages")
      .map((name) => name.replace(".jpg", ""));
    const path = `${project.folder}/data`;
    Deno.truncateSync(`${path}/JPEGImages/${cut}.jpg`, 1000);
    Deno.removeSync(`${path}/JPEGImages/${gone}.jpg`);
    project.write(`data/SegmentationClass/${mask}.png`, "none");
    const told = new RegExp(
      `^Left out:\n  Picture ${cut} is not shown: Cannot read \\S+ as it must ` +
        `be a whole JPEG: .*\n  Picture ${gone} is not shown: Cannot .*: no ` +
        `item\n  Truth ${mask} is not shown: Cannot read .*\n$`,
    );
    const { code, out, err } = await project.run("boxfill", "report", "mine");
    deepStrictEqual([code, err.replace(told, "")], [0, ""]);
    match(out, /\nPage: runs\/mine\/page\/index\.html\n$/);
    const page = project.read("runs/mine/page/index.html");
    match(page, new RegExp(`train: Picture ${cut} is not shown: `));
    deepStrictEqual(project.names("runs/mine/page/pictures/list").length, 2);

    const figures = await project.run("boxfill", "figures", "mine");
    strictEqual(figures.code, 0);
    match(figures.out, /^box_labels /m);
    match(
      figures.err,
      new RegExp(`^Left out:\n  Picture ${cut} is not shown: .*\n$`),
    );
  });
});
