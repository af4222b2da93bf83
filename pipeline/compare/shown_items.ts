/**
 * Items of runs, wherever these come from: a folder, or an export in memory.
 *
 * @module
 */
import { resolve } from "node:path";
import type { ArtifactKind, CollectionKind } from "../artifact.ts";
import type { StepRecord } from "../run/run_record.ts";
import { kindOf, type Stage } from "../stage.ts";
import { type Digest, digestOf } from "../store/digest.ts";
import {
  contentOfTree,
  itemIdOf,
  sortTree,
  type TreeEntry,
} from "../store/tree.ts";
import type { InputRef } from "../workflow/workflow.ts";
import type { Export } from "./archive.ts";

/** Items that were found to be those of the run record. */
export interface ComparedItems {
  /** In code unit order. */
  readonly ids: readonly string[];
  has(id: string): boolean;
  read(id: string): Promise<unknown>;
}

/** What is there, or why not, to follow "as". */
export type Found<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly why: string };

/** Files of a run by their paths, from `outputs/` on. */
export interface ShownFiles {
  /** Names in a folder; none when there is no such folder. */
  names(folder: string): string[];
  /** Null when there is none. */
  read(path: string): Uint8Array | null;
  /** Of a file that is there. */
  contentOf(path: string): { digest: Digest; sizeBytes: number };
  /** What the user named by a path; null where that cannot be known. */
  outside(path: string): ShownFiles | null;
}

/** Files of a folder on disk. */
export function filesInFolder(root: string): ShownFiles {
  const ifThere = <Value>(read: () => Value): Value | null => {
    try {
      return read();
    } catch (error) {
      const isAbsent = error instanceof Deno.errors.NotFound ||
        error instanceof Deno.errors.NotADirectory;
      if (isAbsent) return null;
      throw error;
    }
  };
  return {
    names: (folder) =>
      ifThere(() => [...Deno.readDirSync(`${root}/${folder}`)])
        ?.filter(({ isDirectory }) => !isDirectory)
        .map(({ name }) => name) ?? [],
    read: (path) => ifThere(() => Deno.readFileSync(`${root}/${path}`)),
    contentOf: (path) => contentOf(Deno.readFileSync(`${root}/${path}`)),
    // Paths in workflows are seen from the current folder.
    outside: (path) => filesInFolder(resolve(path)),
  };
}

/** Files of an export. */
export function filesOfExport({ files }: Export): ShownFiles {
  const folders = Map.groupBy(
    files.keys(),
    (path) => path.slice(0, path.lastIndexOf("/")),
  );
  return {
    names: (folder) =>
      folders.get(folder)?.map((path) => path.slice(folder.length + 1)) ?? [],
    read: (path) => files.get(path) ?? null,
    contentOf: (path) => contentOf(files.get(path)!),
    outside: () => null,
  };
}

/** The items that a step read, if they are there and still the same. */
export function inputItems(
  shown: ShownFiles,
  { step, stage, input }: { step: StepRecord; stage: Stage; input: string },
): Found<ComparedItems> {
  const [ref, ...more] = step.origins[input] ?? [];
  const kind: ArtifactKind | null = stage.inputs[input] === undefined
    ? null
    : kindOf(stage.inputs[input]);
  if (ref === undefined || more.length > 0 || kind?.form !== "collection") {
    return missing(`step ${step.id} has no one folder as "${input}"`);
  }
  const place = placeOf(shown, ref);
  if (place === null) return missing(`${nameOf(ref)} is not in the export`);
  const entries: TreeEntry[] = [];
  const paths = new Map<string, string>();
  for (const name of place.files.names(place.folder)) {
    const id = itemIdOf(name, kind);
    if (id === null) continue;
    const path = place.folder === "" ? name : `${place.folder}/${name}`;
    entries.push({ path: name, ...place.files.contentOf(path) });
    paths.set(id, path);
  }
  if (entries.length === 0) return missing(`${nameOf(ref)} is not there`);
  const { digest } = contentOfTree(sortTree(entries));
  return digest === step.inputs[input]
    ? { ok: true, value: itemsAt(place.files, kind, paths) }
    : missing(`${nameOf(ref)} is not what step ${step.id} read`);
}

function placeOf(
  shown: ShownFiles,
  ref: InputRef,
): { files: ShownFiles; folder: string } | null {
  if (ref.from === "path") {
    const files = shown.outside(ref.path);
    return files === null ? null : { files, folder: "" };
  }
  const part = ref.part === null ? "" : `/${ref.part}`;
  return {
    files: shown,
    folder: `outputs/${ref.step}.${ref.output}${part}`,
  };
}

/** What an origin is called in workflows. */
export function nameOf(ref: InputRef): string {
  if (ref.from === "path") return ref.path;
  return `${ref.step}.${ref.output}${ref.part === null ? "" : `/${ref.part}`}`;
}

function contentOf(bytes: Uint8Array) {
  return { digest: digestOf(bytes), sizeBytes: bytes.length };
}

function itemsAt(
  files: ShownFiles,
  // deno-lint-ignore no-explicit-any -- any item type
  kind: CollectionKind<any>,
  paths: ReadonlyMap<string, string>,
): ComparedItems {
  return {
    ids: [...paths.keys()].sort(),
    has: (id) => paths.has(id),
    read: async (id) => {
      const path = paths.get(id)!;
      const bytes = files.read(path);
      if (bytes !== null) return await kind.decode(bytes, path);
      throw new RangeError(
        `Cannot read "${path}" as it must stay while runs are compared: ` +
          `it is gone`,
      );
    },
  };
}

function missing(why: string): { ok: false; why: string } {
  return { ok: false, why };
}
