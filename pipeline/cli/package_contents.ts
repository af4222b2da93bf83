/**
 * What goes into a package: the project's files, its npm packages and Deno.
 *
 * @module
 */
import { dirname, join } from "node:path/posix";
import { denoCommand } from "../plan/deno_project.ts";
import { readTextIfThere, removeIfThere } from "../store/durable_file.ts";
import type { PackageEntry } from "./package_archive.ts";
import { compileGlob } from "./package_globs.ts";
import { filesUnder } from "./package_sources.ts";

/** How npm packages are put into a folder. */
export interface InstallOptions {
  /** The folder with `deno.json`, `deno.lock` and perhaps `.npmrc`. */
  readonly project: string;
  /** Made for this, and left to the caller to remove. */
  readonly folder: string;
}

/**
 * Installs a project's locked npm packages into `node_modules` of a folder:
 * from Deno's cache if it has them all, so that no network is needed.
 *
 * @throws {Error} With what Deno says, when they cannot be had.
 */
export function installPackages({ project, folder }: InstallOptions): void {
  removeIfThere(folder);
  Deno.mkdirSync(folder);
  for (const name of ["deno.json", "deno.lock", ".npmrc"]) {
    const text = readTextIfThere(`${project}/${name}`);
    if (text !== null) Deno.writeTextFileSync(`${folder}/${name}`, text);
  }
  const install = (...flags: string[]) =>
    new Deno.Command(denoCommand(), {
      args: ["install", "--node-modules-dir=auto", "--frozen", ...flags],
      cwd: folder,
      env: { NO_COLOR: "1" },
      stdin: "null",
    }).outputSync();
  if (install("--cached-only").success) return;
  const { success, stderr } = install();
  if (success) return;
  throw new Error(
    `Cannot package "${project}" as its npm packages must be in Deno's cache ` +
      `or to be had: ${reasonIn(new TextDecoder().decode(stderr))}`,
  );
}

/** What went wrong and its first cause, without the list of downloads. */
function reasonIn(text: string): string {
  const [, error] = /^error: (.*)$/m.exec(text) ?? [];
  const [, cause] = /^Caused by:\s+(?:0: )?(.*)$/m.exec(text) ?? [];
  if (error === undefined) return text.trim();
  return cause === undefined ? error : `${error}: ${cause}`;
}

/** Where the files of a package come from. */
export interface ContentsOptions {
  readonly project: string;
  /** Of these paths of the project. */
  readonly paths: readonly string[];
  /** Holds `node_modules`, unless the project needs no package. */
  readonly installed: string;
  /** The program that becomes `runtime/deno`. */
  readonly deno: string;
  /** Patterns of paths to leave out. */
  readonly exclude: readonly string[];
}

/** Entries, and patterns that excluded nothing. */
export interface Contents {
  readonly entries: readonly PackageEntry[];
  readonly idle: readonly string[];
}

/** Collects what goes into a package, but for texts made for it. */
export function packageContents(options: ContentsOptions): Contents {
  const { project, paths, installed, deno, exclude } = options;
  const used = new Set<string>();
  const patterns = exclude.map((glob) => [glob, compileGlob(glob)] as const);
  const isKept = ({ path }: PackageEntry) => {
    const glob = patterns.find(([, matches]) => matches(path))?.[0];
    if (glob !== undefined) used.add(glob);
    return glob === undefined;
  };
  const packages = filesUnder(`${installed}/node_modules`, isNotOfDeno);
  const entries = [
    ...paths.map((path) => entryOf(project, path)),
    ...packages.map((path) => entryOf(installed, `node_modules/${path}`)),
  ].filter(isKept);
  return {
    entries: [...entries, { kind: "file", path: "runtime/deno", source: deno }],
    idle: exclude.filter((glob) => !used.has(glob)),
  };
}

/** Not what Deno notes for itself beside what it has installed. */
function isNotOfDeno(path: string): boolean {
  return !/^\.deno\/\.[^/]+$|\/\.scripts-[^/]+$/.test(path);
}

/** @throws {Error} For a link out of the folder: it would lead nowhere. */
function entryOf(folder: string, path: string): PackageEntry {
  const source = `${folder}/${path}`;
  if (!Deno.lstatSync(source).isSymlink) return { kind: "file", path, source };
  const target = Deno.readLinkSync(source);
  const isInside = !target.startsWith("/") &&
    !join(dirname(path), target).startsWith("..");
  if (isInside) {
    return { kind: "link", path, target };
  }
  throw new Error(
    `Cannot package "${path}" as a link must stay inside the package: it ` +
      `leads to "${target}"`,
  );
}
