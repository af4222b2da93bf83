/**
 * `tensorboard`: writes the trainings of a run as event files, once or as long
 * as the run goes on.
 *
 * @module
 */
import { CliError } from "../pipeline/cli/project.ts";
import type { Stage } from "../pipeline/stage.ts";
import { statIfThere } from "../pipeline/store/durable_file.ts";
import { namesIn } from "../pipeline/store/store.ts";
import { suggestion } from "../pipeline/workflow/did_you_mean.ts";
import { TrainingLogs } from "./training_logs.ts";

/** Options of `tensorboard`. */
export interface TensorboardOptions {
  readonly runs: string;
  readonly to?: string;
  readonly follow?: boolean;
}

/** Between two looks at a run that goes on, */
const LOOK_MS = 1000;
/** or longer: the run needs the cores more than who looks at it. */
const LARGEST_SHARE = 0.02;

/** Writes a folder for each training of a run, by the run's name. */
export async function tensorboard(
  name: string,
  options: TensorboardOptions,
  stages: readonly Stage[],
): Promise<void> {
  const run = runFolder(name, options.runs);
  const to = options.to ?? `${run}/tensorboard`;
  if (statIfThere(to)?.isFile) {
    throw new CliError(
      `Cannot write event files to "${to}" as it must be a folder: it is a file`,
    );
  }
  const logs = new TrainingLogs({ run, to, stages });
  if (options.follow && logs.isRunning) {
    console.log(`following "${run}": tensorboard --logdir ${to}`);
    while (logs.isRunning) {
      const startMs = performance.now();
      await logs.update(false);
      const tookMs = performance.now() - startMs;
      const waitMs = Math.max(LOOK_MS, tookMs / LARGEST_SHARE);
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
  const count = await logs.update(!logs.isRunning);
  if (count === 0) {
    throw new CliError(
      `Cannot write event files of "${run}" as it must have trained ` +
        "something: it has not",
    );
  }
  const what = count === 1 ? "1 training" : `${count} trainings`;
  console.log(`${what} written: tensorboard --logdir ${to}`);
}

function runFolder(name: string, runs: string): string {
  const folder = `${runs}/${name}`;
  if (statIfThere(`${folder}/outputs`) !== null) return folder;
  throw new CliError(
    `Cannot find run "${name}" as it must be in "${runs}": ` +
      suggestion(name, namesIn(runs)),
  );
}
