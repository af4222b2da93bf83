/** Figures of a run, from pictures to SVG, as users draw them. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { BoxfillProject } from "../boxfill_project.ts";

/** Twelve pictures hold each of the six classes at least twice. */
const WORKFLOW = `workflow: small
seed: 1
steps:
  embedded:
    stage: draw_data_set
    params: { train: 12, val: 4, semi: 0 }
  index:
    stage: index_voc
    inputs:
      lists: embedded.data_set/ImageSets/Segmentation
      images: embedded.data_set/JPEGImages
      annotations: embedded.data_set/Annotations
    params: { split: train, classes: embedded }
  index_val:
    stage: index_voc
    inputs:
      lists: embedded.data_set/ImageSets/Segmentation
      images: embedded.data_set/JPEGImages
      annotations: embedded.data_set/Annotations
    params: { split: val, classes: embedded }
  proposals:
    stage: propose_segments
    inputs: { images: embedded.data_set/JPEGImages, boxes: index.boxes }
    params: { appearanceSigmaPx: 9.5, smoothnessSigmaPx: 0.77 }
  sub_classes:
    stage: cluster_sub_classes
    inputs: { boxes: index.boxes, proposals: proposals.labels }
  rates:
    stage: measure_filling_rates
    inputs:
      boxes: index.boxes
      proposals: proposals.labels
      classes: index.classes
      sub_classes: sub_classes.sub_classes
  model:
    stage: train_segmenter
    inputs:
      images: embedded.data_set/JPEGImages
      boxes: index.boxes
      classes: index.classes
      labels: proposals.labels
      filling_rates: rates.rates
      sub_classes: sub_classes.sub_classes
    params:
      name: bcm_fr_refine
      network:
        kind: largefov
        width: 0.125
        convolutions: [1, 1, 1, 1, 1]
        inputScale: 0.015625
        fcChannels: 32
        fc6Dilation: 4
      head: { kind: bcm }
      selection: { rate: sub_class }
      mask: { lambda: 0.01 }
      iterations: 4
      batchSize: 4
      shardSize: 4
      cropSizePx: 65
      schedule: { kind: step, rate: 0.02, every: 3 }
      device: cpu
  train_predictions:
    stage: predict_scores
    inputs:
      images: embedded.data_set/JPEGImages
      boxes: index.boxes
      weights: model.weights
    params: { device: cpu }
  predictions:
    stage: predict_scores
    inputs:
      images: embedded.data_set/JPEGImages
      boxes: index_val.boxes
      weights: model.weights
    params: { device: cpu }
  attention:
    stage: predict_attention
    inputs:
      images: embedded.data_set/JPEGImages
      boxes: index_val.boxes
      weights: model.weights
    params: { device: cpu }
  labels:
    stage: label_from_scores
    inputs: { scores: predictions.scores }
  scores:
    stage: score_labels
    inputs:
      labels: labels.labels
      truth: embedded.data_set/SegmentationClass
      classes: index.classes
    params: { name: tiny, trimapWidthsPx: [2, 5] }
  readings:
    stage: test_filling_rate_readings
    inputs:
      scores: train_predictions.scores
      proposals: proposals.labels
      truth: embedded.data_set/SegmentationClass
      boxes: index.boxes
      classes: index.classes
      sub_classes: sub_classes.sub_classes
      rates: rates.rates
`;

/** What such a run has; of Table 2 and 1 the row of its one variant. */
const FIGURES = [
  ...["table_1", "table_2", "table_4", "score_maps", "box_labels"],
  ...["sub_classes", "attention_maps", "gallery_best", "gallery_worst"],
  ...["filling_rates", "confusion", "trimap", "training_loss"],
  ...["mask_loss", "learning_rate", "ignored_share", "ignored_wrong"],
];

Deno.test("figures are drawn of a run, the same again, or refused when it is damaged", async (t) => {
  using project = new BoxfillProject();
  project.write("workflow.yaml", WORKFLOW);
  await project.boxfill("run", "workflow.yaml", "--jobs", "2");
  const files = FIGURES.map((id) => `${id}.svg`).sort();

  await t.step("all of them, with a page of captions", async () => {
    const out = await project.boxfill("figures", "small");
    match(
      out,
      /^table_1 +Table 1: .*\n[^]*\n\nWritten to runs\/small\/figures\n$/,
    );
    deepStrictEqual(project.names("runs/small/figures"), [
      ...["index.md", ...files].sort(),
    ]);
    const page = project.read("runs/small/figures/index.md");
    for (const id of FIGURES) ok(page.includes(`](${id}.svg)`), id);
  });

  await t.step("with the same bytes in another process", async () => {
    await project.boxfill("figures", "small", "--to", "runs/again");
    for (const name of ["index.md", ...files]) {
      strictEqual(
        project.read(`runs/again/${name}`),
        project.read(`runs/small/figures/${name}`),
        name,
      );
    }
  });

  await t.step("some of them, as JSON", async () => {
    const only = ["--only", "trimap,confusion", "--to", "runs/some"];
    const told = JSON.parse(
      await project.boxfill("figures", "small", ...only, "--json"),
    );
    deepStrictEqual(
      told.map(({ id, file }: { id: string; file: string }) => [id, file]),
      [
        ["confusion", "runs/some/confusion.svg"],
        ["trimap", "runs/some/trimap.svg"],
      ],
    );
    deepStrictEqual(project.names("runs/some"), [
      "confusion.svg",
      "trimap.svg",
    ]);
  });

  await t.step("not of names that there are none of", async () => {
    const { code, err } = await project.run(
      ...["boxfill", "figures", "small", "--only", "confusoin"] as const,
    );
    strictEqual(code, 2);
    match(err, /^Cannot draw these figures .*did you mean "confusion"\?\n$/);
    const other = await project.run("boxfill", "figures", "smal");
    strictEqual(other.code, 2);
    match(other.err, /^Cannot find run "smal" .*did you mean "small"\?\n$/);
  });

  await t.step("not of a damaged run, which leaves the old ones", async () => {
    const scores = "runs/small/outputs/scores.scores.json";
    Deno.removeSync(`${project.folder}/${scores}`);
    project.write(scores, '{ "imageCount": 4 }');
    const { code, out, err } = await project.run("boxfill", "figures", "small");
    strictEqual(code, 1);
    strictEqual(out, "");
    match(err, /output "scores" of step "scores" must be whole: /);
    strictEqual(project.names("runs/small/figures").length, 18);
  });
});
