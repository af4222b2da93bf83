/**
 * What a module imports: the project's modules and npm packages.
 *
 * @module
 */
import { readTextIfThere } from "../store/durable_file.ts";
import { configArguments, denoCommand } from "./deno_project.ts";

/** All that a module needs to run; types are gone then and do not count. */
export interface ModuleGraph {
  /** Absolute paths, in code unit order. */
  readonly modules: string[];
  /** Locked version by name, of those imported and those that they need. */
  readonly packages: Record<string, string>;
}

/** The part of `deno info --json` that is read here. */
interface DenoInfo {
  readonly roots: readonly string[];
  readonly redirects?: Readonly<Record<string, string>>;
  readonly modules: readonly Module[];
  /** Those of the whole lock file. */
  readonly npmPackages?: Packages;
}

interface Module {
  readonly specifier: string;
  readonly local?: string;
  readonly error?: string;
  /** Of a module of a package: by its id. */
  readonly npmPackage?: string;
  readonly dependencies?: readonly {
    readonly code?: { readonly specifier?: string };
  }[];
}

/** By id, such as `@scope/name@1.2.3_peer@4.5.6`. */
type Packages = Readonly<Record<string, Package>>;

interface Package {
  readonly name: string;
  readonly version: string;
  /** Ids. */
  readonly dependencies: readonly string[];
}

/**
 * Finds all that a module imports, by asking Deno.
 *
 * @param module A `file:` URL.
 * @param project The folder with `deno.json`.
 */
export function moduleGraph(module: string, project: string): ModuleGraph {
  const info = denoInfo(module, project);
  const reached = reachedModules(info);
  const modules = reached.map(({ local }) => local)
    .filter((path) => path !== undefined)
    .filter((path) => !path.startsWith(`${project}/node_modules/`)).sort();
  const packages = info.npmPackages ?? lockedPackages(project);
  return { modules, packages: versionsOf(neededPackages(reached, packages)) };
}

function reachedModules({ roots, redirects, modules }: DenoInfo): Module[] {
  const byName = new Map(modules.map((module) => [module.specifier, module]));
  const reached = new Map<string, Module>();
  const waiting = [...roots];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const name = redirects?.[next] ?? next;
    const module = byName.get(name);
    if (module === undefined || reached.has(name)) continue;
    if (module.error !== undefined) throw new Error(module.error);
    reached.set(name, module);
    for (const { code } of module.dependencies ?? []) {
      if (code?.specifier !== undefined) waiting.push(code.specifier);
    }
  }
  return [...reached.values()];
}

/** The packages of modules, and all that these depend on. */
function neededPackages(
  modules: readonly Module[],
  packages: Packages,
): Package[] {
  const needed = new Set<string>();
  const waiting = modules.map((module) => packageOf(module, packages))
    .filter((id) => id !== null);
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (needed.has(id)) continue;
    needed.add(id);
    waiting.push(...packages[id]?.dependencies ?? []);
  }
  return [...needed].map((id) => packages[id]).filter((it) => it !== undefined);
}

/** Where packages were unpacked with the project: `.deno/NAME@VERSION…/…`. */
const UNPACKED = /\/node_modules\/\.deno\/(@?)([^/@]+)@([^/_]+)/;

function packageOf(
  { specifier, npmPackage }: Module,
  packages: Packages,
): string | null {
  if (npmPackage !== undefined) return npmPackage;
  const [, at = "", path, version] = UNPACKED.exec(specifier) ?? [];
  if (path === undefined) return null;
  const name = at === "" ? path : at + path.replace("+", "/");
  return Object.keys(packages).find((id) =>
    packages[id]!.name === name && packages[id]!.version === version
  ) ?? null;
}

/** As Deno tells them, but where packages were unpacked with the project. */
function lockedPackages(project: string): Packages {
  const text = readTextIfThere(`${project}/deno.lock`) ?? "{}";
  const { npm = {} } = JSON.parse(text) as {
    npm?: Record<string, { readonly dependencies?: readonly string[] }>;
  };
  const packages = Object.entries(npm).map(([id, { dependencies = [] }]) => {
    const [, name = id, version = ""] = /^(@?[^@]+)@([^_]+)/.exec(id) ?? [];
    return { id, name, version, dependencies };
  });
  const byName = new Map(packages.map(({ id, name }) => [name, id]));
  // A dependency is named without version where there is one of that name.
  const idOf = (dependency: string) =>
    dependency in npm ? dependency : byName.get(dependency) ?? dependency;
  return Object.fromEntries(
    packages.map(({ id, dependencies, ...rest }) => [
      id,
      { ...rest, dependencies: dependencies.map(idOf) },
    ]),
  );
}

function versionsOf(packages: readonly Package[]): Record<string, string> {
  const versions: Record<string, string[]> = {};
  for (const { name, version } of packages) {
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
