/**
 * Boxfill's command line: the only module that knows both the engine and the
 * science.
 *
 * @module
 */
import type { Command } from "commander";
import type { CrfTexts } from "./lib/predict/crf_call.ts";
import { runCli } from "./pipeline/cli/cli.ts";
import { CliError } from "./pipeline/cli/project.ts";
import type { RunRecord } from "./pipeline/run/run_record.ts";
import { STAGES } from "./stages/mod.ts";
import config from "./deno.json" with { type: "json" };

/** Steps and outputs that a run's report consists of, in this order. */
const PAGES = [
  "report.report",
  "readings.table",
  "attention.table",
  "ablation.table",
];

/** Between two lines on how far a download is. */
const PROGRESS_INTERVAL_MS = 10_000;

/** For those who call the command from a folder below. */
const CRF_PATHS = `
Paths are seen from the folder that the program runs in; "deno task" lets it
run in the repository's root, so name files elsewhere by their whole paths.`;

/** Of npm packages: what no machine that gets our package would load. */
const UNPACKAGED = [
  "**/*.map",
  // Native code for other systems; packages are made and used on one kind.
  ...otherSystems("**/onnxruntime-node/bin/*"),
  // Builds for browsers, and for ways to a GPU that we do not take.
  "**/onnxruntime-web/lib/**",
  "**/onnxruntime-web/dist/ort{,.min,.bundle.min}.{js,mjs}",
  "**/onnxruntime-web/dist/ort.{all,jspi,webgl}.*",
  "**/onnxruntime-web/dist/*.{jsep,jspi}.*",
  "**/@tensorflow/tfjs-*/dist/*.{es2017,fesm}.*",
  "**/@tensorflow/tfjs-*/dist/*.min.js",
  // The compiler of the CRF's kernel, which is kept compiled.
  "**/node_modules/{assemblyscript,binaryen}/**",
  // Sources beside what is made of them; code for a runtime that is not Deno.
  "**/node_modules/zod/src/**",
  "**/bare-*/prebuilds/**",
];

/** Patterns of the folders `SYSTEM/CPU` under a folder but this machine's. */
function otherSystems(folder: string): string[] {
  const { os, arch } = Deno.build;
  const ownSystem = os === "windows" ? "win32" : os;
  const ownCpu = arch === "x86_64" ? "x64" : "arm64";
  const systems = ["linux", "darwin", "win32"].filter((it) => it !== ownSystem);
  const cpus = ["x64", "arm64"].filter((it) => it !== ownCpu);
  return [`${folder}/{${systems}}/**`, `${folder}/${ownSystem}/{${cpus}}/**`];
}

/** Commands beside those of the engine; each loads its science when called. */
function addCommands(program: Command): void {
  program.command("evaluate <predictions> <truth>")
    .description("score a folder of label PNGs against another")
    .option(
      "--classes <list>",
      "of the labels: voc, embedded, or names in label order, by comma",
      "voc",
    )
    .option("--list <file>", "image ids to score; else all predictions")
    .option("--trimap <px>", "widths around void borders, by comma")
    .option("--headline <names>", "classes of one more mean IoU, by comma")
    .option("--json", "print JSON")
    .action(evaluate);
  program.command("crf <image>")
    .description("refine one picture's labels by a dense CRF, and time it")
    .requiredOption("--unary <file>", "-ln p as float32, [L][H][W]")
    .requiredOption("--labels <count>", "L, at most 255")
    .requiredOption("--bilateral <w,xy,rgb>", "weight, std in px and levels")
    .requiredOption("--spatial <w,xy>", "weight, std in px")
    .option("--iterations <count>", "of mean field", "10")
    .option("--normalise <how>", "symmetric or after", "symmetric")
    .requiredOption("--marginals <file>", "where Q goes, as float32")
    .option("--labels-out <file>", "where the labels go, as PNG")
    .option("--repeat <count>", "how often, for timings", "1")
    .option("--device <name>", "auto, cpu or gpu", "cpu")
    .option("--json", "print JSON")
    .addHelpText("after", CRF_PATHS)
    .action(crf);
  program.command("report [run]")
    .description("print a run's report and how long its steps took")
    .option("--runs <folder>", "where runs are shown", "runs")
    .option("--json", "print JSON")
    .action(report);
  program.command("fetch-voc")
    .description("download VOC 2012, SBD's masks and VGG-16's weights")
    .option("--folder <path>", "where to put them", "data")
    .option("--only <groups>", "of voc, sbd, vgg16, by comma")
    .option("-n, --dry-run", "only say what would be fetched")
    .action(fetchVocFiles);
}

async function evaluate(
  predictions: string,
  truth: string,
  options: {
    classes: string;
    list?: string;
    trimap?: string;
    headline?: string;
    json?: boolean;
  },
): Promise<void> {
  const { classNamesOf } = await import("./lib/dataset/class_list.ts");
  const { scoreFolders } = await import("./lib/metric/score_folders.ts");
  const { scoreTable } = await import("./lib/report/score_table.ts");
  const { classes, list = null } = options;
  const trimapWidthsPx = byComma(options.trimap).map(widthPx);
  const scores = scoreFolders({ predictions, truth, list }, {
    classNames: classNamesOf(classes),
    trimapWidthsPx,
    headlineClasses: byComma(options.headline),
  });
  console.log(
    options.json
      ? JSON.stringify(scores, null, 2)
      : `Classes: ${classes}\n\n${scoreTable(scores)}`,
  );
}

function widthPx(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new CliError(
    `Cannot score near borders as a width must be a whole number of px: ` +
      `"${text}"`,
  );
}

