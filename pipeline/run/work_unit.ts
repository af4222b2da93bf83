/**
 * What is handed to an executor: a whole step, or one shard of it.
 *
 * A shard is keyed by what it reads, not by its number: when one item of a
 * thousand changes, one shard is stale, and the others are found in the store.
 *
 * @module
 */
import type { CollectionKind } from "../artifact.ts";
import { type Digest, digestOf } from "../store/digest.ts";
import type { Submission } from "./executor.ts";
import { fingerprintOf, type ResultRecord } from "../store/fingerprint.ts";
import { inputKeyOf, type KnownInput, type Located } from "../plan/inputs.ts";
import {
  type Exit,
  type Job,
  jobFiles,
  type JobInput,
  type JobInputs,
  type JobOutput,
} from "./job.ts";
import type { KeyedStep } from "../plan/plan.ts";
import { kindOf } from "../stage.ts";
import type { Store } from "../store/store.ts";
import {
  type Content,
  contentOfTree,
  encodeTree,
  itemIdOf,
  sortTree,
  type Tree,
} from "../store/tree.ts";

/** A whole step or a shard, keyed by what it reads. */
export interface WorkUnit extends KeyedStep {
  /** Counts from 0; null for a whole step. */
  readonly shard: number | null;
  /** Items in the shard, 1 for a whole step. */
  readonly items: number;
}

/** The units of a step: itself, or its shards, those without items left out. */
export function unitsOf(keyed: KeyedStep): WorkUnit[] {
  const { shards } = keyed.step.stage;
  if (shards === undefined) return [{ ...keyed, shard: null, items: 1 }];
  const idsOf = idsByShard(keyed, shards.over, shards.size);
  const split = new Set<string>([shards.over, ...(shards.with ?? [])]);
  return idsOf.filter((ids) => ids.size > 0).map((ids, shard) => {
    const inputs = Object.fromEntries(
      Object.entries(keyed.inputs).map(([name, input]) => [
        name,
        split.has(name) ? restrict(keyed, name, input, ids) : input,
      ]),
    );
    const key = {
      ...keyed.key,
      inputs: Object.fromEntries(
        Object.entries(inputs).map((
          [name, input],
        ) => [name, inputKeyOf(input)]),
      ),
    };
    const fingerprint = fingerprintOf(key);
    return { ...keyed, inputs, key, fingerprint, shard, items: ids.size };
  });
}

/**
 * Ids by a hash of each, so that an item that comes or goes moves no other. The
 * number of shards is a power of two: it seldom changes as items are added.
 */
function idsByShard(
  keyed: KeyedStep,
  over: string,
  size: number,
): Set<string>[] {
  const ids = treeOf(keyed.inputs[over]!)
    .map((entry) => itemIdOf(entry.path, collectionOf(keyed, over)))
    .filter((id) => id !== null);
  const count = 2 ** Math.ceil(Math.log2(Math.max(1, ids.length / size)));
  const shards = Array.from({ length: count }, () => new Set<string>());
  for (const id of ids) {
    shards[Number.parseInt(digestOf(id).slice(0, 8), 16) % count]!.add(id);
  }
  return shards;
}

function restrict(
  keyed: KeyedStep,
  name: string,
  input: KnownInput,
  ids: ReadonlySet<string>,
): KnownInput {
  if (input.arity !== "one") return input;
  const kind = collectionOf(keyed, name);
  const tree = treeOf(input).filter((entry) => {
    const id = itemIdOf(entry.path, kind);
    return id !== null && ids.has(id);
  });
  return {
    arity: "one",
    at: { ...input.at, content: contentOfTree(tree), tree },
  };
}

// deno-lint-ignore no-explicit-any -- any item type
function collectionOf(keyed: KeyedStep, input: string): CollectionKind<any> {
  const kind = kindOf(keyed.step.stage.inputs[input]);
  if (kind.form !== "collection") throw new Error("Internal error: no items");
  return kind;
}

function treeOf(input: KnownInput): Tree {
  return input.arity === "one" ? input.at.tree ?? [] : [];
}

/** Name of a unit for people: its step, and which shard. */
export function nameOf(unit: WorkUnit): string {
  return unit.shard === null
    ? unit.step.id
    : `${unit.step.id} (shard ${unit.shard})`;
}

