/**
 * Boxfill's command line: the only module that knows both the engine and the
 * science.
 *
 * @module
 */
import type { Command } from "commander";
import { runCli } from "./pipeline/cli/cli.ts";
import { STAGES } from "./stages/mod.ts";
import config from "./deno.json" with { type: "json" };

function addCommands(program: Command): void {
  program.command("evaluate <predictions> <truth>")
    .description("score a folder of label PNGs against another")
    .option("--classes <list>", "voc, embedded, or names by comma", "voc")
    .option("--list <file>", "image ids to score; else all predictions")
    .option("--trimap <widths>", "px by comma, such as 2,5,10", "")
    .option("--json", "print JSON")
    .action(async (predictions, truth, options) => {
      const { evaluate } = await import("./commands/evaluate.ts");
      Deno.exitCode = await evaluate({ predictions, truth, ...options });
    });
  program.command("report [run]")
    .description("print a run's report and how long its steps took")
    .option("--runs <folder>", "where runs are shown", "runs")
    .action(async (run, options) => {
      const { report } = await import("./commands/report.ts");
      Deno.exitCode = await report(run ?? "labels", options);
    });
  program.command("fetch-voc")
    .description("download VOC 2012, SBD's masks and VGG-16's weights")
    .option("--folder <path>", "where to put them", "data")
    .option("--only <groups>", "voc, sbd, vgg16, by comma")
    .option("-n, --dry-run", "only say what would be fetched")
    .action(async (options) => {
      const { fetchVocFiles } = await import("./commands/fetch_voc.ts");
      Deno.exitCode = await fetchVocFiles(options);
    });
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
  if (code !== 0) Deno.exitCode = code;
}
