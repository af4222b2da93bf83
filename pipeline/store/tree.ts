/**
 * Folders as lists: each file's path, digest and size.
 *
 * A tree is itself stored as a content, so that a folder of any size has one
 * digest, and two folders that share most files share most of their storage.
 *
 * @module
 */
import type { ArtifactKind, CollectionKind } from "../artifact.ts";
import { isItemId } from "../artifact.ts";
import { type Digest, digestOf } from "./digest.ts";

/** One file of a tree. */
export interface TreeEntry {
  /** Relative, with `/`; never absolute, never with `..`. */
  readonly path: string;
  readonly digest: Digest;
  readonly sizeBytes: number;
}

/** Files in code unit order of their paths. */
export type Tree = readonly TreeEntry[];

/** What a step reads or makes: one file, or a tree by the digest of its list. */
export type Content =
  | {
    readonly form: "file";
    readonly digest: Digest;
    readonly sizeBytes: number;
  }
  | {
    readonly form: "tree";
    readonly digest: Digest;
    /** Sum over the files. */
    readonly sizeBytes: number;
    readonly count: number;
  };

/** Sorts entries by path. */
export function sortTree(entries: TreeEntry[]): Tree {
  return entries.sort((a, b) => a.path < b.path ? -1 : a.path > b.path ? 1 : 0);
}

/** A tree as stored: a line `digest size path` for each file. */
export function encodeTree(tree: Tree): Uint8Array {
  const lines = tree.map((entry) =>
    `${entry.digest} ${entry.sizeBytes} ${entry.path}\n`
  );
  return new TextEncoder().encode(lines.join(""));
}

/** The inverse of {@link encodeTree}; its bytes were checked by digest. */
export function decodeTree(bytes: Uint8Array): Tree {
  const lines = new TextDecoder().decode(bytes).split("\n");
  lines.pop();
  return lines.map((line) => {
    const sizeEnd = line.indexOf(" ", 65);
    return {
      digest: line.slice(0, 64) as Digest,
      sizeBytes: Number(line.slice(65, sizeEnd)),
      path: line.slice(sizeEnd + 1),
    };
  });
}

/** The content that stands for a tree. */
export function contentOfTree(tree: Tree): Content {
  const digest = digestOf(encodeTree(tree));
  return { form: "tree", digest, ...sizeOfTree(tree) };
}

/** Bytes and number of the files of a tree. */
export function sizeOfTree(tree: Tree): { sizeBytes: number; count: number } {
  let sizeBytes = 0;
  for (const entry of tree) sizeBytes += entry.sizeBytes;
  return { sizeBytes, count: tree.length };
}

/** The files under a folder of a tree, their paths relative to it. */
export function subTree(tree: Tree, folder: string): Tree {
  const prefix = `${folder}/`;
  return tree.filter((entry) => entry.path.startsWith(prefix))
    .map((entry) => ({ ...entry, path: entry.path.slice(prefix.length) }));
}

/**
 * The id of an item by its file name, or null when the file is not an item of
 * the kind (another extension, a sub-folder, a name that is no id).
 */
export function itemIdOf(
  path: string,
  // deno-lint-ignore no-explicit-any -- any item type
  kind: CollectionKind<any>,
): string | null {
  const extension = kind.extensions.find((ending) => path.endsWith(ending));
  if (extension === undefined) return null;
  const id = path.slice(0, -extension.length);
  return isItemId(id) ? id : null;
}

/** The folders of a kind whose files count, `""` for the folder itself. */
export function foldersOf(
  kind: ArtifactKind,
  // deno-lint-ignore no-explicit-any -- any item type
): [folder: string, kind: CollectionKind<any>][] {
  if (kind.form === "collection") return [["", kind]];
  return kind.form === "composite" ? Object.entries(kind.parts) : [];
}

/** What changed between two trees, as paths. */
export interface TreeDifference {
  readonly added: string[];
  readonly removed: string[];
  readonly changed: string[];
}

/** Compares two trees file by file. */
export function compareTrees(before: Tree, after: Tree): TreeDifference {
  const old = new Map(before.map((entry) => [entry.path, entry.digest]));
  const added: string[] = [];
  const changed: string[] = [];
  for (const { path, digest } of after) {
    const previous = old.get(path);
    if (previous === undefined) added.push(path);
    else if (previous !== digest) changed.push(path);
    old.delete(path);
  }
  return { added, removed: [...old.keys()], changed };
}
