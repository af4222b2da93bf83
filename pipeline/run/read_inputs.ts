/**
 * The inputs of a job as its stage sees them: decoded on demand, and only after
 * their bytes were found to fit their digest.
 *
 * @module
 */
import type { ArtifactKind, CollectionKind, Parts } from "../artifact.ts";
import { digestOf } from "../store/digest.ts";
import type { Job, JobInput } from "./job.ts";
import { kindOf, type Stage } from "../stage.ts";
import {
  decodeTree,
  itemIdOf,
  subTree,
  type Tree,
  type TreeEntry,
} from "../store/tree.ts";

/** An input whose bytes are not those that the step was asked to read. */
export class DamagedInput extends Error {
  constructor(path: string, readonly expected: string, found: string) {
    super(
      `Cannot read "${path}" as its SHA-256 must be ${expected}: is ${found}`,
    );
  }
}

/** Opens all inputs of a job, by name. */
export async function openInputs(
  job: Job,
  stage: Stage,
): Promise<Record<string, unknown>> {
  const opened: Record<string, unknown> = {};
  for (const name of Object.keys(stage.inputs)) {
    const kind = kindOf(stage.inputs[name]);
    const input = job.inputs[name] ?? null;
    if (input === null) opened[name] = null;
    else if ("form" in input) opened[name] = await openInput(job, kind, input);
    else {
      opened[name] = await Promise.all(input.map(async ({ step, at }) => ({
        step,
        value: await openInput(job, kind, at),
      })));
    }
  }
  return opened;
}

function openInput(job: Job, kind: ArtifactKind, input: JobInput): unknown {
  if (input.form === "file") {
    if (kind.form !== "value") throw new Error("Internal error: not a file");
    return kind.decode(readChecked(input.path, input.digest), input.path);
  }
  const tree = decodeTree(Deno.readFileSync(input.list));
  const pathOf = (folder: string) => (entry: TreeEntry) =>
    input.root === null
      ? objectIn(job.objects, entry.digest)
      : `${input.root}/${folder}${entry.path}`;
  if (kind.form === "collection") return reader(kind, tree, pathOf(""));
  if (kind.form === "value") throw new Error("Internal error: not a tree");
  return Object.fromEntries(
    Object.entries(kind.parts as Parts).map((
      [part, items],
    ) => [part, reader(items, subTree(tree, part), pathOf(`${part}/`))]),
  );
}

function objectIn(objects: string, digest: string): string {
  return `${objects}/${digest.slice(0, 2)}/${digest.slice(2)}`;
}

function reader(
  // deno-lint-ignore no-explicit-any -- any item type
  kind: CollectionKind<any>,
  tree: Tree,
  pathOf: (entry: TreeEntry) => string,
) {
  const entries = new Map<string, TreeEntry>();
  for (const entry of tree) {
    const id = itemIdOf(entry.path, kind);
    if (id !== null) entries.set(id, entry);
  }
  const find = (id: string): TreeEntry => {
    const entry = entries.get(id);
    if (entry !== undefined) return entry;
    throw new RangeError(
      `Cannot read item "${id}" of ${kind.name} as it must be one of its ` +
        `${entries.size} items: it is not`,
    );
  };
  const readBytes = async (id: string): Promise<Uint8Array> => {
    const entry = find(id);
    return await Promise.resolve(readChecked(pathOf(entry), entry.digest));
  };
  return {
    ids: [...entries.keys()].sort(),
    has: (id: string) => entries.has(id),
    readBytes,
    read: async (id: string) =>
      await kind.decode(await readBytes(id), pathOf(find(id))),
  };
}

/** Bytes are never believed because of where they lie. */
function readChecked(path: string, digest: string): Uint8Array {
  const bytes = Deno.readFileSync(path);
  const found = digestOf(bytes);
  if (found !== digest) throw new DamagedInput(path, digest, found);
  return bytes;
}
