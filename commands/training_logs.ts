/**
 * The trainings of one run as event files, brought up to date again and again
 * while it goes on.
 *
 * @module
 */
import { EventFile } from "../lib/tensorboard/event_file.ts";
import { trainingLog } from "../lib/tensorboard/training_log.ts";
import { trainingPictures } from "../lib/tensorboard/training_pictures.ts";
import {
  noteEvent,
  type TrainingTrace,
} from "../lib/tensorboard/training_trace.ts";
import type { HistoryEntry } from "../lib/train/history.ts";
import type { ValueKind } from "../pipeline/artifact.ts";
import { isLogBeingWritten } from "../pipeline/run/event_log.ts";
import { EventLogReader } from "../pipeline/run/event_log_reader.ts";
import { openRun, type RunReader } from "../pipeline/run/run_reader.ts";
import { readRunRecord } from "../pipeline/run/run_record.ts";
import type { Stage } from "../pipeline/stage.ts";
import { namesIn } from "../pipeline/store/store.ts";

const HISTORY = ".history.json";

/** Where the logs of a run come from and go to. */
export interface TrainingLogsOptions {
  /** The run's folder. */
  readonly run: string;
  /** A folder in which each training gets one. */
  readonly to: string;
  readonly stages: readonly Stage[];
}

/** Writes the trainings of a run. */
export class TrainingLogs {
  readonly #options: TrainingLogsOptions;
  readonly #events: EventLogReader;
  readonly #traces = new Map<string, TrainingTrace>();
  /** When the run began that the events are of. */
  #runStartSeconds = 0;
  readonly #files = new Map<string, EventFile>();
  /** How far each training was when it was last written. */
  readonly #written = new Map<string, string>();

  constructor(options: TrainingLogsOptions) {
    this.#options = options;
    this.#events = new EventLogReader(options.run);
  }

  /** Whether the run goes on. */
  get isRunning(): boolean {
    return isLogBeingWritten(this.#options.run);
  }

  /**
   * Writes what is new.
   *
   * @param hasEnded Whether the run has: its record then tells of all, pictures
   *   too.
   * @returns How many trainings there are.
   */
  async update(hasEnded: boolean): Promise<number> {
    this.#readEvents();
    const steps = this.#trainings();
    const progressOf = (step: string) =>
      this.#progressOf(step) + (hasEnded ? " all" : "");
    const stale = steps.filter((step) =>
      this.#written.get(step) !== progressOf(step)
    );
    const reader = stale.length === 0 ? null : this.#openRun();
    for (const step of stale) {
      await this.#write(step, { reader, hasEnded });
      this.#written.set(step, progressOf(step));
    }
    return steps.length;
  }

  /** Null before a run of this name has ended. */
  #openRun(): RunReader | null {
    const { run, stages } = this.#options;
    return readRunRecord(run) === null ? null : openRun(run, stages);
  }

  #readEvents(): void {
    const { isAnew, events } = this.#events.read();
    if (isAnew) this.#traces.clear();
    for (const event of events) {
      if (event.type === "run_started") {
        this.#runStartSeconds = Date.parse(event.at) / 1000;
      }
      noteEvent(this.#traces, event);
    }
  }

  /** Ids of the steps that train or have trained, in code unit order. */
  #trainings(): string[] {
    const ended = namesIn(`${this.#options.run}/outputs`)
      .filter((name) => name.endsWith(HISTORY))
      .map((name) => name.slice(0, -HISTORY.length));
    const live = [...this.#traces]
      .filter(([, { points }]) => points.length > 0)
      .map(([step]) => step);
    return [...new Set([...ended, ...live])].sort();
  }

  #progressOf(step: string): string {
    const trace = this.#traces.get(step);
    return `${trace?.startSeconds} ${trace?.points.length} ${trace?.endSeconds}`;
  }

  async #write(
    step: string,
    { reader, hasEnded }: {
      readonly reader: RunReader | null;
      readonly hasEnded: boolean;
    },
  ): Promise<void> {
    const { to } = this.#options;
    const trace = this.#traces.get(step);
    const record = reader?.record.steps.find(({ id }) => id === step);
    const file = this.#files.get(step) ?? new EventFile(`${to}/${step}`);
    this.#files.set(step, file);
    // What a run shows of a step that it is at is of an earlier run.
    const isDone = trace === undefined || trace.endSeconds !== null;
    const batchSize = record?.params.batchSize;
    const isShown = isDone && hasEnded && reader !== null;
    const log = trainingLog({
      startSeconds: trace?.startSeconds ?? file.startSeconds ??
        secondsOf(reader?.record.startedAt) ?? this.#runStartSeconds,
      seconds: trace?.endSeconds
        ? trace.endSeconds - trace.startSeconds
        : record?.seconds ?? 0,
      live: trace?.points ?? [],
      before: trace?.before ?? 0,
      history: isDone ? await this.#historyOf(step) : null,
      batchSize: typeof batchSize === "number" ? batchSize : null,
      pictures: isShown ? await trainingPictures(reader, step) : [],
    });
    file.update(log);
  }

  async #historyOf(step: string): Promise<HistoryEntry[]> {
    const { run, stages } = this.#options;
    const path = `${run}/outputs/${step}${HISTORY}`;
    const stage = stages.find(({ name }) => name === "train_segmenter")!;
    const kind = stage.outputs.history as ValueKind<HistoryEntry[]>;
    return await kind.decode(Deno.readFileSync(path), path);
  }
}

function secondsOf(time: string | undefined): number | undefined {
  return time === undefined ? undefined : Date.parse(time) / 1000;
}
