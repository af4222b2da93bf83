/**
 * The command line of a project: its stages, its workflows and the engine.
 *
 * What a command does is loaded when it is called, so that a run with nothing
 * to do starts as fast as it can.
 *
 * @module
 */
import { Command, CommanderError, Option } from "commander";
import { isExplained, messageOf } from "../explained_error.ts";
import { isSystemError } from "../system_error.ts";
import { CliError, type CliOptions, EXIT } from "./project.ts";
import { collect, commandRegistry, type Register } from "./command_registry.ts";

export type { CliOptions };

const EPILOGUE = `
Examples:
  run                                  bring the default workflow up to date
  run workflows/a.yaml --set 'seeds=[1,2,3]'
                                       another one, with other params
  plan                                 what would run, and why
  why train                            why one step is not fresh
  run --force train                    run a step again though it is fresh
  metrics a --json                     the numbers of run "a"

  compare a b --policy p.yaml          whether run "b" is worse than "a"

Exit codes:
  0  done        1  a step failed           2  wrong usage or workflow
  3  damage in the store                  130  stopped by Ctrl-C
Of compare:
  0  within policy  1  regression          2  not comparable`;

/** Runs a command and gives its exit code. */
export async function runCli(
  options: CliOptions,
  args: readonly string[],
): Promise<number> {
  const state = { code: EXIT.ok as number };
  const program = buildProgram(options, state);
  try {
    await program.parseAsync([...args], { from: "user" });
    return state.code;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    }
    if (!isExpected(error)) throw error;
    console.error(messageOf(error));
    return error instanceof CliError ? error.code : EXIT.failed;
  }
}

/** What a user did or a system lacks, such as a full disk: no bug of ours. */
function isExpected(error: unknown): error is Error {
  return error instanceof CliError || isExplained(error) ||
    isSystemError(error);
}

function buildProgram(options: CliOptions, state: { code: number }): Command {
  const program = new Command(options.name)
    .description(options.description)
    .version(options.version)
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError()
    .addHelpText("after", EPILOGUE)
    .exitOverride();
  const register = commandRegistry(program, options, state);
  addRunCommands(register);
  addPlanCommands(register);
  addRunFolderCommands(register);
  addStoreCommands(register);
  addCompareCommands(register);
  addPackageCommand(register);
  options.addCommands?.(program);
  return program;
}

function selectionOptions(): Option[] {
  const list = (flags: string, text: string) =>
    new Option(flags, text).argParser(collect).default([]);
  return [
    list("--only <step>", "bring only this step up to date; repeatable"),
    list(
      "--from <step>",
      "run this step again, then what its new bytes change",
    ),
    list("--force <step>", "run this step even when it is fresh"),
  ];
}

function addRunCommands(register: Register): void {
  register({
    name: "run [workflow]",
    description: "bring a workflow up to date",
    options: [
      ...selectionOptions(),
      new Option("-n, --dry-run", "only say what would run"),
      new Option("-j, --jobs <cpus>", "cores to use; all when left out")
        .argParser(wholeNumber),
      new Option("--memory <bytes>", "memory that steps may ask for together")
        .argParser(wholeNumber),
      new Option("--gpus <count>", "devices that steps may ask for together")
        .argParser(wholeNumber).default(0),
      new Option(
        "-k, --keep-going",
        "go on with steps that need no failed one",
      ),
      new Option("-q, --quiet", "print only what fails and the end"),
      new Option("--report", "print the run's report when it succeeded"),
    ],
  }, async (project, workflow, options) => {
    const { run } = await import("./run_command.ts");
    return run(project, workflow, options as never);
  });
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new CliError(
    `Cannot read "${text}" as it must be a whole number, 0 or more`,
  );
}

