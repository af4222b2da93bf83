/**
 * What every command needs: the project's folders, its stages, and workflows
 * loaded from their files.
 *
 * @module
 */
import type { Command } from "commander";
import { existsSync } from "node:fs";
import type { CompareSections } from "../compare/comparison.ts";
import { fromFileUrl, resolvePath } from "./paths.ts";
import { formatDiagnostics } from "../workflow/diagnostic.ts";
import { suggestion } from "../workflow/did_you_mean.ts";
import { loadWorkflow } from "../workflow/load_workflow.ts";
import { runNameProblem } from "../run/run_name.ts";
import { type ProjectOptions, Session } from "../run/session.ts";
import type { Stage } from "../stage.ts";
import { namesIn, Store } from "../store/store.ts";
import { quote } from "../workflow/wording.ts";
import type { Workflow } from "../workflow/workflow.ts";
import { WorkflowCache } from "../workflow/workflow_cache.ts";

/** A workflow param with an option of its own: `--NAME x` is `--set NAME=x`. */
export interface ParamOption {
  /** Its name, and the option's; one word. */
  readonly param: string;
  readonly choices: readonly string[];
  readonly description: string;
}

/** What goes into the project's package. */
export interface PackagingOptions {
  /**
   * Patterns of paths to leave out, such as binaries for other systems: `*`,
   * `**`, `?` and `{a,b}`, relative to the package's folder.
   */
  readonly exclude: readonly string[];
}

/** What a project says of two runs that are compared. */
export interface ComparisonOptions {
  /** The policy for when none is named, relative to the main module. */
  readonly policy: string;
  /** What it says beyond params and numbers. */
  readonly sections: CompareSections;
}

/** What a project gives to the command line. */
export interface CliOptions {
  /** As people call the program. */
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly stages: readonly Stage[];
  /** Used when no workflow is named. */
  readonly defaultWorkflow: string;
  /** `import.meta.url` of the main module, which lies beside `deno.json`. */
  readonly main: string;
  /** Deno flags that stages need beside reading all and writing the store. */
  readonly permissions: readonly string[];
  /** Environment variables set for workers; stages cannot read them. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Params that most of the project's workflows have. */
  readonly paramOptions?: readonly ParamOption[];
  readonly packaging?: PackagingOptions;
  readonly comparison?: ComparisonOptions;
  /** Prints what people want to know of a run that has ended; for `--report`. */
  readonly report?: (runFolder: string) => Promise<void>;
  /** Commands of the project's own. */
  readonly addCommands?: (program: Command) => void;
}

/** Exit codes; part of the interface. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  damaged: 3,
  stopped: 130,
} as const;

/** An expected error: its message is all there is to say. */
export class CliError extends Error {
  constructor(message: string, readonly code: number = EXIT.usage) {
    super(message);
  }
}

/** Options that every command has. */
export interface GlobalOptions {
  readonly workflow?: string;
  readonly set: readonly string[];
  readonly name?: string;
  readonly store: string;
  readonly runs: string;
  readonly json?: boolean;
}

/** A project as one command sees it. */
export class Project {
  readonly stages: readonly Stage[];
  readonly options: ProjectOptions;
  readonly cli: CliOptions;
  readonly #global: GlobalOptions;

  constructor(cli: CliOptions, global: GlobalOptions) {
    this.cli = cli;
    this.#global = global;
    this.stages = cli.stages;
    this.options = {
      project: fromFileUrl(new URL(".", cli.main)).replace(/\/$/, ""),
      store: resolvePath(global.store),
      runs: resolvePath(global.runs),
      permissions: cli.permissions,
      ...(cli.environment && { environment: cli.environment }),
    };
  }

  /** One line, or several, to standard output. */
  print(text: string): void {
    console.log(text);
  }

  /** Prints a run's report, if the project has reports. */
  async report(runFolder: string): Promise<void> {
    await this.cli.report?.(runFolder);
  }

  /** Loads the workflow of a command. @throws {CliError} With all that is wrong. */
  async workflow(argument?: string): Promise<Workflow> {
    const file = argument ?? this.#global.workflow ?? this.cli.defaultWorkflow;
    const loaded = await loadWorkflow(readWorkflowFile(file), {
      file,
      stages: this.stages,
      overrides: this.#global.set,
      cache: new WorkflowCache(this.store()),
    });
    if (loaded.ok) return loaded.workflow;
    throw new CliError(formatDiagnostics(loaded.diagnostics));
  }

  /** Opens the run of a command's workflow; its sources are readable. */
  async session(argument?: string): Promise<Session> {
    const workflow = await this.workflow(argument);
    const name = this.#global.name ?? workflow.name;
    assertRunName(name);
    const session = new Session(workflow, name, this.options);
    const problems = session.sourceProblems();
    if (problems.length === 0) return session;
    // A folder that several steps read is told once.
    const messages = new Set(problems.map(({ message }) => message));
    throw new CliError([...messages].join("\n"));
  }

  /** The store, which need not exist yet. */
  store(): Store {
    return new Store(this.options.store);
  }

  /**
   * The folder of a run by its name or path; without either, that of `--name`
   * or of the workflow.
   */
  async runFolder(argument?: string): Promise<string> {
    const name = argument ?? this.#global.name ??
      (await this.workflow()).name;
    const { runs } = this.options;
    const folder = [`${runs}/${name}`, resolvePath(name)]
      .find((path) => existsSync(`${path}/steps`));
    if (folder !== undefined) return folder;
    if (namesIn(runs).includes(name)) {
      throw new CliError(
        `Cannot read run "${name}" as "${runs}/${name}" must hold steps: ` +
          "it holds none",
      );
    }
    throw new CliError(
      `Cannot find run "${name}" as it must be in "${runs}": ` +
        suggestion(name, namesIn(runs)),
    );
  }

  /** @throws {CliError} For names that no step has, with a suggestion. */
  assertSteps(workflow: Workflow, names: readonly string[]): void {
    const known = new Set(
      workflow.steps.flatMap((step) => [step.id, step.name]),
    );
    for (const name of names) {
      if (known.has(name)) continue;
      throw new CliError(
        `Cannot find step "${name}" in workflow "${workflow.name}": ` +
          suggestion(name, [...known]),
      );
    }
  }
}

function readWorkflowFile(file: string): Uint8Array {
  try {
    return Deno.readFileSync(file);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new CliError(
      `Cannot read workflow "${file}" as it must exist: nothing is there`,
    );
  }
}

/** @throws {CliError} For what cannot be the name of a run, such as a path. */
export function assertRunName(name: string): void {
  const problem = runNameProblem(name);
  if (problem === null) return;
  throw new CliError(`Cannot name a run ${quote(name)} as ${problem}`);
}
