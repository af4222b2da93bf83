/**
 * `compare`: says what differs between two runs, and judges it by a policy.
 *
 * @module
 */
import {
  type CompareRequest,
  compareRuns,
  type Comparison,
  type NotComparable,
  notComparable,
} from "../compare/comparison.ts";
import {
  type ComparedRun,
  isExportName,
  openExport,
  openRunFolder,
} from "../compare/compared_run.ts";
import { verdictLine } from "../compare/comparison_page.ts";
import { type Policy, readPolicy } from "../compare/policy.ts";
import { isExplained, messageOf } from "../explained_error.ts";
import { replaceFile, statIfThere } from "../store/durable_file.ts";
import { isSystemError } from "../system_error.ts";
import { formatDiagnostics } from "../workflow/diagnostic.ts";
import { assertOutputFile } from "./output_file.ts";
import { fromFileUrl, resolvePath } from "./paths.ts";
import { CliError, EXIT, type GlobalOptions, type Project } from "./project.ts";

/** Options of `compare`. */
export interface CompareOptions extends GlobalOptions {
  readonly policy?: string;
  readonly format: "text" | "markdown" | "json" | "junit";
  readonly output?: string;
  readonly seed: number;
  readonly summary?: boolean;
}

/** `compare A B` */
export async function compareCommand(
  project: Project,
  names: readonly [a: string, b: string],
  options: CompareOptions,
): Promise<number> {
  try {
    return await compare(project, names, options);
  } catch (error) {
    if (error instanceof CliError) throw error;
    // Not 1, which says that the new run is worse.
    throw new CliError(reasonOf(error), EXIT.usage);
  }
}

async function compare(
  project: Project,
  names: readonly [a: string, b: string],
  options: CompareOptions,
): Promise<number> {
  if (options.output !== undefined) {
    assertOutputFile(options.output, inputsOf(project, names, options));
  }
  const policy = await policyOf(project, options.policy);
  const compared = await compareSides(project, names, {
    policy,
    isStrict: options.policy !== undefined,
    stages: project.stages,
    sections: project.cli.comparison?.sections ?? null,
    seed: options.seed,
    isSummary: options.summary ?? false,
  });
  const text = await inForm(compared, options);
  if (options.output === undefined) {
    project.print(text.trimEnd());
  } else {
    await replaceFile(resolvePath(options.output), text);
    project.print(
      compared.verdict === "not_comparable"
        ? "Not comparable"
        : verdictLine(compared),
    );
  }
  if (compared.verdict === "not_comparable") {
    if (isSeen(options)) return EXIT.usage;
    // Also there for those who look at the log and not at the output.
    throw new CliError(compared.reasons.join("\n"), EXIT.usage);
  }
  return compared.verdict === "within" ? EXIT.ok : EXIT.failed;
}

/** Whether what was written is before the user's eyes, and made for them. */
function isSeen({ format, json, output }: CompareOptions): boolean {
  return format === "text" && !json && output === undefined &&
    Deno.stdout.isTerminal();
}

/** What cannot be read cannot be compared: no bug, and no regression. */
async function compareSides(
  project: Project,
  [a, b]: readonly [string, string],
  request: Omit<CompareRequest, "a" | "b">,
): Promise<Comparison | NotComparable> {
  const sides: ComparedRun[] = [];
  const reasons: string[] = [];
  for (const name of [a, b]) {
    try {
      sides.push(await openSide(project, name));
    } catch (error) {
      reasons.push(reasonOf(error));
    }
  }
  const [ofA, ofB] = sides;
  if (reasons.length > 0) return notComparable(reasons);
  try {
    return await compareRuns({ ...request, a: ofA!, b: ofB! });
  } catch (error) {
    return notComparable([reasonOf(error)]);
  }
}

function reasonOf(error: unknown): string {
  const isExpected = error instanceof CliError || isExplained(error) ||
    isSystemError(error);
  if (isExpected) return messageOf(error);
  // Not thrown: its exit code would say that the new run is worse.
  const detail = error instanceof Error ? error.stack ?? error.message : error;
  return `Internal error: ${detail}`;
}

async function openSide(project: Project, name: string): Promise<ComparedRun> {
  const { stages } = project;
  const { isDirectory = false, isFile = false } =
    statIfThere(resolvePath(name)) ?? {};
  if (isExportName(name) && !isDirectory) {
    return await openExport(name, { stages });
  }
  if (isFile) {
    throw new CliError(
      `Cannot read "${name}" as the name of an export must end in .tar.zst or ` +
        ".json: it does not",
    );
  }
  const folder = await project.runFolder(name);
  return openRunFolder(folder, { named: name, stages });
}

/** The policy asked for, else the project's own. */
async function policyOf(project: Project, file?: string): Promise<Policy> {
  const own = project.cli.comparison?.policy;
  const path = file ?? own;
  if (path === undefined) {
    throw new CliError(
      "Cannot judge the runs as there must be a policy: name one by --policy",
    );
  }
  const from = file === undefined
    ? fromFileUrl(new URL(path, project.cli.main))
    : path;
  const read = await readPolicy(readPolicyFile(from, path), path);
  if (read.ok) return read.policy;
  throw new CliError(formatDiagnostics(read.diagnostics));
}

function readPolicyFile(path: string, named: string): Uint8Array {
  if (statIfThere(resolvePath(path))?.isFile) return Deno.readFileSync(path);
  throw new CliError(
    `Cannot read policy "${named}" as it must be a file: it is none`,
  );
}

async function inForm(
  compared: Comparison | NotComparable,
  { format, json }: CompareOptions,
): Promise<string> {
  switch (json ? "json" : format) {
    case "json":
      return (await import("../compare/json_form.ts")).comparisonJson(compared);
    case "junit":
      return (await import("../compare/junit_form.ts"))
        .comparisonJunit(compared);
    case "markdown":
      return (await import("../compare/markdown_form.ts"))
        .comparisonMarkdown(compared);
    default:
      return (await import("../compare/text_form.ts")).comparisonText(compared);
  }
}

/** Files that may be read, whatever the names are those of. */
function inputsOf(
  { options: { runs } }: Project,
  names: readonly string[],
  { policy }: CompareOptions,
): string[] {
  const ofRuns = names.flatMap((name) => [
    name,
    `${name}/run.json`,
    `${runs}/${name}/run.json`,
  ]);
  return policy === undefined ? ofRuns : [...ofRuns, policy];
}
