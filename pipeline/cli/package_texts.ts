/**
 * The texts that a package is given beside the project's own files: its start
 * scripts, its configuration and the page that explains them.
 *
 * @module
 */

/** What the texts speak of. */
export interface PackageNames {
  /** As people call the program; also the task that starts it. */
  readonly program: string;
  readonly version: string;
  /** As in `linux-x64`. */
  readonly system: string;
  /** Without `.partN`. */
  readonly archive: string;
  /** Of Deno itself. */
  readonly denoVersion: string;
  readonly commit: string | null;
}

/**
 * `deno`: Deno with all set for a machine that has nothing of it. Its cache,
 * which holds compiled modules only, goes into the package, or where that is
 * read-only, among the temporary files: in a folder whose name others can guess
 * and make first, so it is only used when none but the user can write it.
 *
 * The path begins with the program itself, so that what may run `deno` runs
 * this one, worker processes among them.
 */
export function denoScript(program: string): string {
  return `#!/bin/sh
# Deno as this package needs it: ./deno task, ./deno run, ./deno test.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd -P)
DENO_DIR=$here/.deno_dir
if ! mkdir -p -- "$DENO_DIR" 2>/dev/null || ! [ -w "$DENO_DIR" ]; then
  DENO_DIR=\${TMPDIR:-/tmp}/${program}-deno-$(id -u)
  (umask 077 && mkdir -- "$DENO_DIR" 2>/dev/null) || :
  mode=other
  if [ -O "$DENO_DIR" ]; then mode=$(ls -ld -- "$DENO_DIR"); fi
  case $mode in
    d????-??-?*) ;;
    *)
      echo "Cannot run Deno as its cache must be a folder that only you write:" \\
        "$DENO_DIR is not; remove it or set TMPDIR" >&2
      exit 1
      ;;
  esac
fi
PATH=$here/runtime\${PATH:+:$PATH}
DENO_NO_UPDATE_CHECK=1
export DENO_DIR PATH DENO_NO_UPDATE_CHECK
exec "$here/runtime/deno" "$@"
`;
}

/** The program by its name: what its task in `deno.json` starts. */
export function startScript(program: string): string {
  return `#!/bin/sh
# ${program}, with the permissions that its task in deno.json gives.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd -P)
exec "$here/deno" task --quiet --config "$here/deno.json" ${program} "$@"
`;
}

/**
 * The project's configuration, for packages that lie in `node_modules`. Deno
 * then asks neither its cache nor a registry for any.
 *
 * @throws {SyntaxError} When it is no JSON, or has no task named as the program.
 */
export function packagedConfig(text: string, program: string): string {
  const config = parseConfig(text);
  if (config.tasks?.[program] === undefined) {
    throw new SyntaxError(
      `Cannot package "${program}" as "deno.json" must have a task of that ` +
        `name to start it by: its tasks are ` +
        (Object.keys(config.tasks ?? {}).join(", ") || "none"),
    );
  }
  const packaged = { ...config, nodeModulesDir: "manual" };
  return JSON.stringify(packaged, null, 2) + "\n";
}

function parseConfig(text: string): {
  readonly tasks?: Readonly<Record<string, unknown>>;
} {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new SyntaxError(
      `Cannot package a project as its "deno.json" must be JSON: ` +
        error.message,
    );
  }
}

/** The command that unpacks an archive, in however many parts it is. */
export function unpackCommand(archive: string, partCount: number): string {
  return partCount === 1
    ? `tar -xzf ${archive}`
    : `cat ${archive}.part* | tar -xzf -`;
}

/** `PACKAGE.md`: what this folder is and how to use it. */
export function packagePage(names: PackageNames): string {
  const { program, version, system, archive, denoVersion, commit } = names;
  return `# ${program} ${version}, packaged for ${system}

Runs where there is no network and nothing installed: Deno ${denoVersion}, all npm
packages and the sources are in this folder.${
    commit === null ? "" : ` Commit ${commit}.`
  }

    ./${program} --help     the program
    ./deno task         what else the project can do, by name
    ./deno ARGUMENTS    Deno itself

Paths are relative to this folder, wherever it is called from. Results go into
it, and so does Deno's cache, unless the folder is read-only: then the cache
goes among the temporary files.

It came in one file or in parts, which unpack by one of

    ${unpackCommand(archive, 1)}
    ${unpackCommand(archive, 2)}
`;
}
