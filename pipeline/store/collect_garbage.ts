/**
 * Frees what no named run uses.
 *
 * A run keeps the results its steps show and the shards these were joined from,
 * so that after a collection it is as fresh and as quick to mend as before.
 *
 * @module
 */
import type { Digest } from "./digest.ts";
import { removeIfThere, statIfThere } from "./durable_file.ts";
import { tryLock } from "./file_lock.ts";
import type { Fingerprint, ResultRecord } from "./fingerprint.ts";
import { messageOf } from "../explained_error.ts";
import { RunFolder } from "../run/run_folder.ts";
import { namesIn, type Store } from "./store.ts";
import { isSystemError } from "../system_error.ts";

/** What a collection removed, or would remove. */
export interface Garbage {
  readonly objects: number;
  readonly objectBytes: number;
  readonly results: number;
  /** Folders of jobs whose runners are gone. */
  readonly jobs: number;
  readonly damaged: number;
  readonly keptObjects: number;
  readonly keptBytes: number;
}

/** Someone is using the store. */
export class StoreInUse extends Error {
  constructor(store: Store) {
    super(
      `Cannot collect garbage in "${store.root}" as no run may be using it: ` +
        `one is; try again when it has ended`,
    );
  }
}

/**
 * Removes what no run in `runs` uses; with `dryRun` only says what that is.
 *
 * @throws {StoreInUse} While a run is going on.
 */
export function collectGarbage(
  store: Store,
  runs: string,
  options: { dryRun: boolean },
): Garbage {
  using lock = tryLock(`${store.folder("locks")}/store`);
  if (lock === null) throw new StoreInUse(store);
  const live = liveOf(store, new Set([runs, ...store.runs()]));
  const remove = options.dryRun ? () => {} : removeIfThere;
  let results = 0;
  for (const fingerprint of store.results()) {
    if (live.results.has(fingerprint)) continue;
    results++;
    if (!options.dryRun) store.removeResult(fingerprint);
  }
  const objects = sweepObjects(store, live.objects, remove);
  // Files whose writers died before they were objects go with dead jobs.
  const jobs = sweep(store, "work", remove) + sweep(store, "incoming", remove);
  const damaged = sweep(store, "damaged", remove);
  sweep(store, "workflows", remove);
  for (const name of namesIn(`${store.root}/locks`)) {
    if (name !== "store") remove(`${store.root}/locks/${name}`);
  }
  return { ...objects, results, jobs, damaged };
}

function sweepObjects(
  store: Store,
  live: ReadonlySet<Digest>,
  remove: (path: string) => void,
) {
  const sum = { objects: 0, objectBytes: 0, keptObjects: 0, keptBytes: 0 };
  for (const digest of store.objects()) {
    const path = store.objectPath(digest);
    const { size } = Deno.statSync(path);
    if (live.has(digest)) {
      sum.keptObjects++;
      sum.keptBytes += size;
    } else {
      sum.objects++;
      sum.objectBytes += size;
      remove(path);
    }
  }
  return sum;
}

function sweep(
  store: Store,
  folder: string,
  remove: (path: string) => void,
): number {
  const names = namesIn(`${store.root}/${folder}`);
  for (const name of names) remove(`${store.root}/${folder}/${name}`);
  return names.length;
}

/** What the runs of a folder use. */
export interface LiveParts {
  readonly results: Set<Fingerprint>;
  readonly objects: Set<Digest>;
}

/** What the runs of all these folders use. */
function liveOf(store: Store, folders: ReadonlySet<string>): LiveParts {
  const all = [...folders].map((runs) => readLiveParts(store, runs));
  return {
    results: new Set(all.flatMap(({ results }) => [...results])),
    objects: new Set(all.flatMap(({ objects }) => [...objects])),
  };
}

/** @throws {Error} When not all runs can be read: they may use anything. */
function readLiveParts(store: Store, runs: string): LiveParts {
  try {
    return liveParts(store, runs);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new Error(
      `Cannot collect garbage in "${store.root}" as the runs in "${runs}", ` +
        `which were made with it, must be readable: ${messageOf(error)}. ` +
        `If they are no more, remove "${store.noteOf(runs)}"`,
      { cause: error },
    );
  }
}

/** Results and objects that runs use: all in a folder, or those named. */
export function liveParts(
  store: Store,
  runs: string,
  names: readonly string[] = namesIn(runs),
): LiveParts {
  const live: LiveParts = { results: new Set(), objects: new Set() };
  for (const name of names) {
    // Not just whether it is there: what may not be read may be in use.
    if (statIfThere(`${runs}/${name}/steps`) === null) continue;
    const run = new RunFolder(`${runs}/${name}`, store);
    for (const { fingerprint } of run.states()) {
      markResult(fingerprint, store, live);
    }
    for (const unit of run.unfinished()) markResult(unit, store, live);
  }
  return live;
}

function markResult(
  fingerprint: Fingerprint,
  store: Store,
  live: LiveParts,
): void {
  if (live.results.has(fingerprint)) return;
  const record = store.readResult(fingerprint);
  if (record === null) return;
  live.results.add(fingerprint);
  for (const digest of digestsOf(record, store)) live.objects.add(digest);
  for (const shard of record.shards) markResult(shard, store, live);
}

/** Objects behind a result, and the lists of the folders it read. */
function* digestsOf(record: ResultRecord, store: Store): Generator<Digest> {
  for (const input of Object.values(record.key.inputs)) {
    if (typeof input === "string") yield input;
    for (const { digest } of Array.isArray(input) ? input : []) yield digest;
  }
  for (const content of Object.values(record.outputs)) {
    yield content.digest;
    if (content.form === "file") continue;
    const tree = store.wholeTree(content.digest) ?? [];
    for (const entry of tree) yield entry.digest;
  }
}
