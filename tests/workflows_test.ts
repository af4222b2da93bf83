/** The workflow files of the project, resolved with its own stages. */
import { deepStrictEqual, ok } from "node:assert/strict";
import { formatDiagnostics } from "../pipeline/workflow/diagnostic.ts";
import { loadWorkflow } from "../pipeline/workflow/load_workflow.ts";
import type { Workflow } from "../pipeline/workflow/workflow.ts";
import { Sources } from "../pipeline/plan/sources.ts";
import { Store } from "../pipeline/store/store.ts";
import {
  type DenseCrfOptions,
  LARGEFOV_CRF,
  RESNET101_CRF,
  WSSL_BOX_CRF,
} from "../lib/crf/dense_crf.ts";
import { ABLATION_VARIANTS, CONTROL } from "../lib/report/ablation_variants.ts";
import { PAPER_FIGURES } from "../lib/report/paper_tables.ts";
import { STAGES } from "../stages/mod.ts";

const WORKFLOWS = new URL("../workflows/", import.meta.url).pathname;
const ALL_VARIANTS = ABLATION_VARIANTS.map(({ name }) => name);

/** A workflow file by its name, which must have no problem. */
async function resolved(
  name: string,
  overrides: readonly string[] = [],
): Promise<Workflow> {
  const file = `${name}.yaml`;
  const text = Deno.readTextFileSync(`${WORKFLOWS}${file}`);
  const loaded = await loadWorkflow(text, { file, stages: STAGES, overrides });
  if (loaded.ok) return loaded.workflow;
  throw new Error(formatDiagnostics(loaded.diagnostics));
}

/** Variants that a step is expanded over, in the workflow's order. */
function variantsOf({ steps }: Workflow, name: string): string[] {
  const ofStep = steps.filter((step) => step.name === name);
  return [...new Set(ofStep.map(({ axes }) => axes.variant!))];
}

function assertSameSet(actual: readonly string[], expected: readonly string[]) {
  deepStrictEqual(actual.toSorted(), expected.toSorted());
}

/** A temporary folder, removed afterwards. */
class Folder implements Disposable {
  readonly path = Deno.makeTempDirSync({ prefix: "boxfill_" });

  /** Writes an empty file. */
  touch(path: string): void {
    const full = `${this.path}/${path}`;
    Deno.mkdirSync(full.slice(0, full.lastIndexOf("/")), { recursive: true });
    Deno.writeTextFileSync(full, "");
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}

/** What is wrong with the folders that a workflow reads, told by the engine. */
function sourceProblems(workflow: Workflow, folder: Folder): string[] {
  const store = new Store(`${folder.path}/store`);
  return new Sources(workflow, store).problems.map(({ message }) => message);
}

Deno.test("every workflow file resolves, under its own name", async () => {
  const names = [...Deno.readDirSync(WORKFLOWS)].map(({ name }) => name)
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => name.replace(/\.yaml$/, ""));
  ok(names.length >= 6);
  for (const name of names) {
    const workflow = await resolved(name);
    deepStrictEqual(workflow.name, name);
    ok(workflow.steps.length > 0);
  }
});

Deno.test("reproduce and voc2012 compare all variants of the paper's tables", async () => {
  for (const name of ["reproduce", "voc2012"]) {
    assertSameSet(variantsOf(await resolved(name), "scores"), ALL_VARIANTS);
  }
});

Deno.test("voc2012_resnet101 compares what Table 3 does, and the control", async () => {
  const variants = variantsOf(await resolved("voc2012_resnet101"), "scores");
  const ofPaper = Object.keys(PAPER_FIGURES.resnet101);
  assertSameSet(variants, ["rectangles", "baseline", CONTROL, ...ofPaper]);
});

Deno.test("voc_subset compares five variants, and all on demand", async () => {
  const few = ["rectangles", "baseline", CONTROL, "bcm_fr_refine", "full"];
  assertSameSet(variantsOf(await resolved("voc_subset"), "scores"), few);
  const origins = ALL_VARIANTS.map((name) =>
    `${name}: {weights: ${originOf(name)}.weights}`
  );
  const override = `variants={${origins.join(", ")}}`;
  const workflow = await resolved("voc_subset", [override]);
  assertSameSet(variantsOf(workflow, "scores"), ALL_VARIANTS);
});

Deno.test("voc_subset tests readings on no picture that it does not learn from", async () => {
  const { steps } = await resolved("voc_subset", ["maxImages=12"]);
  const sample = steps.find(({ name }) => name === "index_sample")!;
  deepStrictEqual(sample.params.maxImages, [12, 200]);
});

