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
  readonly schema: 2;
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
      const holds = known.schema === 2 && known.files.every(isUnchanged);
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
    const known: Remembered = { schema: 2, version, files };
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

/** The part of `deno info --json` that is read here. */
interface DenoInfo {
  readonly roots: readonly string[];
  readonly redirects?: Readonly<Record<string, string>>;
  readonly modules: readonly {
    readonly specifier: string;
    readonly local?: string;
    readonly error?: string;
    readonly dependencies?: readonly {
      readonly code?: { readonly specifier?: string };
    }[];
  }[];
  readonly npmPackages?: Readonly<
    Record<string, { readonly name: string; readonly version: string }>
  >;
}

interface ModuleGraph {
  /** Absolute paths, in code unit order. */
  readonly modules: string[];
  readonly packages: Record<string, string>;
}

function moduleGraph(module: string, project: string): ModuleGraph {
  const info = denoInfo(module, project);
  const byName = new Map(info.modules.map((node) => [node.specifier, node]));
  const reached = new Set<string>();
  const waiting = [...info.roots];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const name = info.redirects?.[next] ?? next;
    const node = byName.get(name);
    if (node === undefined || reached.has(name)) continue;
    if (node.error !== undefined) throw new Error(node.error);
    reached.add(name);
    for (const { code } of node.dependencies ?? []) {
      if (code?.specifier !== undefined) waiting.push(code.specifier);
    }
  }
  const modules = [...reached].map((name) => byName.get(name)?.local)
    .filter((path) => path !== undefined)
    .filter((path) => !path.startsWith(`${project}/node_modules/`)).sort();
  const packages = info.npmPackages ?? lockedPackages(project);
  return { modules, packages: packagesOf(packages) };
}

/** As Deno tells them, but where packages were unpacked with the project. */
function lockedPackages(project: string): NonNullable<DenoInfo["npmPackages"]> {
  const text = readTextIfThere(`${project}/deno.lock`) ?? "{}";
  const { npm = {} } = JSON.parse(text) as { npm?: Record<string, unknown> };
  return Object.fromEntries(
    Object.keys(npm).map((key) => {
      // `@scope/name@1.2.3_peer@4.5.6`
      const [, name = key, version = ""] = /^(@?[^@]+)@([^_]+)/.exec(key) ?? [];
      return [key, { name, version }];
    }),
  );
}

function packagesOf(
  packages: NonNullable<DenoInfo["npmPackages"]>,
): Record<string, string> {
  const versions: Record<string, string[]> = {};
  for (const { name, version } of Object.values(packages)) {
    (versions[name] ??= []).push(version);
  }
  return Object.fromEntries(
    Object.entries(versions).map((
      [name, all],
    ) => [name, [...new Set(all)].sort().join(" ")]),
  );
}

function denoInfo(module: string, project: string): DenoInfo {
  const { success, stdout, stderr } = new Deno.Command(denoCommand(), {
    args: ["info", "--json", ...configArguments(project), module],
    stdin: "null",
  }).outputSync();
  if (success) return JSON.parse(new TextDecoder().decode(stdout));
  throw new Error(
    `Cannot find what "${module}" imports: ` +
      new TextDecoder().decode(stderr).trim(),
  );
}

/** Arguments that make a Deno process use the project's import map and lock. */
export function configArguments(project: string): string[] {
  const config = `${project}/deno.json`;
  return statIfThere(config) === null ? [] : ["--config", config];
}

/** This Deno by its path where running that is allowed, else the one on PATH. */
export function denoCommand(): string {
  const path = Deno.execPath();
  const { state } = Deno.permissions.querySync({ name: "run", command: path });
  return state === "granted" ? path : "deno";
}
