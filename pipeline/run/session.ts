/**
 * One command's work on one run: opens the store and the run's folder, and
 * joins planner, runner and executor.
 *
 * @module
 */
import { CodeVersions } from "../plan/code_version.ts";
import { setEarlierAside } from "./earlier_outputs.ts";
import type { RunEvent } from "./event.ts";
import { EventLog } from "./event_log.ts";
import { Inputs } from "../plan/inputs.ts";
import { Sources } from "../plan/sources.ts";
import { LocalExecutor } from "./local_executor.ts";
import { type PlannedStep, Planner, planWorkflow } from "../plan/plan.ts";
import { ResourcePool } from "./resource_pool.ts";
import { RunFolder } from "./run_folder.ts";
import { writeRunRecord } from "./run_record.ts";
import { runWorkflow } from "./runner.ts";
import type { RunResult } from "./step_result.ts";
import type { SourceProblem } from "../store/source.ts";
import { Store } from "../store/store.ts";
import { neededSteps, stepsAfter } from "../workflow/order_steps.ts";
import type { Step, Workflow } from "../workflow/workflow.ts";

/** Where a project keeps what, and how its workers are started. */
export interface ProjectOptions {
  /** The folder with `deno.json`, absolute. */
  readonly project: string;
  /** The store's folder, absolute. */
  readonly store: string;
  /** The folder of named runs, absolute. */
  readonly runs: string;
  /** Deno flags for pooled workers, beside reading all and writing the store. */
  readonly permissions: readonly string[];
  /** Environment variables set for workers. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Which steps a command is about. */
export interface Selection {
  /** Ids or names of steps to run even when fresh. */
  readonly force: readonly string[];
  /** Ids or names: bring only these up to date. */
  readonly only: readonly string[];
  /** Ids or names: run these and all that depends on them. */
  readonly from: readonly string[];
}

/** How a run is to go. */
export interface RunSettings extends Selection {
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly gpu: number;
  readonly keepGoing: boolean;
  readonly stop: AbortSignal;
  readonly kill: AbortSignal;
  readonly emit: (event: RunEvent) => void;
}

/** A workflow with the store and folder of its run. */
export class Session {
  readonly workflow: Workflow;
  readonly store: Store;
  readonly run: RunFolder;
  readonly #options: ProjectOptions;
  readonly #codes: CodeVersions;
  /** As read for {@link sourceProblems}, until they are planned with. */
  #sources: Sources | null = null;

  /** Opens the run `name` of a workflow. */
  constructor(workflow: Workflow, name: string, options: ProjectOptions) {
    this.workflow = workflow;
    this.#options = options;
    this.store = new Store(options.store);
    this.store.addRuns(options.runs);
    this.run = new RunFolder(`${options.runs}/${name}`, this.store);
    this.run.make();
    this.#codes = new CodeVersions(this.store, options.project);
  }

  /** What is wrong with the files and folders that the workflow reads. */
  sourceProblems(): readonly SourceProblem[] {
    this.#sources = new Sources(this.workflow, this.store);
    return this.#sources.problems;
  }

  /** What a run would do; the sources must be readable. */
  plan(selection: Selection): PlannedStep[] {
    const workflow = restrict(this.workflow, selection);
    return planWorkflow(workflow, this.#makePlanner(selection));
  }

  /** Brings the run up to date and writes its record. */
  async bringUpToDate(settings: RunSettings): Promise<RunResult> {
    const startedAt = new Date();
    const { workflow, store, run } = this;
    const { project, permissions, environment } = this.#options;
    const executor = new LocalExecutor({
      project,
      ...(environment && { environment }),
      entries: store.folder("code"),
      permissions: [
        "--allow-read",
        `--allow-write=${store.root},${run.root}/logs`,
        ...permissions,
      ],
    });
    using log = new EventLog(run.root, settings.emit);
    try {
      const result = await runWorkflow(restrict(workflow, settings), {
        ...settings,
        emit: log.emit,
        store,
        run,
        executor,
        pool: new ResourcePool(settings),
        makePlanner: () => this.#makePlanner(settings),
        forced: forcedBy(workflow, settings),
        selected: selectedBy(workflow, settings),
      });
      // Of one that failed, what was there before may be all there is.
      if (result.outcome === "succeeded") {
        await setEarlierAside(run, workflow.steps);
      }
      const of = { workflow, result, run, store, startedAt, project };
      await writeRunRecord(of);
      return result;
    } finally {
      await executor.close();
    }
  }

  /** Reads the sources, unless nobody has planned with them as just read. */
  #makePlanner(selection: Selection): Planner {
    const { workflow, store, run } = this;
    const sources = this.#sources ?? new Sources(workflow, store);
    this.#sources = null;
    const [problem] = sources.problems;
    if (problem !== undefined) throw new Error(problem.message);
    const inputs = new Inputs(store, sources);
    const forced = forcedBy(workflow, selection);
    return new Planner({ store, run, codes: this.#codes, inputs, forced });
  }
}

function forcedBy(workflow: Workflow, selection: Selection): Set<string> {
  return idsOf(workflow, [...selection.force, ...selection.from]);
}

/** Null: all steps. */
function selectedBy(
  workflow: Workflow,
  { only, from }: Selection,
): Set<string> | null {
  if (only.length === 0 && from.length === 0) return null;
  const reached = stepsAfter(workflow.steps, idsOf(workflow, from));
  return idsOf(workflow, only).union(reached);
}

/** The selected steps and all that feeds them. */
function restrict(workflow: Workflow, selection: Selection): Workflow {
  const wanted = selectedBy(workflow, selection);
  if (wanted === null) return workflow;
  return { ...workflow, steps: neededSteps(workflow.steps, wanted) };
}

/** Steps by id, or all expansions by name. */
function idsOf(workflow: Workflow, names: readonly string[]): Set<string> {
  const isNamed = (step: Step) =>
    names.includes(step.id) || names.includes(step.name);
  return new Set(workflow.steps.filter(isNamed).map((step) => step.id));
}
