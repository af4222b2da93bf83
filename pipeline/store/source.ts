/**
 * Inputs from outside the store: a file or folder of the user's, by content.
 *
 * Hashing is remembered by path, size, times of change and inode, so that a
 * run in which nothing changed reads no data again.
 *
 * @module
 */
import type { ArtifactKind, CollectionKind } from "../artifact.ts";
import { type Digest, digestOf, digestOfFile } from "./digest.ts";
import {
  readTextIfThere,
  replaceCheaply,
  statIfThere,
} from "./durable_file.ts";
import {
  type FileStamp,
  isSameStamp,
  isSettled,
  stampOf,
} from "./file_stamp.ts";
import { namesIn, type Store } from "./store.ts";
import {
  type Content,
  contentOfTree,
  foldersOf,
  itemIdOf,
  sortTree,
  type Tree,
  type TreeEntry,
} from "./tree.ts";

/** A source that cannot be read; expected, so a value. */
export interface SourceProblem {
  readonly path: string;
  readonly message: string;
}

/** A source as it is now; `tree` is null for a file. */
export type Source =
  | { readonly ok: true; readonly content: Content; readonly tree: Tree | null }
  | { readonly ok: false; readonly problems: readonly SourceProblem[] };

/** What is remembered of a file. */
type Remembered = readonly [...FileStamp, Digest];

/** Hashes a file or folder as the kind that reads it. */
export function readSource(
  path: string,
  kind: ArtifactKind,
  store: Store,
): Source {
  const info = statIfThere(path);
  const problem = problemWith(path, kind, info);
  if (problem !== null) return { ok: false, problems: [problem] };
  const cache = new HashCache(store, path, kind);
  const source = kind.form === "value"
    ? readFile(path, info!, cache)
    : readFolder(path, kind, cache);
  cache.save();
  return source;
}

function problemWith(
  path: string,
  kind: ArtifactKind,
  info: Deno.FileInfo | null,
): SourceProblem | null {
  const cannot = `Cannot read "${path}" as ${kind.name}`;
  if (info === null) {
    return { path, message: `${cannot} as it must exist: nothing is there` };
  }
  const wanted = kind.form === "value" ? "file" : "folder";
  const found = info.isDirectory ? "folder" : info.isFile ? "file" : "neither";
  if (wanted === found) return null;
  return { path, message: `${cannot} as it must be a ${wanted}: is ${found}` };
}

function readFile(path: string, info: Deno.FileInfo, cache: HashCache): Source {
  const digest = cache.digestOf(path, "", info);
  return {
    ok: true,
    content: { form: "file", digest, sizeBytes: info.size },
    tree: null,
  };
}

function readFolder(
  root: string,
  kind: ArtifactKind,
  cache: HashCache,
): Source {
  const entries: TreeEntry[] = [];
  const problems: SourceProblem[] = [];
  for (const [folder, items] of foldersOf(kind)) {
    const path = folder === "" ? root : `${root}/${folder}`;
    if (statIfThere(path)?.isDirectory) {
      addItems({ root, folder, items, cache, entries });
      problems.push(...unusableNames(path, items));
    } else {
      const message = `Cannot read "${root}" as ${kind.name} as it must hold ` +
        `the folder "${folder}": it does not`;
      problems.push({ path, message });
    }
  }
  if (problems.length > 0) return { ok: false, problems };
  const tree = sortTree(entries);
  return { ok: true, content: contentOfTree(tree), tree };
}

function addItems(to: {
  root: string;
  folder: string;
  // deno-lint-ignore no-explicit-any -- any item type
  items: CollectionKind<any>;
  cache: HashCache;
  entries: TreeEntry[];
}): void {
  const prefix = to.folder === "" ? "" : `${to.folder}/`;
  for (const { name } of Deno.readDirSync(`${to.root}/${prefix}`)) {
    if (itemIdOf(name, to.items) === null) continue;
    const path = prefix + name;
    const info = statIfThere(`${to.root}/${path}`);
    if (!info?.isFile) continue;
    const digest = to.cache.digestOf(`${to.root}/${path}`, path, info);
    to.entries.push({ path, digest, sizeBytes: info.size });
  }
}

const NAMED = 5;

/**
 * Files that look like items but cannot be: an odd name, or an id twice. They
 * would else be left out without a word.
 */
function unusableNames(
  path: string,
  // deno-lint-ignore no-explicit-any -- any item type
  kind: CollectionKind<any>,
): SourceProblem[] {
  const names = namesIn(path).sort();
  const odd = names.filter((name) =>
    !name.startsWith(".") &&
    kind.extensions.some((ending) => name.endsWith(ending)) &&
    itemIdOf(name, kind) === null
  );
  const ids = names.map((name) => itemIdOf(name, kind)).filter((id) =>
    id !== null
  );
  const twins = ids.filter((id, i) => ids[i - 1] === id);
  return [
    ...problemOf(odd, "each name must be letters, digits and _ . + @ = , -"),
    ...problemOf(twins, "each id must have one file"),
  ];

  function problemOf(found: readonly string[], must: string): SourceProblem[] {
    if (found.length === 0) return [];
    const named = found.slice(0, NAMED).map((name) => `"${name}"`).join(", ");
    const rest = found.length > NAMED
      ? ` and ${found.length - NAMED} more`
      : "";
    const message = `Cannot read "${path}" as ${kind.name} as ${must}: ` +
      `${named}${rest}`;
    return [{ path, message }];
  }
}

/** Digests of one source's files, kept between runs. */
class HashCache {
  readonly #file: string;
  readonly #before: Map<string, Remembered>;
  readonly #after: [string, Remembered][] = [];
  #changed = false;

  constructor(store: Store, root: string, kind: ArtifactKind) {
    // Each kind remembers its own files of a folder.
    const name = digestOf(`${kind.name} ${Deno.realPathSync(root)}`)
      .slice(0, 32);
    this.#file = `${store.folder("sources")}/${name}.json`;
    this.#before = new Map(parseRemembered(readTextIfThere(this.#file)));
  }

  digestOf(path: string, key: string, info: Deno.FileInfo): Digest {
    const known = this.#before.get(key);
    const stamp = stampOf(info);
    if (known !== undefined && isSameStamp(stamp, known)) {
      this.#after.push([key, known]);
      return known[4];
    }
    const hashedAtMs = Date.now();
    const digest = digestOfFile(path);
    this.#changed = true;
    if (isSettled(stamp, hashedAtMs)) {
      this.#after.push([key, [...stamp, digest]]);
    }
    return digest;
  }

  save(): void {
    if (this.#changed || this.#after.length !== this.#before.size) {
      replaceCheaply(this.#file, JSON.stringify(this.#after));
    }
  }
}

/** What cannot be parsed is forgotten: the files are only hashed again. */
function parseRemembered(text: string | null): [string, Remembered][] {
  if (text === null) return [];
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}
