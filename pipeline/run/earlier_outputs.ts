/**
 * What a run showed of seeds and variants that its workflow no longer has. It
 * goes from `outputs/` to `earlier/`, out of the way of what the workflow has;
 * its results stay in the store as they were.
 *
 * @module
 */
import { removeIfThere } from "../store/durable_file.ts";
import { waitForLock } from "../store/file_lock.ts";
import { namesIn } from "../store/store.ts";
import type { Step } from "../workflow/workflow.ts";
import type { RunFolder } from "./run_folder.ts";

/** Moves what is not of these steps, all that the workflow has, aside. */
export async function setEarlierAside(
  run: RunFolder,
  steps: readonly Step[],
): Promise<void> {
  const outputs = `${run.root}/outputs`;
  const current = new Set(
    steps.flatMap((step) =>
      Object.keys(step.stage.outputs).map((name) => run.pathOf(step, name))
    ),
  );
  const isCurrent = (name: string) => current.has(`${outputs}/${name}`);
  const earlier = `${run.root}/earlier`;
  const gone = namesIn(outputs).filter((name) => !isCurrent(name));
  const back = namesIn(earlier).filter(isCurrent);
  if (gone.length + back.length === 0) return;
  using _lock = await waitForLock(`${run.root}/lock`);
  for (const name of [...gone, ...back]) removeIfThere(`${earlier}/${name}`);
  Deno.mkdirSync(earlier, { recursive: true });
  for (const name of gone) {
    Deno.renameSync(`${outputs}/${name}`, `${earlier}/${name}`);
  }
}

/** Step and output of a name in `outputs/`, which may have an extension. */
const STEP_OUTPUT = /^[^.[]+(\[[^\]]*\])?\.[A-Za-z0-9_-]+/;

/** `step.output` for all that a run's folder shows in `outputs/`. */
export function shownOutputs(root: string): Set<string> {
  const names = namesIn(`${root}/outputs`);
  return new Set(names.flatMap((name) => STEP_OUTPUT.exec(name)?.[0] ?? []));
}
