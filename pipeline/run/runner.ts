/**
 * Runs a workflow: what is fresh is skipped, what the store has is restored,
 * the rest is run side by side within the given resources.
 *
 * @module
 */
import { waitForLock } from "../store/file_lock.ts";
import type { Workflow } from "../workflow/workflow.ts";
import { Orphans } from "./orphans.ts";
import { Pass, type RunnerOptions } from "./pass.ts";
import { countsOf, outcomeOf, type RunResult } from "./step_result.ts";

/** Brings a workflow up to date. Its sources must be readable. */
export async function runWorkflow(
  workflow: Workflow,
  options: RunnerOptions,
): Promise<RunResult> {
  const startMs = performance.now();
  const { store, run, executor, pool, stop, emit } = options;
  // Nothing is collected while a run needs it.
  using _using = await waitForLock(`${store.folder("locks")}/store`, {
    mode: "shared",
    signal: stop,
  });
  emit({
    type: "run_started",
    run: run.root,
    steps: workflow.steps.length,
    cpus: pool.capacity.cpus,
  });
  using orphans = await Orphans.find(store, executor);
  const all = { ...options, orphans };
  let pass = new Pass(workflow, all, false);
  await pass.finish();
  if (pass.foundDamage) {
    // One more pass makes anew what was damaged; a second would be no better.
    pass = new Pass(workflow, all, true);
    await pass.finish();
  }
  const counts = countsOf(pass.results.values());
  const seconds = (performance.now() - startMs) / 1000;
  const outcome = outcomeOf(counts, stop);
  emit({ type: "run_ended", outcome, counts, seconds });
  return { outcome, counts, seconds, steps: pass.results };
}
