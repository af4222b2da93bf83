/**
 * Which files of a project go into its package.
 *
 * @module
 */
import { isSystemError } from "../system_error.ts";
import { readTextIfThere, statIfThere } from "../store/durable_file.ts";
import { namesIn } from "../store/store.ts";
import { compileIgnoreList } from "./package_globs.ts";

/** The files of a project, and what one may wonder about. */
export interface ProjectFiles {
  /** Relative to the project's folder. */
  readonly paths: readonly string[];
  /** Neither ignored nor known to git: left out, perhaps by oversight. */
  readonly untracked: readonly string[];
  /** Hash of the last commit, with `+` when files have changed since; or null. */
  readonly commit: string | null;
}

/**
 * Lists the files that git tracks, as they are now; in a folder that is no
 * checkout, all that `.gitignore` does not name.
 *
 * @throws {Error} When git is needed and cannot be run.
 */
export function projectFiles(project: string): ProjectFiles {
  if (statIfThere(`${project}/.git`) === null) {
    const list = readTextIfThere(`${project}/.gitignore`) ?? "";
    const isIgnored = compileIgnoreList(list);
    const paths = filesUnder(project, (path) => !isIgnored(path));
    return { paths, untracked: [], commit: null };
  }
  const names = (...args: string[]) =>
    git(project, args).split("\0").filter((name) => name !== "");
  const isThere = (path: string) => exists(`${project}/${path}`);
  return {
    paths: names("ls-files", "-z").filter(isThere),
    untracked: names("ls-files", "-z", "--others", "--exclude-standard"),
    commit: commitOf(project),
  };
}

/** Null before the first commit. */
function commitOf(project: string): string | null {
  const { code, stdout } = runGit(project, ["rev-parse", "--verify", "HEAD"]);
  if (code !== 0) return null;
  const hash = new TextDecoder().decode(stdout).slice(0, 12);
  return git(project, ["status", "--porcelain"]) === "" ? hash : `${hash}+`;
}

function git(project: string, args: readonly string[]): string {
  const { code, stdout, stderr } = runGit(project, args);
  if (code === 0) return new TextDecoder().decode(stdout);
  throw new Error(
    `Cannot package "${project}" as git must list its files: ` +
      new TextDecoder().decode(stderr).trim(),
  );
}

function runGit(project: string, args: readonly string[]) {
  try {
    return new Deno.Command("git", { args: ["-C", project, ...args] })
      .outputSync();
  } catch (error) {
    // Not there; or not there when Deno looked for what it may run.
    if (!isSystemError(error)) throw error;
    throw new Error(
      `Cannot package "${project}" as git must list its files: ` +
        `it cannot be started (${error.message})`,
    );
  }
}

/** Whether something has that name, were it a link to nothing. */
function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Files and links below a folder, relative to it; folders may be refused. */
export function filesUnder(
  folder: string,
  isWanted: (path: string) => boolean,
  prefix = "",
): string[] {
  return namesIn(`${folder}/${prefix}`).sort().flatMap((name) => {
    const path = `${prefix}${name}`;
    if (!isWanted(path)) return [];
    return Deno.lstatSync(`${folder}/${path}`).isDirectory
      ? filesUnder(folder, isWanted, `${path}/`)
      : [path];
  });
}
