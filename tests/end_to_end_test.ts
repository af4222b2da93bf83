/** The workflow `labels` from pictures to report, small, with kills and changes. */
import { existsSync } from "node:fs";
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { BoxfillProject, replaceOnce, withCounts } from "./boxfill_project.ts";

const ROOT = new URL("../", import.meta.url).pathname;

/** Twelve pictures hold each of the six classes at least twice. */
const SMALL = { train: 12, val: 2, semi: 0 };

const RUN = ["run", "workflows/labels.yaml"];

/** A project with the workflow on few pictures. */
function smallProject(): BoxfillProject {
  const project = new BoxfillProject();
  project.writeLabels((text) => withCounts(text, SMALL));
  return project;
}

/** Steps that a run computed, sorted. */
function doneIn(out: string): string[] {
  return [...out.matchAll(/^done +(?<step>\S+)/gm)]
    .map(({ groups }) => groups!.step!).sort();
}

/** Metrics of the run by name. */
async function metricsOf(
  project: BoxfillProject,
): Promise<Record<string, number>> {
  return JSON.parse(await project.boxfill("metrics", "labels", "--json"));
}

const undisturbed = (() => {
  let digests: Promise<string> | null = null;
  return () => digests ??= compute();
  async function compute(): Promise<string> {
    using project = smallProject();
    await project.boxfill(...RUN, "--jobs", "2");
    return await project.boxfill("ls", "labels");
  }
})();

Deno.test("labels gives all metrics, proposals that beat rectangles, and then nothing to do", async () => {
  using project = smallProject();
  const steps = [
    "embedded",
    "filling_rates",
    "gallery",
    "index",
    "proposal_scores",
    "proposals",
    "rectangle_scores",
    "rectangles",
    "report",
    "sub_classes",
  ];
  deepStrictEqual(doneIn(await project.boxfill(...RUN)), steps);

  const metrics = await metricsOf(project);
  deepStrictEqual(Object.keys(metrics).sort(), documentedMetrics());
  ok(metrics["proposals.mean_iou"]! > metrics["rectangles.mean_iou"]! + 0.05);
  strictEqual(metrics["rectangles.foreground_recall"], 1);
  strictEqual(metrics["data_set.images"], SMALL.train);

  match(await project.boxfill(...RUN), /^all 10 steps fresh: nothing to do/);
});

/** Names of metrics as docs/workflows.md tells them, sorted. */
function documentedMetrics(): string[] {
  const classes = ["ball", "bar", "beast", "blob", "cross", "cycle"];
  const scores = [
    "mean_iou",
    "pixel_accuracy",
    "mean_class_accuracy",
    "frequency_weighted_iou",
    "foreground_precision",
    "foreground_recall",
    "mean_boundary_iou",
    ...[2, 5, 10].map((width) => `trimap_${width}px_mean_iou`),
    ...["background", ...classes].map((name) => `iou.${name}`),
  ];
  return [
    "data_set.images",
    "data_set.boxes",
    ...["rectangles", "proposals"].flatMap((what) =>
      scores.map((score) => `${what}.${score}`)
    ),
    ...classes.map((name) => `filling_rate.${name}`),
  ].sort();
}

