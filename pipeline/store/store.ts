/**
 * The store: contents by digest and results by fingerprint.
 *
 *   objects/ab/cdef…     a file or a tree's list, read-only
 *   results/ab/cdef….json  what a fingerprint gave ({@link ResultRecord})
 *   damaged/             objects whose bytes no longer fit their name
 *   locks/ work/ scratch/ sources/ code/ workflows/
 *                        see the modules that use them
 *
 * Objects are sealed: their time of change is set to {@link SEAL_MS}. Whatever
 * touches an object breaks the seal, so one stat shows that an object may be
 * trusted; with a broken seal it is hashed again. An object is never believed
 * because of its name alone.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { type Digest, digestOf, digestOfFile, isDigest } from "./digest.ts";
import {
  createFile,
  flushFile,
  flushFolder,
  readTextIfThere,
  removeIfThere,
  replaceCheaply,
  replaceFile,
  statIfThere,
  temporaryName,
} from "./durable_file.ts";
import type { Fingerprint, ResultRecord } from "./fingerprint.ts";
import {
  type Content,
  decodeTree,
  encodeTree,
  sizeOfTree,
  type Tree,
} from "./tree.ts";
import { TreeMemory } from "./tree_memory.ts";

/** Time of change of every sealed object: one second after the epoch. */
const SEAL_MS = 1000;

/** How an object is. */
export type Health = "whole" | "missing" | "damaged";

/** What is wrong with a content. */
export interface Fault {
  readonly health: "missing" | "damaged";
  readonly digest: Digest;
  /** Path in the tree, null for a file or for the tree's own list. */
  readonly path: string | null;
}

/** Makes a file an object in waiting: read-only and sealed. */
export function seal(path: string): void {
  Deno.chmodSync(path, 0o444);
  Deno.utimeSync(path, SEAL_MS / 1000, SEAL_MS / 1000);
}

/**
 * Writes an object in waiting; it is on disk when the promise is kept. Many at
 * once take little longer than one: the file system flushes them together.
 */
export async function writeSealed(
  path: string,
  bytes: Uint8Array,
): Promise<void> {
  using file = createFile(path, bytes);
  seal(path);
  await flushFile(file, path);
}

/** Whether a stat is that of an untouched object of this size. */
export function isSealed(info: Deno.FileInfo, sizeBytes: number): boolean {
  return info.mtime?.getTime() === SEAL_MS && info.size === sizeBytes;
}

/** A content-addressed store in a folder; safe for several processes. */
export class Store {
  readonly root: string;
  readonly #folders = new Set<string>();
  readonly #trees = new TreeMemory();

  /** Opens a store, making its folder when there is none. */
  constructor(root: string) {
    this.root = root;
  }

  /** A folder of the store, made when needed. */
  folder(...names: string[]): string {
    const path = [this.root, ...names].join("/");
    if (!this.#folders.has(path)) {
      Deno.mkdirSync(path, { recursive: true });
      this.#folders.add(path);
    }
    return path;
  }

  /** Notes a folder of runs that show this store's results. */
  addRuns(folder: string): void {
    const note = this.noteOf(folder);
    if (!existsSync(note)) replaceCheaply(note, folder);
  }

  /** The file in which a folder of runs is noted. */
  noteOf(folder: string): string {
    return `${this.folder("roots")}/${digestOf(folder).slice(0, 32)}`;
  }

  /** All noted folders of runs, those that are gone too. */
  runs(): string[] {
    return namesIn(`${this.root}/roots`)
      .map((name) => readTextIfThere(`${this.root}/roots/${name}`) ?? "");
  }

  /** Where an object lies or would lie. */
  objectPath(digest: Digest): string {
    return `${this.root}/objects/${digest.slice(0, 2)}/${digest.slice(2)}`;
  }

  /** Looks at one object; hashes it only when its seal is broken. */
  healthOf(digest: Digest, sizeBytes: number | null): Health {
    const path = this.objectPath(digest);
    const info = statIfThere(path);
    if (info === null) return "missing";
    if (isSealed(info, sizeBytes ?? info.size)) return "whole";
    return this.rehash(digest);
  }

  /** Hashes one object whatever its seal says, and mends a broken seal. */
  rehash(digest: Digest): Health {
    const path = this.objectPath(digest);
    if (statIfThere(path) === null) return "missing";
    if (digestOfFile(path) !== digest) return "damaged";
    seal(path);
    return "whole";
  }

  /** The first thing wrong with a content, or null when all of it is whole. */
  faultOf(content: Content): Fault | null {
    const { digest } = content;
    const ownSize = content.form === "file" ? content.sizeBytes : null;
    const health = this.healthOf(digest, ownSize);
    if (health !== "whole") return { health, digest, path: null };
    if (content.form === "file") return null;
    const tree = this.wholeTree(digest);
    if (tree === null) return { health: "damaged", digest, path: null };
    for (const entry of tree) {
      const health = this.healthOf(entry.digest, entry.sizeBytes);
      if (health !== "whole") {
        return { health, digest: entry.digest, path: entry.path };
      }
    }
    return null;
  }

