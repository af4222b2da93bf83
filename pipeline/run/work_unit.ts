/**
 * What is handed to an executor: a whole step, or one shard of it.
 *
 * A shard is keyed by what it reads, not by its number: when one item of a
 * thousand changes, one shard is stale, and the others are found in the store.
 *
 * @module
 */
import type { CollectionKind } from "../artifact.ts";
import { inputKeyOf, type KnownInput } from "../plan/inputs.ts";
import type { KeyedStep } from "../plan/plan.ts";
import { kindOf } from "../stage.ts";
import { digestOf } from "../store/digest.ts";
import { fingerprintOf } from "../store/fingerprint.ts";
import {
  contentOfTree,
  itemIdOf,
  type Tree,
  type TreeEntry,
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
  const ids = shardsById(keyed, shards.over, shards.size);
  const parts = [shards.over, ...(shards.with ?? [])].map((name) =>
    [name, partsOf(keyed, name, ids)] as const
  );
  const units: WorkUnit[] = [];
  for (const [i, items] of ids.sizes.entries()) {
    if (items === 0) continue;
    const own = parts.map(([name, inputs]) => [name, inputs[i]!]);
    const inputs = { ...keyed.inputs, ...Object.fromEntries(own) };
    units.push(unitOf(keyed, inputs, { shard: units.length, items }));
  }
  return units;
}

function unitOf(
  keyed: KeyedStep,
  inputs: KeyedStep["inputs"],
  shard: { readonly shard: number; readonly items: number },
): WorkUnit {
  const keys = Object.entries(inputs).map(([name, input]) => [
    name,
    inputKeyOf(input),
  ]);
  const key = { ...keyed.key, inputs: Object.fromEntries(keys) };
  return { ...keyed, inputs, key, fingerprint: fingerprintOf(key), ...shard };
}

/** Which shard an item is in. */
interface ShardsById {
  readonly shardOf: ReadonlyMap<string, number>;
  /** Items of each shard. */
  readonly sizes: readonly number[];
}

/**
 * By a hash of each id, so that an item that comes or goes moves no other. The
 * number of shards is a power of two: it seldom changes as items are added.
 */
function shardsById(keyed: KeyedStep, over: string, size: number): ShardsById {
  const kind = collectionOf(keyed, over);
  const ids = treeOf(keyed.inputs[over]!)
    .map((entry) => itemIdOf(entry.path, kind)).filter((id) => id !== null);
  const count = 2 ** Math.ceil(Math.log2(Math.max(1, ids.length / size)));
  const sizes = new Array<number>(count).fill(0);
  const shardOf = new Map<string, number>();
  for (const id of ids) {
    if (shardOf.has(id)) continue;
    const shard = Number.parseInt(digestOf(id).slice(0, 8), 16) % count;
    shardOf.set(id, shard);
    sizes[shard]!++;
  }
  return { shardOf, sizes };
}

/** An input as each shard sees it. */
function partsOf(
  keyed: KeyedStep,
  name: string,
  { shardOf, sizes }: ShardsById,
): KnownInput[] {
  const input = keyed.inputs[name]!;
  if (input.arity !== "one") return sizes.map(() => input);
  const kind = collectionOf(keyed, name);
  const trees = sizes.map((): TreeEntry[] => []);
  for (const entry of treeOf(input)) {
    const id = itemIdOf(entry.path, kind);
    const shard = id === null ? undefined : shardOf.get(id);
    if (shard !== undefined) trees[shard]!.push(entry);
  }
  return trees.map((tree) => ({
    arity: "one",
    at: { ...input.at, content: contentOfTree(tree), tree },
  }));
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