Deno.test("report prints the tables of a run and its timings, and makes a page", async () => {
  using project = smallProject();
  await project.boxfill(...RUN);
  const printed = await project.boxfill("report", "labels");
  match(printed, /^# Labels from boxes\n\n## Labels against ground truth\n/);
  match(printed, /^\| proposals \| propose_segments \| .* \|$/m);
  const kept = project.read("runs/labels/report.md");
  strictEqual(
    printed,
    `${kept}\nWritten to runs/labels/report.md\n` +
      "Page: runs/labels/page/index.html\n",
  );
  match(project.read("runs/labels/page/index.html"), /<h1>Run labels /);

  const { metrics, seconds } = JSON.parse(
    await project.boxfill("report", "labels", "--json"),
  );
  deepStrictEqual(metrics, await metricsOf(project));
  ok(seconds.proposals > 0);

  const atTheEnd = await project.boxfill(...RUN, "--report");
  match(
    atTheEnd,
    /nothing to do[^\n]*\n\nmean IoU, % +of labels\nRectangles +/,
  );
  match(atTheEnd, /\nPage: +\S+\/runs\/labels\/page\/index\.html\n$/);
  const asEvents = await project.boxfill(...RUN, "--report", "--json");
  for (const line of asEvents.trim().split("\n")) JSON.parse(line);

  // Outputs of a run that was killed may be newer than its record.
  const at = "2999-01-01T00:00:00.000Z";
  const begun = JSON.stringify({ at, type: "run_started" });
  project.write("runs/labels/events.jsonl", `${begun}\n`);
  match(await project.boxfill("report", "labels"), /outcome is "broken off"/);
  match(
    project.read("runs/labels/page/index.html"),
    /class="badge bad">broken off</,
  );
});

Deno.test("a run killed during proposals goes on to the same bytes", async () => {
  using project = smallProject();
  const process = project.spawn("boxfill", ...RUN);
  await said(process, "running   proposals");
  await new Promise((resolve) => setTimeout(resolve, 50));
  process.kill("SIGKILL");
  await process.status;
  const steps = project.names("runs/labels/steps");
  ok(steps.includes("index.json") && !steps.includes("proposals.json"));

  const again = doneIn(await project.boxfill(...RUN));
  ok(again.includes("proposals") && !again.includes("embedded"));
  strictEqual(await project.boxfill("ls", "labels"), await undisturbed());
  match(await project.boxfill("verify"), /: all whole$/m);
});

/** Reads what a command prints until a text is in it. */
async function said(
  process: Deno.ChildProcess,
  wanted: string,
): Promise<void> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of process.stdout.values({ preventCancel: true })) {
    text += decoder.decode(bytes, { stream: true });
    if (text.includes(wanted)) return;
  }
  throw new Error(`It never said "${wanted}": ${text}`);
}

Deno.test("a run gives the same bytes on one core as on two", async () => {
  using project = smallProject();
  await project.boxfill(...RUN, "--jobs", "1");
  strictEqual(await project.boxfill("ls", "labels"), await undisturbed());
});

Deno.test("other iterations of the CRF run proposals and what needs them, no more", async () => {
  using project = smallProject();
  await project.boxfill(...RUN);
  project.writeLabels((text) =>
    replaceOnce(withCounts(text, SMALL), "iterations: 10", {
      by: "iterations: 2",
    })
  );
  const out = await project.boxfill(...RUN);
  match(out, /^running +proposals: param `iterations` 10 -> 2$/m);
  deepStrictEqual(doneIn(out), [
    "filling_rates",
    "gallery",
    "proposal_scores",
    "proposals",
    "report",
    "sub_classes",
  ]);
});

const VOC_SUBSET = `${ROOT}../shared/data/voc_subset`;
const hasVocSubset = existsSync(VOC_SUBSET);
if (!hasVocSubset) {
  console.log("No test on pictures of VOC: ../shared/data/voc_subset is away");
}

Deno.test({
  name: "labels on six pictures of VOC gives proposals that beat rectangles",
  ignore: !hasVocSubset,
  async fn() {
    using project = new BoxfillProject();
    copyOfVoc(project, 6);
    project.writeLabels((text) =>
      replaceOnce(text, 'split: "${params.split}",', {
        by: 'split: "${params.split}", maxImages: 6,',
      })
    );
    await project.boxfill(
      ...[...RUN, "--set", "data=./voc", "--set", "classes=voc"],
      ...["--set", "appearanceSigmaPx=37"],
    );
    strictEqual(
      project.names("runs/labels/outputs/proposals.labels").length,
      6,
    );
    const metrics = await metricsOf(project);
    strictEqual(metrics["data_set.images"], 6);
    ok(metrics["proposals.mean_iou"]! > metrics["rectangles.mean_iou"]!);
  },
});

/** Copies the lists and the first images of the training list. */
function copyOfVoc(project: BoxfillProject, count: number): void {
  const copy = (path: string) =>
    project.write(`voc/${path}`, Deno.readFileSync(`${VOC_SUBSET}/${path}`));
  const list = "ImageSets/Segmentation/train.txt";
  copy(list);
  const ids = project.read(`voc/${list}`).split("\n").slice(0, count);
  for (const id of ids) {
    copy(`JPEGImages/${id}.jpg`);
    copy(`Annotations/${id}.xml`);
    copy(`SegmentationClass/${id}.png`);
  }
}
