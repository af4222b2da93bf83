/**
 * Boxfill's command line: the only module that knows both the engine and the
 * science.
 *
 * @module
 */
import type { Command } from "commander";
import { runCli } from "./pipeline/cli/cli.ts";
import { CliError } from "./pipeline/cli/project.ts";
import { STAGES } from "./stages/mod.ts";
import config from "./deno.json" with { type: "json" };

/** Commands beside those of the engine; each loads its science when called. */
function addCommands(program: Command): void {
  program.command("evaluate <predictions> <truth>")
    .description("score a folder of label PNGs against another")
    .option("--classes <list>", "voc, embedded, or names by comma", "voc")
    .option("--list <file>", "image ids to score; else all predictions")
    .option("--trimap <px>", "widths around void borders, by comma")
    .option("--headline <names>", "classes of one more mean IoU, by comma")
    .option("--json", "print JSON")
    .action(evaluate);
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
  const scores = explained(() =>
    scoreFolders({ predictions, truth, list }, {
      classNames: classNamesOf(classes),
      trimapWidthsPx,
      headlineClasses: byComma(options.headline),
    })
  );
  console.log(
    options.json ? JSON.stringify(scores, null, 2) : scoreTable(scores),
  );
}

function widthPx(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new CliError(
    `Cannot score near borders as a width must be a whole number of px: ` +
      `"${text}"`,
  );
}

async function report(
  name = "labels",
  options: { runs: string; json?: boolean },
): Promise<void> {
  const { readRunRecord } = await import("./pipeline/run/run_record.ts");
  const { formatTimings } = await import("./pipeline/cli/timings.ts");
  const { readTextIfThere } = await import("./pipeline/store/durable_file.ts");
  const run = `${options.runs}/${name}`;
  const record = readRunRecord(run);
  if (record === null) {
    throw new CliError(
      `Cannot report on "${run}" as it must be a run that has ended: it is not`,
    );
  }
  const page = readTextIfThere(`${run}/outputs/report.report.md`);
  if (page === null) {
    throw new CliError(
      `Cannot report on "${run}" as its step "report" must have written ` +
        `"outputs/report.report.md": it has not`,
    );
  }
  const timings = formatTimings(record);
  const text = `${page}\n## Timings\n\n${timings}`;
  Deno.writeTextFileSync(`${run}/report.md`, text);
  const { metrics, steps } = record;
  const seconds = Object.fromEntries(
    steps.map((step) => [step.id, step.seconds]),
  );
  const json = JSON.stringify({ metrics, seconds }, null, 2);
  Deno.writeTextFileSync(`${run}/report.json`, json + "\n");
  console.log(options.json ? json : `${text}\nWritten to ${run}/report.md`);
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
  try {
    await fetchVoc({
      folder: options.folder,
      ...(only.length > 0 && { only }),
      dryRun: options.dryRun ?? false,
      onEvent: (event) => console.log(describeFetchEvent(event)),
    });
  } catch (error) {
    throw new CliError((error as Error).message, 1);
  }
}

function byComma(list = ""): string[] {
  return list.split(",").map((item) => item.trim()).filter((item) =>
    item !== ""
  );
}

/** An error in what a user gave is told by its message alone. */
function explained<Value>(work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    throw new CliError((error as Error).message, 1);
  }
}

if (import.meta.main) {
  const code = await runCli({
    name: "boxfill",
    version: config.version,
    description: "Turns bounding boxes into semantic segmentation.",
    stages: STAGES,
    defaultWorkflow: "workflows/labels.yaml",
    main: import.meta.url,
    permissions: [],
    addCommands,
  }, Deno.args);
  if (code !== 0) Deno.exit(code);
}
