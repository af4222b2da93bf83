/**
 * `package`: makes one archive of the project, its npm packages and Deno, for
 * machines of this kind that have no network.
 *
 * @module
 */
import { readTextIfThere, removeIfThere } from "../store/durable_file.ts";
import { isSystemError } from "../system_error.ts";
import {
  type ArchivePart,
  type PackageEntry,
  writeArchive,
} from "./package_archive.ts";
import { installPackages, packageContents } from "./package_contents.ts";
import { projectFiles } from "./package_sources.ts";
import {
  denoScript,
  packagedConfig,
  packagePage,
  startScript,
  unpackCommand,
} from "./package_texts.ts";
import { resolvePath } from "./paths.ts";
import {
  CliError,
  type CliOptions,
  EXIT,
  type GlobalOptions,
  type Project,
} from "./project.ts";

/** Where archives go, relative to the current folder. */
const FOLDER = "dist";

/** Parts stay under 60 MB, a common limit for one file. */
const PART_BYTES = 59_900_000;

/** Untracked files named; all of them with `--json`. */
const NAMED_COUNT = 5;

/** What is packaged, from where to where. */
export interface PackageRequest {
  readonly cli: Pick<CliOptions, "name" | "version" | "packaging">;
  /** The project's folder, absolute. */
  readonly project: string;
  /** Where the archive goes, absolute. */
  readonly folder: string;
  /** The Deno program to pack; it must be of this system. */
  readonly deno: string;
  readonly partBytes: number;
}

/** What was made. */
export interface PackageMade {
  readonly folder: string;
  readonly parts: readonly ArchivePart[];
  /** To be run where the parts are. */
  readonly unpack: string;
  /** As in {@link projectFiles}. */
  readonly untracked: readonly string[];
  /** Patterns that excluded nothing: out of date, perhaps. */
  readonly idle: readonly string[];
}

/** `package` */
export async function makePackage(
  project: Project,
  options: GlobalOptions,
): Promise<number> {
  const made = await packageProject({
    cli: project.cli,
    project: project.options.project,
    folder: resolvePath(FOLDER),
    deno: Deno.execPath(),
    partBytes: PART_BYTES,
  });
  project.print(
    options.json ? JSON.stringify(made, null, 2) : describe(made),
  );
  return EXIT.ok;
}

/** Makes the archive; whatever lay there under its name is replaced. */
export async function packageProject(
  { cli, project, folder, deno, partBytes }: PackageRequest,
): Promise<PackageMade> {
  const root = `${cli.name}-${cli.version}-${systemName()}`;
  const archive = `${root}.tar.gz`;
  const config = packagedConfig(readConfig(project), cli.name);
  const { paths, untracked, commit } = projectFiles(project);
  makeFolder(folder);
  // Beside the archive, so that links to Deno's cache do for copies of it.
  const installed = `${folder}/.packaging`;
  try {
    installPackages({ project, folder: installed });
    const { entries, idle } = packageContents({
      project,
      paths: paths.filter((path) =>
        path !== "deno.json" && !`${project}/${path}`.startsWith(`${folder}/`)
      ),
      installed,
      deno,
      exclude: cli.packaging?.exclude ?? [],
    });
    const page = packagePage({
      program: cli.name,
      version: cli.version,
      system: systemName(),
      archive,
      denoVersion: Deno.version.deno,
      commit,
    });
    const texts = [
      textEntry("deno.json", config),
      textEntry("PACKAGE.md", page),
      textEntry("deno", denoScript(cli.name), { isProgram: true }),
      textEntry(cli.name, startScript(cli.name), { isProgram: true }),
    ];
    const all = [...entries, ...texts];
    assertDistinct(all);
    const parts = await writeArchive(all, {
      folder,
      name: archive,
      root,
      partBytes,
    });
    const unpack = unpackCommand(archive, parts.length);
    return { folder, parts, unpack, untracked, idle };
  } finally {
    removeIfThere(installed);
  }
}

/** @throws {CliError} Where a start script would not start anything. */
function systemName(): string {
  const { os, arch } = Deno.build;
  const cpu = arch === "x86_64" ? "x64" : "arm64";
  if (os !== "windows") return `${os === "darwin" ? "macos" : os}-${cpu}`;
  throw new CliError(
    `Cannot make a package here as its system must have "sh": this is ${os}`,
  );
}

function readConfig(project: string): string {
  const text = readTextIfThere(`${project}/deno.json`);
  if (text !== null) return text;
  throw new CliError(
    `Cannot package "${project}" as it must have "deno.json": it has not`,
  );
}

function makeFolder(folder: string): void {
  try {
    Deno.mkdirSync(folder, { recursive: true });
    // Of a folder that is there already only writing tells.
    const probe = Deno.makeTempFileSync({ dir: folder });
    Deno.removeSync(probe);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new CliError(
      `Cannot write a package as "${folder}" must be a folder that can be ` +
        `written to: ${error.message}`,
      EXIT.failed,
    );
  }
}

function textEntry(
  path: string,
  text: string,
  { isProgram = false } = {},
): PackageEntry {
  return { kind: "text", path, text, isProgram };
}

/** @throws {CliError} When the project has a file where the package puts one. */
function assertDistinct(entries: readonly PackageEntry[]): void {
  const seen = new Set<string>();
  for (const { path } of entries) {
    if (seen.has(path)) {
      throw new CliError(
        `Cannot package the project as "${path}" must be free for the ` +
          `package's own: it is there`,
      );
    }
    seen.add(path);
  }
}

/** As people read it. */
function describe({ folder, parts, unpack, untracked, idle }: PackageMade) {
  const named = untracked.slice(0, NAMED_COUNT).join(", ");
  const more = untracked.length > NAMED_COUNT ? ", …" : "";
  const notes = [
    ...(untracked.length === 0 ? [] : [
      `${untracked.length} files left out, as git does not track them: ` +
      `${named}${more}`,
    ]),
    ...idle.map((glob) => `the exclusion "${glob}" fits no file`),
  ];
  return [
    ...parts.map(({ name, bytes }) =>
      `${(bytes / 1e6).toFixed(1).padStart(6)} MB  ${folder}/${name}`
    ),
    ...notes,
    `Unpack by: ${unpack}`,
  ].join("\n");
}
