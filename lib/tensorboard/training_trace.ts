/**
 * What the events of a run tell of its trainings.
 *
 * @module
 */
import * as z from "zod";
import type { LivePoint } from "./training_log.ts";

/** A training of the run that events are of. */
export interface TrainingTrace {
  /** Since 1970. */
  readonly startSeconds: number;
  /** Null while it goes on, and of one that failed. */
  endSeconds: number | null;
  /** Iterations that a checkpoint had done. */
  before: number;
  readonly points: LivePoint[];
}

/** The name of a folder of its own: nothing that leads out of it. */
const StepName = z.string().regex(/^[^./\\][^/\\]*$/).max(200);

const Base = { at: z.iso.datetime(), step: StepName };

/** Of all events, what counts here. */
const TracedEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("step_started"), ...Base }),
  z.object({ type: z.literal("step_ended"), ...Base }),
  z.object({
    type: z.literal("step_progress"),
    ...Base,
    progress: z.object({
      done: z.int().min(0),
      numbers: z.record(z.string(), z.number()).optional(),
      each: z.object({
        count: z.number().positive(),
        unit: z.literal("images"),
      }).optional(),
    }),
    rate: z.number().min(0).nullable(),
  }),
]);

type TracedEvent = z.output<typeof TracedEvent>;

/**
 * Takes note of an event of a run's log; any other is passed over.
 *
 * @param traces By step. Changed in place: of steps that tell no loss too.
 *
 * @example
 * ```ts
 * import { noteEvent, type TrainingTrace } from "./training_trace.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const traces = new Map<string, TrainingTrace>();
 * const at = "2026-01-01T00:00:00.500Z";
 * noteEvent(traces, { at, type: "step_started", step: "tuned" });
 * deepStrictEqual(traces.get("tuned"), {
 *   startSeconds: 1767225600.5, endSeconds: null, before: 0, points: [],
 * });
 * ```
 */
export function noteEvent(
  traces: Map<string, TrainingTrace>,
  event: unknown,
): void {
  const read = TracedEvent.safeParse(event);
  if (!read.success) return;
  const { type, step, at } = read.data;
  const wallSeconds = Date.parse(at) / 1000;
  if (type === "step_started") {
    traces.set(step, {
      startSeconds: wallSeconds,
      endSeconds: null,
      before: 0,
      points: [],
    });
    return;
  }
  const trace = traces.get(step);
  if (trace === undefined) return;
  if (type !== "step_progress") trace.endSeconds = wallSeconds;
  else addPoint(trace, read.data, wallSeconds);
}

/** What is told before the first loss is where a training begins. */
function addPoint(
  trace: TrainingTrace,
  { progress, rate }: TracedEvent & { readonly type: "step_progress" },
  wallSeconds: number,
): void {
  const { done: step, numbers, each } = progress;
  if (numbers?.loss === undefined) {
    if (trace.points.length === 0) trace.before = step;
    return;
  }
  const imagesPerSecond = each === undefined || rate === null
    ? null
    : rate * each.count;
  trace.points.push({ wallSeconds, step, numbers, imagesPerSecond });
}