/** The step that trains a variant. */
function originOf(variant: string): string {
  const own = ["rectangles", "box_only", "baseline", "semi", "full"];
  if (!own.includes(variant)) return "tuned_model";
  return variant === "rectangles" ? "rectangle_model" : `${variant}_model`;
}

Deno.test("the weight of BCM's loss is swept on demand only", async () => {
  const sweep = ["0.1", "1", "16.8"].map((it) => `bcm_lambda_${it}`);
  const origins = sweep.map((name) =>
    `${name}: {weights: tuned_model.weights}`
  );
  for (const name of ["reproduce", "voc2012"]) {
    const usual = variantsOf(await resolved(name), "tuned_model");
    deepStrictEqual(usual.filter((variant) => sweep.includes(variant)), []);
    const override = `variants={${origins.join(", ")}}`;
    const workflow = await resolved(name, [override]);
    for (const step of ["tuned_model", "scores", "attention_maps"]) {
      assertSameSet(variantsOf(workflow, step), sweep);
    }
  }
});

Deno.test("nothing is trained that no variant needs", async () => {
  const control = "variants={control: {weights: tuned_model.weights}}";
  for (const name of ["reproduce", "voc2012", "voc_subset"]) {
    const { steps } = await resolved(name, [control]);
    const trained = steps
      .filter(({ stage }) => stage.name === "train_segmenter")
      .map((step) => step.name);
    const chain = ["rectangle_model", "baseline_model", "tuned_model"];
    assertSameSet(trained, chain);
  }
});

/** What the CRF of a step is run with, the same in all of its expansions. */
function crfOf({ steps }: Workflow, name: string): Record<string, unknown> {
  const ofStep = steps.filter((step) => step.name === name);
  const [crf, ...others] = ofStep.map(({ params }) =>
    Object.fromEntries(
      Object.keys(WSSL_BOX_CRF).map((key) => [key, params[key]]),
    )
  );
  ok(crf !== undefined, name);
  for (const other of others) deepStrictEqual(other, crf);
  return crf;
}

Deno.test("proposals are made with WSSL's numbers, widths to the size of the pictures", async () => {
  const small = { appearanceSigmaPx: 9.5, smoothnessSigmaPx: 0.77 };
  const wide = ["appearanceSigmaPx=37", "smoothnessSigmaPx=3"];
  const cases: [string, string[], DenseCrfOptions][] = [
    ["labels", [], { ...WSSL_BOX_CRF, ...small }],
    ["labels", wide, WSSL_BOX_CRF],
    ["reproduce", [], { ...WSSL_BOX_CRF, ...small }],
    ["voc_subset", [], WSSL_BOX_CRF],
    ["voc2012", [], WSSL_BOX_CRF],
    ["voc2012_resnet101", [], WSSL_BOX_CRF],
  ];
  for (const [name, overrides, crf] of cases) {
    const workflow = await resolved(name, overrides);
    deepStrictEqual(crfOf(workflow, "proposals"), crf, name);
  }
});

Deno.test("predictions are refined with the numbers of the network's code, normalisation included", async () => {
  const cases: [string, DenseCrfOptions][] = [
    ["voc_subset", LARGEFOV_CRF],
    ["voc2012", LARGEFOV_CRF],
    ["voc2012_resnet101", RESNET101_CRF],
  ];
  for (const [name, crf] of cases) {
    deepStrictEqual(crfOf(await resolved(name), "crf_labels"), crf, name);
  }
});

Deno.test("seeds multiply the trainings and what follows of them", async () => {
  for (const name of ["voc2012", "voc2012_resnet101", "voc_subset"]) {
    const count = async (overrides: string[]) =>
      (await resolved(name, overrides)).steps
        .filter((step) => step.stage.name === "train_segmenter").length;
    deepStrictEqual(await count(["seeds=[1, 2, 3]"]), 3 * await count([]));
  }
});

Deno.test("workflows on VOC read what fetch-voc leaves and nothing else", async () => {
  using folder = new Folder();
  const { path } = folder;
  folder.touch("VOC2012/ImageSets/Segmentation/train.txt");
  folder.touch("VOC2012/JPEGImages/a.jpg");
  folder.touch("VOC2012/Annotations/a.xml");
  folder.touch("VOC2012/SegmentationClass/a.png");
  folder.touch("VOC2012/SegmentationClassAug/a.png");
  folder.touch("weights/file.safetensors");
  for (const name of ["voc2012", "voc2012_resnet101", "voc_subset"]) {
    const workflow = await resolved(name, [
      `data=${path}/VOC2012`,
      `weights=${path}/weights/file.safetensors`,
    ]);
    deepStrictEqual(sourceProblems(workflow, folder), [], name);
  }
});
