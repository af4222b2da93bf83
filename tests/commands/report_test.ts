/** The report of a run and its page, as users ask for them. */
import { match } from "node:assert/strict";
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

Deno.test("report finds tables whatever steps are called", async () => {
  using project = await runOnOwnPictures();
  match(await project.boxfill("report", "mine"), /^# Mine\n/);
});