function addPlanCommands(register: Register): void {
  register({
    name: "plan [workflow]",
    description: "say for every step whether it is fresh, and why not",
    options: selectionOptions(),
  }, async (project, workflow, options) => {
    const { plan } = await import("./plan_commands.ts");
    return plan(project, workflow, options as never);
  });
  register({
    name: "why <step>",
    description: "explain why one step is not fresh",
  }, async (project, step, options) => {
    const { why } = await import("./plan_commands.ts");
    return why(project, step!, options);
  });
  register({
    name: "graph [workflow]",
    description: "print the steps as a graph, coloured by state",
    options: [
      new Option("--format <name>", "language of the graph")
        .choices(["mermaid", "dot"]).default("mermaid"),
    ],
  }, async (project, workflow, options) => {
    const { graph } = await import("./plan_commands.ts");
    return graph(project, workflow, options as never);
  });
  register({
    name: "schema",
    description: "print the JSON Schema of workflow files",
  }, async (project) => {
    const { workflowJsonSchema } = await import("../workflow/schema.ts");
    project.print(JSON.stringify(workflowJsonSchema(project.stages), null, 2));
    return EXIT.ok;
  });
}

function addRunFolderCommands(register: Register): void {
  register({
    name: "ls [run]",
    description: "list the outputs of a run; all runs when none is named",
  }, async (project, run, options) => {
    const { ls } = await import("./run_folder_commands.ts");
    return ls(project, run, options);
  });
  register({
    name: "log <step>",
    description: "print what a step said when it last ran",
  }, async (project, step) => {
    const { log } = await import("./run_folder_commands.ts");
    return log(project, step!);
  });
  register({
    name: "metrics [run]",
    description: "print the numbers of a run",
  }, async (project, run, options) => {
    const { metrics } = await import("./run_folder_commands.ts");
    return metrics(project, run, options);
  });
  register({
    name: "clean [run]",
    description: "remove a run's folder; its results stay in the store",
  }, async (project, run) => {
    const { clean } = await import("./run_folder_commands.ts");
    return clean(project, run);
  });
}

function addStoreCommands(register: Register): void {
  register({
    name: "verify",
    description: "hash the whole store again and put damaged objects aside",
  }, async (project, _, options) => {
    const { verify } = await import("./store_commands.ts");
    return verify(project, options);
  });
  register({
    name: "gc",
    description: "remove from the store what no named run uses",
    options: [new Option("-n, --dry-run", "only say what would be removed")],
  }, async (project, _, options) => {
    const { gc } = await import("./store_commands.ts");
    return gc(project, options as never);
  });
  register({
    name: "du",
    description: "say how large the store and each run are",
  }, async (project, _, options) => {
    const { du } = await import("./store_commands.ts");
    return du(project, options);
  });
}

function addCompareCommands(register: Register): void {
  register({
    name: "export <run>",
    description: "write a run's record, metrics and tables to one small file",
    options: [
      new Option(
        "--to <file>",
        "NAME.tar.zst, or NAME.json for the record alone; else RUN.tar.zst",
      ),
      new Option(
        "--with <outputs>",
        "more outputs, by comma: OUTPUT, STEP.OUTPUT or STEP.OUTPUT/PART",
      )
        .default(""),
    ],
  }, async (project, run, options) => {
    const { exportCommand } = await import("./export_command.ts");
    return exportCommand(project, run!, options as never);
  });
  register({
    name: "compare <a> <b>",
    description: "say what differs between two runs or exports, and judge it",
    options: [
      new Option("--policy <file>", "YAML of what may differ, and how much"),
      new Option("--format <name>", "of what is written")
        .choices(["text", "markdown", "json", "junit"]).default("text"),
      new Option("--output <file>", "write there, and print the verdict"),
      new Option("--seed <number>", "of what is drawn by lot")
        .argParser(wholeNumber).default(1),
      new Option("--summary", "compare no items, which may take long"),
    ],
  }, async (project, a, options, [b]) => {
    const { compareCommand } = await import("./compare_command.ts");
    return compareCommand(project, [a!, b!], options as never);
  });
}

function addPackageCommand(register: Register): void {
  register({
    name: "package",
    description: "make an archive that runs where there is no network",
  }, async (project, _, options) => {
    const { makePackage } = await import("./package_command.ts");
    return makePackage(project, options);
  });
}