async function crf(
  image: string,
  options: CrfTexts & { json?: boolean },
): Promise<void> {
  const { readCrfCall } = await import("./lib/predict/crf_call.ts");
  const { refineFiles } = await import("./lib/predict/refine_files.ts");
  const { crfTimings } = await import("./lib/report/crf_timings.ts");
  const call = asUsage(() => readCrfCall(image, options));
  const report = await refineFiles(call);
  console.log(
    options.json ? JSON.stringify(report, null, 2) : crfTimings(report),
  );
}

/** What is out of range is wrong usage here. */
function asUsage<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof RangeError ? new CliError(error.message) : error;
  }
}

async function report(
  name = "reproduce",
  { runs, json }: { runs: string; json?: boolean },
): Promise<void> {
  const { suggestion } = await import("./pipeline/workflow/did_you_mean.ts");
  const { namesIn } = await import("./pipeline/store/store.ts");
  const known = namesIn(runs);
  if (!known.includes(name)) {
    throw new CliError(
      `Cannot find run "${name}" as it must be in "${runs}": ` +
        suggestion(name, known),
    );
  }
  await printReport(`${runs}/${name}`, json);
}

async function printReport(run: string, isJson = false): Promise<void> {
  const { readRunRecord } = await import("./pipeline/run/run_record.ts");
  const { formatTimings } = await import("./pipeline/cli/timings.ts");
  const { readTextIfThere } = await import("./pipeline/store/durable_file.ts");
  const record = readRunRecord(run);
  if (record === null) {
    throw new CliError(
      `Cannot report on "${run}" as it must be a run that has ended: it has not`,
    );
  }
  const pages = pagesOf(run);
  if (pages.length === 0) {
    const steps = PAGES.map((page) => page.split(".")[0]).join(", ");
    throw new CliError(
      `Cannot report on "${run}" as it must have done a step that writes ` +
        `tables (${steps}): it has done none; what it made is in ` +
        `"${run}/outputs"`,
    );
  }
  const text = [
    ...pages,
    "## Timings\n",
    formatTimings(record),
    ...(record.outcome === "succeeded"
      ? []
      : [`The run's last outcome is "${record.outcome}": parts are older.\n`]),
  ].join("\n");
  Deno.writeTextFileSync(`${run}/report.md`, text);
  const summary = readTextIfThere(`${run}/outputs/report.summary.json`);
  const json = JSON.stringify(reportJson(record, summary), null, 2);
  Deno.writeTextFileSync(`${run}/report.json`, json + "\n");
  console.log(isJson ? json : `${text}\nWritten to ${run}/report.md`);
}

/** The pages of a run; of a step with a matrix, those of all expansions. */
function pagesOf(run: string): string[] {
  const folder = `${run}/outputs`;
  const files = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  return PAGES.flatMap((page) =>
    files.filter((file) => file.replace(/\[.*\]/, "") === `${page}.md`)
      .map((file) => Deno.readTextFileSync(`${folder}/${file}`))
  );
}

function reportJson(
  { outcome, metrics, steps }: RunRecord,
  summary: string | null,
) {
  const seconds = steps.map((step) => [step.id, step.seconds]);
  return {
    outcome,
    ...JSON.parse(summary ?? "{}"),
    metrics,
    seconds: Object.fromEntries(seconds),
  };
}

async function fetchVocFiles(
  options: { folder: string; only?: string; dryRun?: boolean },
): Promise<void> {
  const { describeFetchEvent, fetchVoc, VOC_GROUPS } = await import(
    "./lib/dataset/fetch_voc.ts"
  );
  const only = byComma(options.only).map((name) => {
    const group = VOC_GROUPS.find((known) => known === name);
    if (group !== undefined) return group;
    throw new CliError(
      `Cannot fetch "${name}" as it must be one of ${VOC_GROUPS.join(", ")}`,
    );
  });
  let toldAtMs = -Infinity;
  await fetchVoc({
    folder: options.folder,
    ...(only.length > 0 && { only }),
    dryRun: options.dryRun ?? false,
    onEvent(event) {
      const nowMs = performance.now();
      const isDue = nowMs - toldAtMs >= PROGRESS_INTERVAL_MS;
      if (event.type === "progress" && !isDue) return;
      if (event.type === "progress") toldAtMs = nowMs;
      console.log(describeFetchEvent(event));
    },
  });
}

function byComma(list = ""): string[] {
  return list.split(",").map((item) => item.trim()).filter((item) =>
    item !== ""
  );
}

if (import.meta.main) {
  const code = await runCli({
    name: "boxfill",
    version: config.version,
    description: "Turns bounding boxes into semantic segmentation.",
    stages: STAGES,
    defaultWorkflow: "workflows/reproduce.yaml",
    main: import.meta.url,
    // onnxruntime is native code. No result may depend on the environment.
    permissions: ["--allow-ffi", "--ignore-env"],
    // It would write to the user's cache, and send what it is used for.
    environment: { ORT_DISABLE_TELEMETRY: "1" },
    report: (run) => printReport(run),
    paramOptions: [
      {
        param: "device",
        choices: ["auto", "cpu", "gpu"],
        description: "where networks and the CRF run",
      },
      {
        param: "engine",
        choices: ["auto", "onnxruntime-node", "onnxruntime-web", "tfjs"],
        description: "what runs networks",
      },
    ],
    packaging: { exclude: UNPACKAGED },
    addCommands,
  }, Deno.args);
  if (code !== 0) Deno.exit(code);
}
