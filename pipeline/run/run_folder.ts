/**
 * The folder of a named run: what its steps gave, as read-only links into the
 * store, with one small record for each step.
 *
 *   run.json                  the run record
 *   events.jsonl              what happened when a run last did something
 *   outputs/STEP.OUTPUT…      links to objects, never copies
 *   earlier/STEP.OUTPUT…      those of steps that have left the workflow
 *   steps/STEP.json           which result the links show
 *   steps/STEP.units          results of the shards of a step not yet whole
 *   logs/STEP.log             what the step said when it last ran
 *
 * @module
 */
import type { ArtifactKind } from "../artifact.ts";
import type { Digest } from "../store/digest.ts";
import {
  readTextIfThere,
  removeIfThere,
  replaceCheaply,
  statIfThere,
} from "../store/durable_file.ts";
import { waitForLock } from "../store/file_lock.ts";
import type { Fingerprint } from "../store/fingerprint.ts";
import { isSealed, namesIn, type Store } from "../store/store.ts";
import { type Content, type Tree, type TreeEntry } from "../store/tree.ts";
import type { Step } from "../workflow/workflow.ts";

/** What a step of a run last gave. */
export interface StepState {
  readonly schema: 1;
  readonly step: string;
  readonly fingerprint: Fingerprint;
  readonly outputs: Readonly<Record<string, Content>>;
}

/** A link that is not there or is not the object it should be. */
export interface BrokenLink {
  readonly output: string;
  readonly path: string | null;
}

/** A named run's folder. */
export class RunFolder {
  readonly root: string;
  readonly #store: Store;

  constructor(root: string, store: Store) {
    this.root = root;
    this.#store = store;
  }

  /** Makes the folder, which is only read without. */
  make(): void {
    for (const name of ["steps", "outputs", "logs"]) {
      Deno.mkdirSync(`${this.root}/${name}`, { recursive: true });
    }
  }

  /** The run record. */
  get record(): string {
    return `${this.root}/run.json`;
  }

  /** The log of a step, or of one of its shards. */
  logOf(step: string, shard: number | null = null): string {
    if (shard === null) return `${this.root}/logs/${step}.log`;
    return `${this.root}/logs/${step}.shard${shard}.log`;
  }

  /** Where an output is shown. */
  pathOf(step: Step, output: string): string {
    const kind: ArtifactKind = step.stage.outputs[output];
    const extension = kind.form === "value" ? kind.extension : "";
    return `${this.root}/outputs/${step.id}.${output}${extension}`;
  }

