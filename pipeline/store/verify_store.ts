/**
 * Hashes every object again, whatever its seal says: finds what failing disks
 * and stray programs did, and takes it out of use.
 *
 * @module
 */
import { existsSync } from "node:fs";
import type { Digest } from "./digest.ts";
import { shownOutputs } from "../run/earlier_outputs.ts";
import { RunFolder } from "../run/run_folder.ts";
import { namesIn, type Store } from "./store.ts";

/** A damaged object and where runs show it. */
export interface Damage {
  readonly digest: Digest;
  readonly sizeBytes: number;
  /** Such as `labels/outputs/proposals.labels/0007.png`. */
  readonly usedBy: readonly string[];
}

/** What a check of the store found. */
export interface Verification {
  readonly objects: number;
  readonly bytes: number;
  readonly damaged: readonly Damage[];
}

/** Checks all objects of a store and puts the damaged ones aside. */
export function verifyStore(store: Store, runs: string): Verification {
  const bad: { digest: Digest; sizeBytes: number }[] = [];
  let objects = 0;
  let bytes = 0;
  for (const digest of store.objects()) {
    const { size } = Deno.statSync(store.objectPath(digest));
    objects++;
    bytes += size;
    if (store.rehash(digest) === "damaged") {
      bad.push({ digest, sizeBytes: size });
    }
  }
  // Before they go: a damaged list cannot say what it held.
  const users = bad.length > 0 ? usersOf(store, runs) : new Map();
  for (const { digest } of bad) store.quarantine(digest);
  const damaged = bad.map((object) => ({
    ...object,
    usedBy: users.get(object.digest) ?? [],
  }));
  return { objects, bytes, damaged };
}

/** Names under which the runs show objects. */
function usersOf(store: Store, runs: string): Map<Digest, string[]> {
  const users = new Map<Digest, string[]>();
  const add = (digest: Digest, name: string) =>
    users.set(digest, [...users.get(digest) ?? [], name]);
  for (const run of namesIn(runs)) {
    if (!existsSync(`${runs}/${run}/steps`)) continue;
    const shown = shownOutputs(`${runs}/${run}`);
    for (const state of new RunFolder(`${runs}/${run}`, store).states()) {
      for (const [output, content] of Object.entries(state.outputs)) {
        const shownAs = `${state.step}.${output}`;
        const folder = shown.has(shownAs) ? "outputs" : "earlier";
        const name = `${run}/${folder}/${shownAs}`;
        add(content.digest, name);
        if (content.form === "file") continue;
        for (const entry of store.wholeTree(content.digest) ?? []) {
          add(entry.digest, `${name}/${entry.path}`);
        }
      }
    }
  }
  return users;
}
