/**
 * Run records written by hand, for what compares them.
 *
 * @module
 */
import type {
  RunRecord,
  StepRecord,
} from "../../../pipeline/run/run_record.ts";
import { type Digest, digestOf } from "../../../pipeline/store/digest.ts";
import type { Fingerprint } from "../../../pipeline/store/fingerprint.ts";
import type { InputRef } from "../../../pipeline/workflow/workflow.ts";

/** What a step is made of; the rest is filled in. */
export interface StepText {
  readonly id: string;
  readonly params?: Record<string, unknown>;
  readonly seed?: number;
  readonly code?: string;
  /** Contents by output name; each a file. */
  readonly outputs?: Record<string, string>;
  /** `step.output` or `./path`, and what it held, by input name. */
  readonly inputs?: Record<string, readonly [origin: string, content: string]>;
  readonly metrics?: Record<string, number>;
  readonly seconds?: number;
}

/** A step of a record. */
export function step(of: StepText): StepRecord {
  const [, name, matrix = ""] = /^(.*?)(?:\[([^[\]]*)\])?$/s.exec(of.id)!;
  const axes = matrix === ""
    ? []
    : matrix.split(",").map((axis) => axis.split("="));
  const inputs = Object.entries(of.inputs ?? {});
  return {
    id: of.id,
    name: name!,
    axes: Object.fromEntries(axes),
    stage: name!,
    version: 1,
    state: "run",
    fingerprint: digestOf(JSON.stringify(of)) as string as Fingerprint,
    params: of.params ?? {},
    seed: of.seed ?? 0,
    inputs: Object.fromEntries(
      inputs.map(([input, [, content]]) => [input, digestOf(content)]),
    ),
    origins: Object.fromEntries(
      inputs.map(([input, [origin]]) => [input, [originOf(origin)]]),
    ),
    code: digestOf(of.code ?? "code"),
    outputs: Object.fromEntries(
      Object.entries(of.outputs ?? {}).map(([output, content]) => [output, {
        form: "file",
        digest: digestOf(content),
        sizeBytes: content.length,
      }]),
    ),
    metrics: of.metrics ?? {},
    seconds: of.seconds ?? 1,
    peakMemoryBytes: 1,
    message: null,
  };
}

function originOf(text: string): InputRef {
  if (text.startsWith("./")) return { from: "path", path: text };
  const at = text.lastIndexOf(".");
  const [step, output] = [text.slice(0, at), text.slice(at + 1)];
  return { from: "step", step, output, part: null };
}

/** A record of steps. */
export function record(
  steps: readonly StepRecord[],
  of: Partial<RunRecord> = {},
): RunRecord {
  return {
    schema: 2,
    run: "r",
    workflow: "w",
    file: "w.yaml",
    params: {},
    outcome: "succeeded",
    startedAt: "2026-01-02T03:04:05.000Z",
    seconds: 1,
    stepsDigest: digestOf("steps") as Digest,
    versions: { deno: "2.9.6" },
    packages: {},
    commit: { hash: "0123456789abcdef0123", dirty: false },
    host: { name: "", os: "linux", arch: "x86_64", cpus: 2, memoryBytes: 1 },
    metrics: {},
    steps,
    ...of,
  };
}