  /** What a step last gave here, or null; a record that is no JSON is none. */
  stateOf(step: string): StepState | null {
    const text = readTextIfThere(this.#stateFile(step));
    if (text === null) return null;
    try {
      const state = JSON.parse(text) as StepState;
      return state.schema === 1 && state.step === step ? state : null;
    } catch (error) {
      if (error instanceof SyntaxError) return null;
      throw error;
    }
  }

  /** What all steps of the run last gave, those that have left the workflow too. */
  *states(): Generator<StepState> {
    for (const name of namesIn(`${this.root}/steps`).sort()) {
      const step = name.replace(/\.json$/, "");
      const state = step === name ? null : this.stateOf(step);
      if (state !== null) yield state;
    }
  }

  /** The first link of a step's output that must be made again. */
  brokenLink(step: Step, output: string, content: Content): BrokenLink | null {
    const path = this.pathOf(step, output);
    if (content.form === "file") {
      return isLink(path, content.sizeBytes) ? null : { output, path: null };
    }
    for (const entry of this.#store.readTree(content.digest)) {
      if (!isLink(`${path}/${entry.path}`, entry.sizeBytes)) {
        return { output, path: entry.path };
      }
    }
    return null;
  }

  /** Shows a result: links its outputs, then records it. */
  async show(
    step: Step,
    fingerprint: Fingerprint,
    outputs: Readonly<Record<string, Content>>,
  ): Promise<void> {
    // Two runs of one name may show the same step at once.
    using _lock = await waitForLock(`${this.root}/lock`);
    const before = this.stateOf(step.id)?.outputs ?? {};
    // Until all links are made, the step is not said to show anything.
    removeIfThere(this.#stateFile(step.id));
    for (const [output, content] of Object.entries(outputs)) {
      const path = this.pathOf(step, output);
      if (content.form === "file") this.#link(path, content);
      else this.#linkTree(path, content, before[output]);
    }
    const state: StepState = { schema: 1, step: step.id, fingerprint, outputs };
    replaceCheaply(this.#stateFile(step.id), JSON.stringify(state) + "\n");
  }

  /** Notes the results that a step gathers, so that none is collected. */
  noteUnits(step: string, units: readonly Fingerprint[]): void {
    replaceCheaply(this.#unitsFile(step), JSON.stringify(units) + "\n");
  }

  /** The step has its result: what it gathered is noted there. */
  forgetUnits(step: string): void {
    removeIfThere(this.#unitsFile(step));
  }

  /** Results that unfinished steps of the run have gathered so far. */
  *unfinished(): Generator<Fingerprint> {
    for (const name of namesIn(`${this.root}/steps`)) {
      if (!name.endsWith(UNITS)) continue;
      const text = readTextIfThere(`${this.root}/steps/${name}`) ?? "[]";
      yield* parseUnits(text);
    }
  }

  #unitsFile(step: string): string {
    return `${this.root}/steps/${step}${UNITS}`;
  }

  #stateFile(step: string): string {
    return `${this.root}/steps/${step}.json`;
  }

  #linkTree(root: string, content: Content, before?: Content): void {
    const tree = this.#store.readTree(content.digest);
    const shown = this.#treeOf(before);
    const wanted = new Set(tree.map((entry) => entry.path));
    for (const { path } of shown) {
      if (!wanted.has(path)) removeLink(`${root}/${path}`);
    }
    if (before === undefined) removeIfThere(root);
    const folders = new Set(tree.map((entry) => folderOf(entry.path)));
    for (const folder of folders.add("")) {
      Deno.mkdirSync(`${root}/${folder}`, { recursive: true });
    }
    const digests = new Map(shown.map(({ path, digest }) => [path, digest]));
    for (const entry of tree) {
      const path = `${root}/${entry.path}`;
      const isShown = digests.get(entry.path) === entry.digest &&
        isLink(path, entry.sizeBytes);
      if (!isShown) this.#link(path, entry);
    }
  }

  /** An earlier tree that cannot be read leaves no trace to clean up. */
  #treeOf(content?: Content): Tree {
    return content?.form === "tree"
      ? this.#store.wholeTree(content.digest) ?? []
      : [];
  }

  /** Shows an object, whose bytes are never believed for their seal alone. */
  #link(path: string, { digest }: Pick<TreeEntry, "digest">): void {
    if (this.#store.rehash(digest) !== "whole") throw new DamagedObject(digest);
    const object = this.#store.objectPath(digest);
    if (tryLink(object, path)) return;
    if (statIfThere(path)?.ino === statIfThere(object)?.ino) return;
    removeLink(path);
    tryLink(object, path);
  }
}

/** An object that was to be shown is damaged or gone. */
export class DamagedObject extends Error {
  constructor(readonly digest: Digest) {
    super(
      `Cannot show object ${digest} as its bytes must have that digest: ` +
        `they have not`,
    );
  }
}

/**
 * Links a file; by name where the run lies on another file system than the
 * store. False when something is there already.
 */
function tryLink(object: string, path: string): boolean {
  try {
    Deno.linkSync(object, path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return false;
    const isElsewhere = error instanceof Error && "code" in error &&
      error.code === "EXDEV";
    if (!isElsewhere) throw error;
  }
  return tryNameLink(object, path);
}

function tryNameLink(object: string, path: string): boolean {
  try {
    Deno.symlinkSync(object, path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return false;
    throw error;
  }
}

/** Removes a link, even one that leads nowhere. */
function removeLink(path: string): void {
  try {
    Deno.removeSync(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Ending of the file that lists an unfinished step's units. */
const UNITS = ".units";

/** A list cut short by a crash protects nothing. */
function parseUnits(text: string): Fingerprint[] {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

function isLink(path: string, sizeBytes: number): boolean {
  const info = statIfThere(path);
  return info !== null && isSealed(info, sizeBytes);
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

const LOG_END_LINES = 15;

/** The last lines of a log. */
export function endOfLog(path: string): string[] {
  const lines = (readTextIfThere(path) ?? "").trimEnd().split("\n");
  return lines.slice(-LOG_END_LINES);
}
