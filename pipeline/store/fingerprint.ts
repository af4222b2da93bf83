/**
 * What decides a step's result, as one hash.
 *
 * Time stamps, paths, host, environment and the order of steps are not in it:
 * touching a file, moving the project or running elsewhere changes nothing.
 *
 * @module
 */
import { canonicalJson } from "./canonical_json.ts";
import { type Digest, digestOf } from "./digest.ts";
import type { Content } from "./tree.ts";

/**
 * How the engine itself calls stages and stores results. To be raised when
 * either changes so that old results must not be used.
 */
export const FORMAT = 1;

/** The hash of a {@link StepKey}. */
export type Fingerprint = string & { readonly brand: "Fingerprint" };

/** All that decides a step's result. */
export interface StepKey {
  readonly format: number;
  readonly stage: string;
  /** As the stage says; raised by hand. */
  readonly version: number;
  /** Of the project's modules that the stage imports, and their packages. */
  readonly code: Digest;
  /** After defaults; without those that its stage calls keyless. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly seed: number;
  /** By input name: one content, none, or for a list its steps' contents. */
  readonly inputs: Readonly<Record<string, InputKey>>;
}

/** What a step's input holds. */
export type InputKey =
  | Digest
  | null
  | readonly { readonly step: string; readonly digest: Digest }[];

/** The hash of a key; in it, a list stands as a hash of its own. */
export function fingerprintOf(key: StepKey): Fingerprint {
  const inputs = Object.entries(key.inputs).map(([name, input]) => [
    name,
    Array.isArray(input) ? { list: digestOfList(input) } : input,
  ]);
  const short = { ...key, inputs: Object.fromEntries(inputs) };
  return digestOf(canonicalJson(short)) as string as Fingerprint;
}

/** Steps that gather the same list share it: it is hashed once. */
const listDigests = new WeakMap<object, Digest>();

function digestOfList(list: InputKey & object): Digest {
  const digest = listDigests.get(list) ?? digestOf(canonicalJson(list));
  listDigests.set(list, digest);
  return digest;
}

/** The record of a result: kept in the store under its fingerprint. */
export interface ResultRecord {
  readonly schema: 1;
  readonly fingerprint: Fingerprint;
  readonly key: StepKey;
  /** Params that are not in the key, as used last; none: left out. */
  readonly keyless?: Readonly<Record<string, unknown>>;
  /** Digest of each module behind `key.code`, for explanations. */
  readonly modules: Readonly<Record<string, Digest>>;
  /** Version of each npm package behind `key.code`. */
  readonly packages: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, Content>>;
  /** Numbers of the metrics outputs. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Of the parts it was joined from, kept as long as it is; none: []. */
  readonly shards: readonly Fingerprint[];
  /** Of the computation, waiting left out. */
  readonly seconds: number;
  readonly peakMemoryBytes: number;
}
