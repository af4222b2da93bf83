/**
 * The form of run records, for those that come from elsewhere.
 *
 * @module
 */
import * as z from "zod";
import type { RunRecord } from "../run/run_record.ts";
import { checkUntrusted, type Untrusted } from "./untrusted_json.ts";

const Digest = z.string().regex(/^[0-9a-f]{64}$/, "must be a SHA-256");
const Name = z.string().min(1).max(1000);
/** Becomes part of a path. */
const FileName = Name.regex(/^[^/\\]*$/, "must be without slashes");
const Part = Name.regex(
  /^(?!\/)(?!(.*\/)?\.\.(\/|$))[^\\]*$/,
  "must lead down",
);
const Numbers = z.record(Name, z.number());
const Texts = z.record(Name, z.string().max(1000));
const Seconds = z.number().min(0);
const Bytes = z.int().min(0);

const Content = z.discriminatedUnion("form", [
  z.strictObject({ form: z.literal("file"), digest: Digest, sizeBytes: Bytes }),
  z.strictObject({
    form: z.literal("tree"),
    digest: Digest,
    sizeBytes: Bytes,
    count: z.int().min(0),
  }),
]);

const Input = z.union([
  Digest,
  z.null(),
  z.array(z.strictObject({ step: z.string().max(1000), digest: Digest })),
]);

const Origin = z.discriminatedUnion("from", [
  z.strictObject({
    from: z.literal("step"),
    step: FileName,
    output: FileName,
    part: Part.nullable(),
  }),
  z.strictObject({ from: z.literal("path"), path: Name }),
]);

const Step = z.looseObject({
  id: FileName,
  name: Name,
  axes: Texts,
  stage: Name,
  version: z.int(),
  state: z.enum(["fresh", "restored", "run", "failed", "left"]),
  fingerprint: Digest.nullable(),
  params: z.record(Name, z.json()),
  seed: z.int().min(0).max(4294967295),
  inputs: z.record(Name, Input),
  origins: z.record(Name, z.array(Origin)),
  code: Digest.nullable(),
  outputs: z.record(FileName, Content),
  metrics: Numbers,
  seconds: Seconds.nullable(),
  peakMemoryBytes: Bytes.nullable(),
  message: z.string().nullable(),
});

/** A record; what newer engines add to it is let through. */
export const RecordForm = z.looseObject({
  schema: z.literal(2),
  run: Name,
  workflow: Name,
  file: Name,
  params: z.record(z.string(), z.json()),
  outcome: z.enum(["succeeded", "failed", "stopped"]),
  startedAt: z.iso.datetime("must be a time in UTC"),
  seconds: Seconds,
  stepsDigest: Digest,
  versions: Texts,
  packages: Texts,
  commit: z.strictObject({ hash: Name, dirty: z.boolean() }).nullable(),
  host: z.looseObject({
    name: z.string().max(1000),
    os: Name,
    arch: Name,
    cpus: z.int().min(0),
    memoryBytes: Bytes,
  }),
  metrics: Numbers,
  steps: z.array(Step).max(100_000).refine(
    (steps) => new Set(steps.map(({ id }) => id)).size === steps.length,
    "must be steps with ids of their own",
  ),
});

/** A value as a run record, or why it is none. */
export function checkRecord(value: unknown): Untrusted<RunRecord> {
  const schema = (value as { schema?: unknown } | null)?.schema;
  if (typeof schema === "number" && schema !== 2) {
    return {
      ok: false,
      problem: `must be of form 2: it is of form ${schema}`,
    };
  }
  // Digests are strings with a brand, which no schema gives.
  return checkUntrusted(value, RecordForm) as unknown as Untrusted<RunRecord>;
}
