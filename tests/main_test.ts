/** The command line as users meet it, with the permissions of the tasks. */
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { encodeLabelMap } from "../lib/label/label_map_png.ts";
import { formatDiagnostics } from "../pipeline/workflow/diagnostic.ts";
import { loadWorkflow } from "../pipeline/workflow/load_workflow.ts";
import { STAGES } from "../stages/mod.ts";
import { BoxfillProject, type Outcome, withCounts } from "./boxfill_project.ts";
import { labelMap } from "./drawings.ts";

const ROOT = new URL("../", import.meta.url).pathname;

/** A project with predictions and truth to score: 1 of 3 and 8 of 8 right. */
function scoredProject(): BoxfillProject {
  const project = new BoxfillProject();
  const rows = {
    "predictions/a": "1...",
    "predictions/b": "11111111",
    "truth/a": "111.",
    "truth/b": "11111111",
  };
  for (const [path, row] of Object.entries(rows)) {
    project.write(`${path}.png`, encodeLabelMap(labelMap(row)));
  }
  return project;
}

/** Asserts that a command failed with a message and nothing else. */
function assertFailed(
  { code, out, err }: Outcome,
  expected: { code: number; message: string },
): void {
  deepStrictEqual(
    { code, out, message: err },
    { code: expected.code, out: "", message: `${expected.message}\n` },
  );
}

Deno.test("evaluate prints scores in per cent", async () => {
  using project = scoredProject();
  const { code, out, err } = await project.run(
    "evaluate",
    ...["predictions", "truth", "--classes", "ball,bar"],
    ...["--headline", "ball", "--trimap", "2"],
  );
  deepStrictEqual([code, err], [0, ""]);
  strictEqual(
    out,
    `Classes: ball,bar

| % | 2 images |
| --- | ---: |
| mean IoU | 57.6 |
| mean IoU over ball | 81.8 |
| pixel accuracy | 83.3 |
| mean class accuracy | 90.9 |
| frequency-weighted IoU | 77.8 |
| foreground precision | 100.0 |
| foreground recall | 81.8 |
| mean Boundary IoU | 57.6 |
| mean IoU within 2 px of borders | – |

| class | IoU | Boundary IoU | precision | recall |
| --- | ---: | ---: | ---: | ---: |
| background | 33.3 | 33.3 | 33.3 | 100.0 |
| ball | 81.8 | 81.8 | 100.0 | 81.8 |

`,
  );
});

Deno.test("evaluate --json prints all digits and the confusion matrix", async () => {
  using project = scoredProject();
  const { out } = await project.run(
    "evaluate",
    ...["predictions", "truth", "--classes", "ball", "--json"],
  );
  const scores = JSON.parse(out);
  strictEqual(scores.meanIou, (1 / 3 + 9 / 11) / 2);
  deepStrictEqual(scores.confusion, [[1, 0], [2, 9]]);
});

Deno.test("evaluate --list scores the images of the list", async () => {
  using project = scoredProject();
  project.write("list.txt", "b\n");
  const { out } = await project.run(
    "evaluate",
    ...["predictions", "truth", "--list", "list.txt", "--json"],
  );
  strictEqual(JSON.parse(out).imageCount, 1);
});

Deno.test("evaluate tells what is missing in one line", async () => {
  using project = scoredProject();
  project.write("list.txt", "b\nc\n");
  const pair = ["predictions", "truth"];
  assertFailed(
    await project.run("evaluate", ...pair, "--list", "list.txt"),
    {
      code: 1,
      message: "Cannot score 2 images as each must have a prediction and a " +
        "truth: missing predictions/c.png, truth/c.png",
    },
  );
  assertFailed(await project.run("evaluate", "prediction", "truth"), {
    code: 1,
    message: 'Cannot read "prediction" as it must be a folder of PNGs: ' +
      "nothing is there",
  });
  assertFailed(await project.run("evaluate", "predictions", "list.txt"), {
    code: 1,
    message: 'Cannot read "list.txt" as it must be a folder of PNGs: ' +
      "it is a file",
  });
});

Deno.test("evaluate names the image whose sizes differ", async () => {
  using project = scoredProject();
  project.write("truth/b.png", encodeLabelMap(labelMap("11", "11")));
  assertFailed(await project.run("evaluate", "predictions", "truth"), {
    code: 1,
    message: 'Cannot score image "b" as its prediction must be as large as ' +
      "its ground truth: prediction is 8 × 1 px, ground truth is 2 × 2 px",
  });
});

Deno.test("evaluate refuses classes and widths that there are not", async () => {
  using project = scoredProject();
  const call = ["predictions", "truth", "--classes", "ball,bar"];
  assertFailed(await project.run("evaluate", ...call, "--headline", "bal"), {
    code: 1,
    message: 'Cannot average over class "bal" as it must be one of ' +
      "background, ball, bar: it is not",
  });
  assertFailed(await project.run("evaluate", ...call, "--trimap", "2,x"), {
    code: 2,
    message: "Cannot score near borders as a width must be a whole number " +
      'of px: "x"',
  });
});

