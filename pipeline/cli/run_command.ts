/**
 * `run`: brings a workflow up to date.
 *
 * @module
 */
import type { RunOutcome } from "../run/event.ts";
import { EXIT, type GlobalOptions, type Project } from "./project.ts";
import { plan } from "./plan_commands.ts";
import { makeReporter } from "./reporter.ts";

/** Options of `run`. */
export interface RunCommandOptions extends GlobalOptions {
  readonly only: readonly string[];
  readonly from: readonly string[];
  readonly force: readonly string[];
  readonly dryRun?: boolean;
  readonly jobs?: number;
  readonly memory?: number;
  readonly gpus: number;
  readonly keepGoing?: boolean;
  readonly quiet?: boolean;
  readonly report?: boolean;
}

const CODES: Record<RunOutcome, number> = {
  succeeded: EXIT.ok,
  failed: EXIT.failed,
  stopped: EXIT.stopped,
};

/** Runs the command; gives its exit code. */
export async function run(
  project: Project,
  argument: string | undefined,
  options: RunCommandOptions,
): Promise<number> {
  if (options.dryRun) return plan(project, argument, options);
  const session = await project.session(argument);
  const { only, from, force } = options;
  project.assertSteps(session.workflow, [...only, ...from, ...force]);
  using interrupts = new Interrupts();
  using reporter = await makeReporter(options);
  const result = await session.bringUpToDate({
    only,
    from,
    force,
    cpus: Math.max(1, options.jobs ?? navigator.hardwareConcurrency),
    memoryBytes: options.memory ?? Deno.systemMemoryInfo().total,
    gpu: options.gpus,
    keepGoing: options.keepGoing ?? false,
    stop: interrupts.stop,
    kill: interrupts.kill,
    emit: reporter.report,
  });
  const isReportWanted = options.report && !options.json && !options.quiet;
  if (isReportWanted && result.outcome === "succeeded") {
    reporter[Symbol.dispose]();
    await project.report(session.run.root);
  }
  return CODES[result.outcome];
}

/** The first Ctrl-C stops the run, the second kills its steps. */
class Interrupts implements Disposable {
  readonly #stop = new AbortController();
  readonly #kill = new AbortController();
  readonly stop = this.#stop.signal;
  readonly kill = this.#kill.signal;
  readonly #signals: Deno.Signal[] = ["SIGINT", "SIGTERM"];

  constructor() {
    for (const signal of this.#signals) {
      Deno.addSignalListener(signal, this.#listen);
    }
  }

  #listen = () => {
    const next = this.stop.aborted ? this.#kill : this.#stop;
    next.abort(new Error("The run was stopped"));
  };

  [Symbol.dispose](): void {
    for (const signal of this.#signals) {
      Deno.removeSignalListener(signal, this.#listen);
    }
  }
}
