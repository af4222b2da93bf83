/**
 * The outputs of a job as its stage makes them: encoded, sealed and flushed to
 * disk, hashed while their bytes are at hand.
 *
 * @module
 */
import {
  type ArtifactKind,
  type CollectionKind,
  isItemId,
  type Parts,
} from "../artifact.ts";
import { digestOf } from "../store/digest.ts";
import { removeIfThere } from "../store/durable_file.ts";
import { FlushQueue } from "./flush_queue.ts";
import { jobFiles, type JobOutput } from "./job.ts";
import type { Stage } from "../stage.ts";
import { writeSealed } from "../store/store.ts";
import { sortTree, type TreeEntry } from "../store/tree.ts";

/** The outputs of one job as they are written. */
export class OutputFolder implements AsyncDisposable {
  readonly #folder: string;
  readonly #stage: Stage;
  readonly #trees = new Map<string, Map<string, TreeEntry>>();
  readonly #files = new Map<string, JobOutput>();
  readonly #flushes = new FlushQueue();
  #hasEnded = false;
  /** For each output that is not a value, as `WritersOf` types it. */
  // deno-lint-ignore no-explicit-any -- types are the stage's
  readonly writers: Record<string, any> = {};

  constructor(folder: string, stage: Stage) {
    this.#folder = folder;
    this.#stage = stage;
    for (const [name, kind] of this.#kinds()) {
      // Left by an attempt that failed: no part of it may count.
      removeIfThere(jobFiles(folder).out(name));
      if (kind.form !== "value") {
        this.writers[name] = this.#writerOf(name, kind);
      }
    }
  }

  #kinds(): [string, ArtifactKind][] {
    return Object.entries(this.#stage.outputs);
  }

  #writerOf(name: string, kind: ArtifactKind): unknown {
    const entries = new Map<string, TreeEntry>();
    this.#trees.set(name, entries);
    if (kind.form === "collection") {
      return this.#collectionWriter(name, "", kind, entries);
    }
    if (kind.form === "value") throw new Error("Internal error: not a tree");
    return Object.fromEntries(
      Object.entries(kind.parts as Parts).map(([part, items]) => [
        part,
        this.#collectionWriter(name, `${part}/`, items, entries),
      ]),
    );
  }

  #collectionWriter(
    name: string,
    part: string,
    // deno-lint-ignore no-explicit-any -- any item type
    kind: CollectionKind<any>,
    entries: Map<string, TreeEntry>,
  ) {
    const root = jobFiles(this.#folder).out(name);
    Deno.mkdirSync(`${root}/${part}`, { recursive: true });
    const write = async (id: string, item: unknown): Promise<void> => {
      const path = `${part}${id}${kind.extensions[0]}`;
      const bytes = await kind.encode(item);
      const problem = this.#hasEnded
        ? "the stage must await it before it returns"
        : !isItemId(id)
        ? "its id must be letters, digits and _ . + @ = , - only"
        : entries.has(path)
        ? "each id must be written once"
        : null;
      if (problem !== null) {
        throw new RangeError(
          `Cannot write item of ${kind.name} as ${problem}: "${id}"`,
        );
      }
      entries.set(path, { path, ...nameOf(bytes) });
      await this.#flushes.add(() => writeSealed(`${root}/${path}`, bytes));
    };
    return { write };
  }

  /** Writes the values that the stage returned. */
  async writeValues(values: Record<string, unknown>): Promise<void> {
    for (const [name, kind] of this.#kinds()) {
      if (kind.form !== "value") continue;
      if (values[name] === undefined) {
        throw new TypeError(
          `Cannot end stage "${this.#stage.name}" as it must return output ` +
            `"${name}": it returned ${
              Object.keys(values).join(", ") || "none"
            }`,
        );
      }
      const bytes = await kind.encode(values[name]);
      const path = jobFiles(this.#folder).out(name);
      this.#files.set(name, { form: "file", ...nameOf(bytes) });
      await this.#flushes.add(() => writeSealed(path, bytes));
    }
  }

  /**
   * All outputs, in the stage's order; they are on disk. From now on none is
   * taken: the folder is the runner's, and soon another job's.
   */
  async finish(): Promise<Record<string, JobOutput>> {
    this.#hasEnded = true;
    await this.#flushes.end();
    const outputs: Record<string, JobOutput> = {};
    for (const [name] of this.#kinds()) {
      const entries = this.#trees.get(name);
      outputs[name] = entries === undefined
        ? this.#files.get(name)!
        : { form: "tree", entries: sortTree([...entries.values()]) };
    }
    return outputs;
  }

  /** Waits for what is being flushed, as the folder will be used again. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#hasEnded = true;
    await this.#flushes[Symbol.asyncDispose]();
  }
}

function nameOf(bytes: Uint8Array) {
  return { digest: digestOf(bytes), sizeBytes: bytes.length };
}
