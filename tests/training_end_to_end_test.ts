/** A workflow that trains, from pictures to scores, as users run it. */
import { match, ok, strictEqual } from "node:assert/strict";
import { BoxfillProject, replaceOnce } from "./boxfill_project.ts";

/** Twelve pictures hold each of the six classes at least twice. */
const WORKFLOW = `workflow: training
seed: 1
steps:
  embedded:
    stage: draw_data_set
    params: { train: 12, val: 2, semi: 0 }
  index:
    stage: index_voc
    inputs:
      lists: embedded.data_set/ImageSets/Segmentation
      images: embedded.data_set/JPEGImages
      annotations: embedded.data_set/Annotations
    params: { split: train, classes: embedded }
  model:
    stage: train_segmenter
    inputs:
      images: embedded.data_set/JPEGImages
      boxes: index.boxes
      classes: index.classes
    params:
      name: tiny
      network:
        kind: largefov
        width: 0.125
        convolutions: [1, 1, 1, 1, 1]
        inputScale: 0.015625
        fcChannels: 32
        fc6Dilation: 4
      head: { kind: bcm }
      selection: { rate: 0.6 }
      mask: { lambda: 0.01 }
      iterations: 12
      batchSize: 8
      shardSize: 4
      cropSizePx: 97
      schedule: { kind: step, rate: 0.02, every: 8 }
      checkpointEvery: 2
      device: cpu
    resources: { cpus: 2 }
  predictions:
    stage: predict_scores
    inputs:
      images: embedded.data_set/JPEGImages
      boxes: index.boxes
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
    params: { name: tiny }
`;

const RUN = ["run", "workflow.yaml", "--jobs", "2"];

/** A project with the workflow. */
function trainingProject(text = WORKFLOW): BoxfillProject {
  const project = new BoxfillProject();
  project.write("workflow.yaml", text);
  return project;
}

/** Waits until a training has written a checkpoint. */
async function checkpointed(project: BoxfillProject): Promise<void> {
  const giveUp = AbortSignal.timeout(60_000);
  for (;;) {
    const names = project.names(".store/scratch")
      .filter((folder) => !folder.endsWith(".lock"))
      .flatMap((folder) => project.names(`.store/scratch/${folder}`));
    if (names.some((name) => /^checkpoint_\d+\.\w+$/.test(name))) return;
    giveUp.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

Deno.test("a run killed in mid-training goes on to the same bytes, and scores are told", async () => {
  using whole = trainingProject();
  await whole.boxfill(...RUN);

  using killed = trainingProject();
  const process = killed.spawn("boxfill", ...RUN);
  await checkpointed(killed);
  process.kill("SIGKILL");
  await process.output();
  ok(!killed.names("runs/training/steps").includes("model.json"));

  const again = await killed.boxfill(...RUN);
  ok(!/^done +embedded/m.test(again));
  match(
    await killed.boxfill("log", "model", "--workflow", "workflow.yaml"),
    /went on from iteration \d+/,
  );
  strictEqual(
    await killed.boxfill("ls", "training"),
    await whole.boxfill("ls", "training"),
  );
  const metrics = JSON.parse(
    await killed.boxfill("metrics", "training", "--json"),
  );
  ok(metrics["tiny.mean_iou"] >= 0);
  ok(metrics["training.tiny.loss"] > 0);
  ok(metrics["training.tiny.mask_loss"] > 0);
  ok(metrics["training.tiny.kept_share"] < 1);
});

Deno.test("a training that contradicts itself is refused before anything runs", async () => {
  const text = replaceOnce(WORKFLOW, "head: { kind: bcm }", {
    by: "head: { kind: plain }",
  });
  using project = trainingProject(
    replaceOnce(text, "shardSize: 4", { by: "shardSize: 3" }),
  );
  const { code, err } = await project.run("boxfill", ...RUN);
  strictEqual(code, 2);
  strictEqual(
    err,
    `workflow.yaml:31:13 Cannot use param "mask" of step "model" as it must \
be null as head plain has no attention to teach: it is a map
      mask: { lambda: 0.01 }
            ~~~~~~~~~~~~~~~~
workflow.yaml:33:18 Cannot use param "batchSize" of step "model" as it must \
be a multiple of shardSize 3: it is 8
      batchSize: 8
                 ~
`,
  );
  strictEqual(project.names("runs").length, 0);
});