/** Describes a unit as a job in a folder; `log` is for what its stage says. */
export function prepareJob(
  unit: WorkUnit,
  store: Store,
  at: { folder: string; log: string },
): Submission {
  const { step, fingerprint } = unit;
  const { folder, log } = at;
  const scratch = `${store.folder("scratch")}/${fingerprint}`;
  const files = jobFiles(folder);
  const inputs = new JobInputWriter(folder, store, step.isolation);
  const job: Job = {
    schema: 1,
    fingerprint,
    name: nameOf(unit),
    stage: step.stage.name,
    module: step.stage.module,
    params: step.params,
    seed: step.seed,
    inputs: inputs.write(unit.inputs),
    objects: `${store.root}/objects`,
    scratch,
    log,
  };
  Deno.writeTextFileSync(files.job, JSON.stringify(job));
  return {
    name: nameOf(unit),
    folder,
    fingerprint,
    log,
    module: step.stage.module,
    isolation: step.isolation,
    resources: step.resources,
    readable: inputs.readable,
    writable: [scratch, `${scratch}.lock`, log],
  };
}

/** Says where a job finds its inputs. */
class JobInputWriter {
  readonly readable: string[] = [];
  readonly #folder: string;
  readonly #store: Store;
  readonly #isLinked: boolean;
  #count = 0;

  constructor(folder: string, store: Store, isolation: string) {
    this.#folder = folder;
    this.#store = store;
    // A process that may only read its inputs needs them in a folder.
    this.#isLinked = isolation === "process";
  }

  write(inputs: Readonly<Record<string, KnownInput>>): JobInputs {
    return Object.fromEntries(
      Object.entries(inputs).map(([name, input]) => [name, this.#input(input)]),
    );
  }

  #input(input: KnownInput): JobInputs[string] {
    if (input.arity === "none") return null;
    if (input.arity === "one") return this.#located(input.at);
    return input.all.map(({ step, at }) => ({ step, at: this.#located(at) }));
  }

  #located(at: Located): JobInput {
    const { content, tree, path } = at;
    if (content.form === "file") {
      const file = path ?? this.#store.objectPath(content.digest);
      this.readable.push(file);
      return { form: "file", path: file, digest: content.digest };
    }
    const list = `${this.#folder}/input${this.#count++}.list`;
    Deno.writeFileSync(list, encodeTree(tree!));
    if (path !== null) this.readable.push(path);
    const root = path ?? (this.#isLinked ? this.#linkTree(tree!, list) : null);
    return { form: "tree", list, root };
  }

  #linkTree(tree: Tree, list: string): string {
    const root = list.replace(/\.list$/, "");
    for (const entry of tree) {
      const path = `${root}/${entry.path}`;
      Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
      Deno.linkSync(this.#store.objectPath(entry.digest), path);
    }
    return root;
  }
}

/** Takes a job's outputs into the store and acknowledges its result. */
export function commit(
  unit: WorkUnit,
  exit: Exit & { ok: true },
  folder: string,
  store: Store,
): ResultRecord {
  const outputs = Object.fromEntries(
    Object.entries(exit.outputs).map(([name, output]) => [
      name,
      adoptOutput(jobFiles(folder).out(name), output, store),
    ]),
  );
  const { metrics, seconds, peakMemoryBytes } = exit;
  const record = recordOf(unit, {
    outputs,
    metrics,
    shards: [],
    seconds,
    peakMemoryBytes,
  });
  store.writeResult(record);
  return record;
}

function adoptOutput(path: string, output: JobOutput, store: Store): Content {
  if (output.form === "file") {
    const digest = output.digest as Digest;
    store.adopt(path, digest, output.sizeBytes);
    return { form: "file", digest, sizeBytes: output.sizeBytes };
  }
  for (const entry of output.entries) {
    store.adopt(`${path}/${entry.path}`, entry.digest, entry.sizeBytes);
  }
  store.putTree(output.entries);
  return contentOfTree(output.entries);
}

function recordOf(
  keyed: KeyedStep,
  gave: Pick<
    ResultRecord,
    "outputs" | "metrics" | "shards" | "seconds" | "peakMemoryBytes"
  >,
): ResultRecord {
  const { fingerprint, key, code } = keyed;
  const { modules, packages } = code;
  return { schema: 1, fingerprint, key, modules, packages, ...gave };
}

/** Joins the results of a step's shards to that of the step. */
export function mergeShards(
  keyed: KeyedStep,
  shards: readonly ResultRecord[],
  store: Store,
): ResultRecord {
  const outputs: Record<string, Content> = {};
  for (const name of Object.keys(keyed.step.stage.outputs)) {
    const entries = shards.flatMap((shard) => {
      const content = shard.outputs[name]!;
      return [...store.readTree(content.digest)];
    });
    const tree = sortTree(entries);
    refuseTwins(keyed, name, tree);
    store.putTree(tree);
    outputs[name] = contentOfTree(tree);
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
  store.writeResult(record);
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
