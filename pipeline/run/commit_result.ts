/**
 * From what a job wrote to a result in the store, acknowledged when all its
 * bytes are on disk.
 *
 * @module
 */
import type { KeyedStep } from "../plan/plan.ts";
import { splitParams } from "../stage.ts";
import type { Digest } from "../store/digest.ts";
import type { ResultRecord } from "../store/fingerprint.ts";
import type { Store } from "../store/store.ts";
import { type Content, sortTree, type Tree } from "../store/tree.ts";
import { type Exit, jobFiles, type JobOutput } from "./job.ts";
import type { WorkUnit } from "./work_unit.ts";

/** Takes a job's outputs into the store and acknowledges its result. */
export async function commit(
  unit: WorkUnit,
  exit: Exit & { ok: true },
  folder: string,
  store: Store,
): Promise<ResultRecord> {
  refuseChangedCode(unit);
  const outputs: Record<string, Content> = {};
  for (const [name, output] of Object.entries(exit.outputs)) {
    const path = jobFiles(folder).out(name);
    outputs[name] = await adoptOutput(path, output, store);
  }
  const { metrics, seconds, peakMemoryBytes } = exit;
  const record = recordOf(unit, {
    outputs,
    metrics,
    shards: [],
    seconds,
    peakMemoryBytes,
  });
  await store.writeResult(record);
  return record;
}

/** A result by other code than its fingerprint says would poison the store. */
function refuseChangedCode({ step, code }: WorkUnit): void {
  const module = code.changedModule();
  if (module === null) return;
  throw new Error(
    `Cannot keep the result of step "${step.id}" as its code must not change ` +
      `while it runs: ${module} did`,
  );
}

async function adoptOutput(
  path: string,
  output: JobOutput,
  store: Store,
): Promise<Content> {
  if (output.form === "file") {
    const digest = output.digest as Digest;
    store.adopt(path, digest);
    return { form: "file", digest, sizeBytes: output.sizeBytes };
  }
  for (const entry of output.entries) {
    store.adopt(`${path}/${entry.path}`, entry.digest);
  }
  return await store.putTree(output.entries);
}

function recordOf(
  keyed: KeyedStep,
  gave: Pick<
    ResultRecord,
    "outputs" | "metrics" | "shards" | "seconds" | "peakMemoryBytes"
  >,
): ResultRecord {
  const { step, fingerprint, key, code } = keyed;
  const { modules, packages } = code;
  const { keyless } = splitParams(step.stage, step.params);
  return {
    schema: 1,
    fingerprint,
    key,
    ...(Object.keys(keyless).length > 0 && { keyless }),
    modules,
    packages,
    ...gave,
  };
}

/** Joins the results of a step's shards to that of the step. */
export async function mergeShards(
  keyed: KeyedStep,
  shards: readonly ResultRecord[],
  store: Store,
): Promise<ResultRecord> {
  const outputs: Record<string, Content> = {};
  for (const name of Object.keys(keyed.step.stage.outputs)) {
    const entries = shards.flatMap((shard) =>
      store.readTree(shard.outputs[name]!.digest)
    );
    const tree = sortTree(entries);
    refuseTwins(keyed, name, tree);
    outputs[name] = await store.putTree(tree);
  }
  const record = recordOf(keyed, {
    outputs,
    metrics: {},
    shards: shards.map((shard) => shard.fingerprint),
    seconds: shards.reduce((sum, { seconds }) => sum + seconds, 0),
    peakMemoryBytes: Math.max(
      0,
      ...shards.map(({ peakMemoryBytes }) => peakMemoryBytes),
    ),
  });
  await store.writeResult(record);
  return record;
}

function refuseTwins(keyed: KeyedStep, output: string, tree: Tree): void {
  const twin = tree.find((entry, i) => tree[i + 1]?.path === entry.path);
  if (twin === undefined) return;
  throw new RangeError(
    `Cannot join the shards of step "${keyed.step.id}" as each item of ` +
      `"${output}" must come from one shard: "${twin.path}" comes from two`,
  );
}
