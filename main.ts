/**
 * Boxfill's command line: hands the stages to the engine and adds commands,
 * whose work is in `commands/`.
 *
 * @module
 */
import type { Command } from "commander";
import { runCli } from "./pipeline/cli/cli.ts";
import { STAGES } from "./stages/mod.ts";
import config from "./deno.json" with { type: "json" };

/** What `crf` takes; paths for those who call it from a folder below. */
const CRF_HELP = `
Weights are 0…1000000, standard deviations (std) from 0.001.

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

/** Commands beside those of the engine; each is loaded when it is called. */
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
    .action(async (predictions, truth, options) =>
      (await import("./commands/evaluate.ts"))
        .evaluate(predictions, truth, options)
    );
  program.command("crf <image>")
    .description("refine one picture's labels by a dense CRF, and time it")
    .requiredOption("--unary <file>", "-ln p as float32, [L][H][W]")
    .requiredOption("--labels <count>", "L, 1…255")
    .requiredOption("--bilateral <w,xy,rgb>", "weight, std in px and levels")
    .requiredOption("--spatial <w,xy>", "weight, std in px")
    .option("--iterations <count>", "of mean field, 0…1000", "10")
    .option("--normalise <how>", "symmetric or after", "symmetric")
    .requiredOption("--marginals <file>", "where Q goes, as float32")
    .option("--labels-out <file>", "where the labels go, as PNG")
    .option("--repeat <count>", "how often, for timings, 1…1000", "1")
    .option("--device <name>", "auto, cpu or gpu", "cpu")
    .option("--json", "print JSON")
    .addHelpText("after", CRF_HELP)
    .action(async (image, options) =>
      (await import("./commands/crf.ts")).crf(image, options)
    );
  program.command("report [run]")
    .description("print a run's report, and make a page of it")
    .option("--runs <folder>", "where runs are shown", "runs")
    .option("--to <folder>", "where the page goes; else into the run's folder")
    .option("--pictures <count>", "of a set, at most; else 1500")
    .option("--no-page", "only print")
    .option("--json", "print JSON")
    .action(async (run = "reproduce", options) =>
      (await import("./commands/report.ts")).report(run, options, STAGES)
    );
  program.command("tensorboard [run]")
    .description("write a run's trainings as event files of TensorBoard")
    .option("--runs <folder>", "where runs are shown", "runs")
    .option("--to <folder>", "where to; else tensorboard in the run's folder")
    .option("--follow", "go on writing as long as the run goes on")
    .action(async (run = "reproduce", options) =>
      (await import("./commands/tensorboard.ts"))
        .tensorboard(run, options, STAGES)
    );
  program.command("figures [run]")
    .description("draw the paper's figures of a run, as SVG")
    .option("--runs <folder>", "where runs are shown", "runs")
    .option("--only <ids>", "of figures, by comma; else all")
    .option("--to <folder>", "where to put them; else into the run's folder")
    .option("--json", "print JSON")
    .action(async (run = "reproduce", options) =>
      (await import("./commands/figures.ts")).figures(run, options, STAGES)
    );
  program.command("serve")
    .description("show runs in a browser, those that go on too")
    .option("--runs <folder>", "where runs are shown", "runs")
    .option("--store <folder>", "where results are kept", ".store")
    .option("--host <address>", "to listen on", "127.0.0.1")
    .option("--port <number>", "to listen on; 0 for any", "8787")
    .action(async (options) =>
      (await import("./commands/serve.ts")).serve(options)
    );
  program.command("fetch-voc")
    .description("download VOC 2012, SBD's masks and VGG-16's weights")
    .option("--folder <path>", "where to put them", "data")
    .option("--only <groups>", "of voc, sbd, vgg16, by comma")
    .option("-n, --dry-run", "only say what would be fetched")
    .action(async (options) =>
      (await import("./commands/fetch_voc.ts")).fetchVocFiles(options)
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
    report: async (run) =>
      (await import("./commands/report.ts")).summarise(run, STAGES),
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
    comparison: {
      policy: "workflows/policies/default.yaml",
      sections: async (runs) =>
        (await import("./lib/compare/compare_scores.ts")).compareScores(runs),
    },
    addCommands,
  }, Deno.args);
  if (code !== 0) Deno.exit(code);
}