Deno.test("report says which run it does not find, or that it has not ended", async () => {
  using project = new BoxfillProject();
  assertFailed(await project.run("boxfill", "report", "nope"), {
    code: 2,
    message: 'Cannot find run "nope" as it must be in "runs": there is none',
  });
  const small = { train: 1, val: 1, semi: 0 };
  const workflow = project.writeLabels((text) => withCounts(text, small));
  await project.boxfill("run", workflow, "--only", "embedded");
  assertFailed(await project.run("boxfill", "report", "lables"), {
    code: 2,
    message: 'Cannot find run "lables" as it must be in "runs": did you mean ' +
      '"labels"?',
  });
  match(await project.boxfill("report", "labels"), /^## Timings\n/);
  project.write("runs/begun/steps/index.json", "{}");
  assertFailed(await project.run("boxfill", "report", "begun"), {
    code: 2,
    message: 'Cannot report on "runs/begun" as it must be a run that has ' +
      "ended: it has not",
  });
});

Deno.test("fetch-voc --dry-run says what it would fetch, and fetches nothing", async () => {
  using project = new BoxfillProject();
  const { code, out, err } = await project.run(
    "fetch:voc",
    ...["--dry-run", "--only", "vgg16"],
  );
  deepStrictEqual([code, err], [0, ""]);
  match(out, /^vgg16_imagenet: to fetch, .*: VGG-16 .*; licence: BSD/);
  match(out, /^Needs about .* in "data"; .* are free$/m);
  strictEqual(out.trimEnd().split("\n").length, 2);
  deepStrictEqual(project.names(), []);
});

Deno.test("fetch-voc --only names the groups there are", async () => {
  using project = new BoxfillProject();
  assertFailed(await project.run("fetch:voc", "--only", "voc,vgg"), {
    code: 2,
    message: 'Cannot fetch "vgg" as it must be one of voc, sbd, vgg16',
  });
});

Deno.test("a misspelt command or option is suggested its likely form", async () => {
  using project = new BoxfillProject();
  assertFailed(await project.run("boxfill", "reprot"), {
    code: 2,
    message: "error: unknown command 'reprot'\n(Did you mean report?)",
  });
  assertFailed(await project.run("boxfill", "run", "--nme", "x"), {
    code: 2,
    message: "error: unknown option '--nme'\n(Did you mean --name?)",
  });
});

Deno.test("run --set points at a param that there is not", async () => {
  using project = new BoxfillProject();
  const workflow = `${ROOT}workflows/labels.yaml`;
  assertFailed(
    await project.run("boxfill", "run", workflow, "--set", "dta=3"),
    {
      code: 2,
      message:
        'Cannot override "dta" as "params" must have "dta": did you mean ' +
        '"data"?\n--set dta=3\n      ~~~',
    },
  );
  assertFailed(await project.run("boxfill", "run", workflow, "--set", "data"), {
    code: 2,
    message: "Cannot override a param as it must be written a.b=value: it is " +
      '"data"\n--set data\n      ~~~~',
  });
  deepStrictEqual(project.names("runs"), []);
});

Deno.test("run --set says which value a param of a stage must have", async () => {
  using project = new BoxfillProject();
  const { code, err } = await project.run(
    "boxfill",
    ...["run", `${ROOT}workflows/labels.yaml`],
    ...["--set", "appearanceSigmaPx=-1"],
  );
  strictEqual(code, 2);
  match(err, /"appearanceSigmaPx" of step "proposals"/);
});

Deno.test("run tells each folder of a data set that is not there once", async () => {
  using project = new BoxfillProject();
  const workflow = `${ROOT}workflows/labels.yaml`;
  const { code, err } = await project.run(
    "boxfill",
    ...["run", workflow, "--set", "data=./nope"],
  );
  strictEqual(code, 2);
  const folders = err.match(/"\.\/nope\/[^"]*"/g);
  deepStrictEqual(folders, [
    '"./nope/ImageSets/Segmentation"',
    '"./nope/JPEGImages"',
    '"./nope/Annotations"',
    '"./nope/SegmentationClass"',
  ]);
  strictEqual(err.trimEnd().split("\n").length, 4);
});

Deno.test("a folder that may not be written is told without a stack", async () => {
  using project = new BoxfillProject();
  const workflow = `${ROOT}workflows/labels.yaml`;
  const store = `${project.folder}/elsewhere`;
  const { code, err } = await project.run(
    "boxfill",
    ...["run", workflow, "--store", store],
  );
  strictEqual(code, 1);
  match(err, /^Requires write access to "[^"]*", run again with .*\n$/);
});

Deno.test("a workflow that is not there is told in one line", async () => {
  using project = new BoxfillProject();
  assertFailed(await project.run("boxfill", "run", "nope.yaml"), {
    code: 2,
    message: 'Cannot read workflow "nope.yaml" as it must exist: nothing is ' +
      "there",
  });
});

Deno.test("workflows/workflow.schema.json is what schema prints", async () => {
  using project = new BoxfillProject();
  strictEqual(
    Deno.readTextFileSync(`${ROOT}workflows/workflow.schema.json`),
    await project.boxfill("schema"),
    "it is out of date: run `deno task schema`",
  );
});

const WORKFLOWS = [...Deno.readDirSync(`${ROOT}workflows`)]
  .map(({ name }) => name).filter((name) => name.endsWith(".yaml"));

for (const name of WORKFLOWS) {
  Deno.test(`workflows/${name} loads, and editors know its schema`, async () => {
    const text = Deno.readTextFileSync(`${ROOT}workflows/${name}`);
    const file = `workflows/${name}`;
    const loaded = await loadWorkflow(text, { file, stages: STAGES });
    strictEqual(loaded.ok ? "" : formatDiagnostics(loaded.diagnostics), "");
    const [first] = text.split("\n");
    strictEqual(
      first,
      "# yaml-language-server: $schema=./workflow.schema.json",
    );
  });
}
