/**
 * Runs one job in this process: reads and checks its inputs, calls the stage,
 * flushes and seals its outputs, says how it ended.
 *
 * @module
 */
import process from "node:process";
import { type ArtifactKind, METRICS } from "../artifact.ts";
import { isExplained, messageOf } from "../explained_error.ts";
import { type FileLock, lockNow } from "../store/file_lock.ts";
import { type Exit, type Job, writeExit } from "./job.ts";
import { DamagedInput, openInputs } from "./read_inputs.ts";
import type { Stage, StageContext } from "../stage.ts";
import { isSystemError } from "../system_error.ts";
import { OutputFolder } from "./write_outputs.ts";

/** What the surroundings of a job provide. */
export interface JobHooks {
  readonly log: (message: string) => void;
  readonly progress: StageContext<unknown, unknown, unknown>["progress"];
  readonly signal: AbortSignal;
}

/**
 * Runs the job in `folder` with its stage and writes its exit file.
 *
 * All that can go wrong in a stage ends in the exit file, not in a throw.
 */
export async function runJob(
  folder: string,
  job: Job,
  stage: Stage,
  hooks: JobHooks,
): Promise<Exit> {
  let exit: Exit;
  try {
    exit = await computeExit(folder, job, stage, hooks);
  } catch (error) {
    exit = exitOfError(error, job, hooks.signal);
  }
  writeExit(folder, job.fingerprint, exit);
  return exit;
}

async function computeExit(
  folder: string,
  job: Job,
  stage: Stage,
  hooks: JobHooks,
): Promise<Exit> {
  using scratch = new ScratchFolder(job.scratch);
  const startMs = performance.now();
  const peakMemoryBytes = measurePeakMemory();
  await using out = new OutputFolder(folder, stage);
  const values = await stage.run({
    params: job.params,
    inputs: await openInputs(job, stage),
    outputs: out.writers,
    seed: job.seed,
    cpus: job.cpus,
    get scratch() {
      return scratch.open();
    },
    ...hooks,
  });
  await out.writeValues(values ?? {});
  return {
    ok: true,
    outputs: await out.finish(),
    metrics: metricsOf(stage, values),
    seconds: (performance.now() - startMs) / 1000,
    peakMemoryBytes: peakMemoryBytes(),
  };
}

/**
 * Starts to measure; the result gives the peak so far, in bytes.
 *
 * The system keeps one peak for a process's whole life, and a process runs many
 * jobs. If it grew meanwhile, it is the job's. If not, the job's own peak is
 * not known: it is told as the larger of what the process held at the start and
 * holds now, which may be too little.
 */
export function measurePeakMemory(): () => number {
  const { rss: startBytes } = Deno.memoryUsage();
  const earlierBytes = lifetimePeakBytes();
  return () => {
    const peakBytes = lifetimePeakBytes();
    if (peakBytes > earlierBytes) return peakBytes;
    return Math.max(startBytes, Deno.memoryUsage().rss);
  };
}

/** Linux counts in KiB. */
function lifetimePeakBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}

/** A stage's scratch folder: made, and locked, when it is first asked for. */
class ScratchFolder implements Disposable {
  readonly #path: string;
  #lock: FileLock | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  open(): string {
    // An orphan of a killed run may still be at work in it.
    this.#lock ??= lockNow(`${this.#path}.lock`);
    Deno.mkdirSync(this.#path, { recursive: true });
    return this.#path;
  }

  [Symbol.dispose](): void {
    this.#lock?.[Symbol.dispose]();
  }
}

function exitOfError(error: unknown, job: Job, signal: AbortSignal): Exit {
  if (error instanceof DamagedInput) {
    const { message, expected: digest } = error;
    return { ok: false, reason: "inputDamaged", message, digest };
  }
  const message = failureOf(error, job);
  return { ok: false, reason: signal.aborted ? "cancelled" : "threw", message };
}

/** As short as says it all; where it arose counts for bugs alone. */
function failureOf(error: unknown, { scratch }: Job): string {
  const isNoBug = isExplained(error) || isSystemError(error);
  // What a stage writes by itself is in its scratch folder.
  if (isNoBug) return messageOf(error, scratch);
  return error instanceof Error ? error.stack ?? error.message : String(error);
}

function metricsOf(
  stage: Stage,
  values: Record<string, unknown>,
): Record<string, number> {
  const metrics: Record<string, number> = {};
  for (const [name, kind] of Object.entries<ArtifactKind>(stage.outputs)) {
    if (kind === METRICS) Object.assign(metrics, values[name]);
  }
  return metrics;
}