  /** Stores bytes; already stored bytes cost a stat. */
  async put(bytes: Uint8Array): Promise<Digest> {
    const digest = digestOf(bytes);
    if (this.rehash(digest) === "whole") return digest;
    const aside = `${this.folder("incoming")}/${temporaryName()}`;
    try {
      await writeSealed(aside, bytes);
      this.adopt(aside, digest);
    } catch (error) {
      removeIfThere(aside);
      throw error;
    }
    return digest;
  }

  /** Stores a tree's list; gives the content that stands for the tree. */
  async putTree(tree: Tree): Promise<Content> {
    const digest = await this.put(encodeTree(tree));
    this.#trees.set(digest, tree);
    return { form: "tree", digest, ...sizeOfTree(tree) };
  }

  /** Moves a sealed and flushed file of the same file system into place. */
  adopt(path: string, digest: Digest): void {
    // Not by its seal: what is there may be what is being made again.
    const health = this.rehash(digest);
    if (health === "whole") return Deno.removeSync(path);
    if (health === "damaged") this.quarantine(digest);
    this.folder("objects", digest.slice(0, 2));
    Deno.renameSync(path, this.objectPath(digest));
  }

  /** The bytes of an object, checked. @throws {Error} When damaged or missing. */
  read(digest: Digest): Uint8Array {
    const bytes = Deno.readFileSync(this.objectPath(digest));
    if (digestOf(bytes) === digest) return bytes;
    throw new Error(
      `Cannot read object ${digest} as its bytes must have that digest: ` +
        `they have ${digestOf(bytes)}; run "verify"`,
    );
  }

  /** The tree with this digest, or null when its list is missing or damaged. */
  wholeTree(digest: Digest): Tree | null {
    const isKnown = this.#trees.get(digest) !== undefined;
    const isWhole = isKnown
      ? this.healthOf(digest, null) === "whole"
      : this.rehash(digest) === "whole";
    return isWhole ? this.readTree(digest) : null;
  }

  /** The tree with this digest, checked when it is first read. */
  readTree(digest: Digest): Tree {
    const known = this.#trees.get(digest);
    if (known !== undefined) return known;
    const tree = decodeTree(this.read(digest));
    this.#trees.set(digest, tree);
    return tree;
  }

  /**
   * Takes a damaged object out of use, keeping its bytes for a look. Its seal
   * is broken, so that links to it in the folders of runs are not believed.
   */
  quarantine(digest: Digest): void {
    const aside = `${this.folder("damaged")}/${digest}`;
    Deno.renameSync(this.objectPath(digest), aside);
    Deno.utimeSync(aside, 0, 0);
    this.#trees.delete(digest);
  }

  /** Whether an object was found damaged and has not been made again. */
  isQuarantined(digest: Digest): boolean {
    return statIfThere(`${this.root}/damaged/${digest}`) !== null;
  }

  /** The result of a fingerprint, or null when there is none to be trusted. */
  readResult(fingerprint: Fingerprint): ResultRecord | null {
    const text = readTextIfThere(this.#resultPath(fingerprint));
    return text === null ? null : parseResult(text, fingerprint);
  }

  /** Acknowledges a result; its objects must be in place. */
  async writeResult(record: ResultRecord): Promise<void> {
    const folder = this.folder("results", record.fingerprint.slice(0, 2));
    await replaceFile(
      this.#resultPath(record.fingerprint),
      JSON.stringify(record) + "\n",
    );
    await flushFolder(folder);
  }

  /** Digests of all objects, in no order. */
  *objects(): Generator<Digest> {
    for (const folder of namesIn(`${this.root}/objects`)) {
      for (const name of namesIn(`${this.root}/objects/${folder}`)) {
        const digest = folder + name;
        if (isDigest(digest)) yield digest;
      }
    }
  }

  /** Fingerprints of all results, in no order. */
  *results(): Generator<Fingerprint> {
    for (const folder of namesIn(`${this.root}/results`)) {
      for (const name of namesIn(`${this.root}/results/${folder}`)) {
        const fingerprint = folder + name.replace(/\.json$/, "");
        if (isDigest(fingerprint)) yield fingerprint as string as Fingerprint;
      }
    }
  }

  /** Forgets a result; its objects stay until they are collected. */
  removeResult(fingerprint: Fingerprint): void {
    removeIfThere(this.#resultPath(fingerprint));
  }

  #resultPath(fingerprint: Fingerprint): string {
    return `${this.root}/results/${fingerprint.slice(0, 2)}/${
      fingerprint.slice(2)
    }.json`;
  }
}

/** Names in a folder; none when there is no folder. */
export function namesIn(folder: string): string[] {
  if (statIfThere(folder) === null) return [];
  return [...Deno.readDirSync(folder)].map((entry) => entry.name);
}

/** A record that does not parse or is another's counts as absent. */
function parseResult(
  text: string,
  fingerprint: Fingerprint,
): ResultRecord | null {
  try {
    const record = JSON.parse(text) as ResultRecord;
    const isOurs = record.schema === 1 && record.fingerprint === fingerprint;
    return isOurs ? record : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
