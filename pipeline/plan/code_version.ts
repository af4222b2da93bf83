/**
 * The code behind a stage, as a hash: its module, all that it imports from the
 * project, and the locked versions of the npm packages among them.
 *
 * Deno says what imports what; types do not count, as they are gone when the
 * code runs. Any byte of a module counts, comments too: a stage that ran again
 * for a comment gives the same bytes, and early cut-off stops there.
 *
 * @module
 */
import { canonicalJson } from "../store/canonical_json.ts";
import { type Digest, digestOf, digestOfFile } from "../store/digest.ts";
import {
  readTextIfThere,
  replaceCheaply,
  statIfThere,
} from "../store/durable_file.ts";
import {
  type FileStamp,
  isSameStamp,
  isSettled,
  stampOf,
} from "../store/file_stamp.ts";
import type { Store } from "../store/store.ts";
import { moduleGraph } from "./module_graph.ts";

/** The code of a stage. */
export interface CodeVersion {
  /** Of all the rest. */
  readonly digest: Digest;
  /** By path relative to the project's folder. */
  readonly modules: Readonly<Record<string, Digest>>;
  /** Locked version by npm package name and range resolved. */
  readonly packages: Readonly<Record<string, string>>;
  /** A module that is not as it was when it was hashed, or null. */
  readonly changedModule: () => string | null;
}

/** What is remembered of a module graph: it holds while no file changed. */
interface Remembered {
  readonly schema: 3;
  readonly version: Omit<CodeVersion, "changedModule">;
  /** Modules and configuration, by path. */
  readonly files: readonly (readonly [path: string, stamp: FileStamp])[];
}

/** Finds the code of stages; asks Deno only for graphs that have changed. */
export class CodeVersions {
  readonly #store: Store;
  /** The folder with `deno.json`: modules are named relative to it. */
  readonly #project: string;
  readonly #known = new Map<string, CodeVersion>();

  constructor(store: Store, project: string) {
    this.#store = store;
    this.#project = project;
  }

  /** The code behind a stage's module, a `file:` URL. */
  of(module: string): CodeVersion {
    let version = this.#known.get(module);
    if (version === undefined) {
      version = this.#recall(module) ?? this.#inspect(module);
      this.#known.set(module, version);
    }
    return version;
  }

  #cacheFile(module: string): string {
    return `${this.#store.folder("code")}/${
      digestOf(module).slice(0, 32)
    }.json`;
  }

  #recall(module: string): CodeVersion | null {
    const text = readTextIfThere(this.#cacheFile(module));
    if (text === null) return null;
    try {
      const known = JSON.parse(text) as Remembered;
      const holds = known.schema === 3 && known.files.every(isUnchanged);
      return holds ? this.#watched(known) : null;
    } catch (error) {
      if (error instanceof SyntaxError) return null;
      throw error;
    }
  }

  #inspect(module: string): CodeVersion {
    const startMs = Date.now();
    const { modules: paths, packages } = moduleGraph(module, this.#project);
    // Before they are hashed: what changes meanwhile must not look unchanged.
    const files = [...paths, ...configurationOf(this.#project)].map((path) =>
      [path, stampOf(statIfThere(path))] as const
    );
    const modules: Record<string, Digest> = {};
    for (const path of paths) {
      modules[relativeTo(this.#project, path)] = digestOfFile(path);
    }
    const digest = digestOf(canonicalJson({ modules, packages }));
    const version = { digest, modules, packages };
    const known: Remembered = { schema: 3, version, files };
    if (files.every(([, stamp]) => isSettled(stamp, startMs))) {
      replaceCheaply(this.#cacheFile(module), JSON.stringify(known));
    }
    return this.#watched(known);
  }

  #watched({ version, files }: Remembered): CodeVersion {
    const hasChanged = (path: string, name: string) => {
      const digest = version.modules[name];
      if (digest === undefined) return false;
      return statIfThere(path) === null || digestOfFile(path) !== digest;
    };
    const changedModule = () => {
      for (const file of files) {
        const name = relativeTo(this.#project, file[0]);
        if (!isUnchanged(file) && hasChanged(file[0], name)) return name;
      }
      return null;
    };
    return { ...version, changedModule };
  }
}

function configurationOf(project: string): string[] {
  return [`${project}/deno.json`, `${project}/deno.lock`];
}

function isUnchanged([path, stamp]: Remembered["files"][number]): boolean {
  return isSameStamp(stampOf(statIfThere(path)), stamp);
}

function relativeTo(folder: string, path: string): string {
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path;
}
