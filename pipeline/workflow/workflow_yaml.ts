/**
 * YAML to the form of a workflow file, and problems to places in it.
 *
 * A text that was read before comes from a cache as a value without places;
 * they are only looked up for what is wrong.
 *
 * @module
 */
import {
  type Diagnostic,
  diagnosticAt,
  SourceText,
  type TextRange,
} from "./diagnostic.ts";
import { keyAt, type Path, type Problem, valueAt } from "./problem.ts";
import { type SchemaIssue, schemaIssues } from "./schema_issues.ts";
import { quote } from "./wording.ts";
import type { Json, WorkflowFile } from "./workflow.ts";
import type { WorkflowCache } from "./workflow_cache.ts";
import { markMissing, markWrong, WRONG } from "./wrong.ts";
import { readYaml } from "./yaml_document.ts";

/** Largest workflow file. */
export const MAX_FILE_BYTES = 1024 * 1024;

/**
 * A workflow file of the right form, or what is wrong with it and the rest, in
 * which that is marked as `WRONG`; null when there is none.
 */
export type ReadWorkflowResult =
  | {
    readonly ok: true;
    readonly workflow: WorkflowFile;
    readonly source: SourceText;
  }
  | {
    readonly ok: false;
    readonly diagnostics: readonly Diagnostic[];
    readonly rest: {
      readonly workflow: WorkflowFile;
      readonly source: SourceText;
    } | null;
  };

/** Reads a workflow file from its text or its bytes. */
export async function readWorkflowYaml(
  content: string | Uint8Array,
  { file, cache }: { readonly file: string; readonly cache?: WorkflowCache },
): Promise<ReadWorkflowResult> {
  const source = sourceOf(content, file);
  if (!(source instanceof SourceText)) {
    return { ok: false, diagnostics: [source], rest: null };
  }
  const known = cache?.recall(source.text) ?? null;
  if (known !== null) return { ok: true, workflow: known, source };
  const read = await readFormed(source);
  if (read.ok) cache?.remember(source.text, read.workflow);
  return read;
}

async function readFormed(source: SourceText): Promise<ReadWorkflowResult> {
  const read = await readYaml(source.text);
  const diagnostics = read.ok
    ? []
    : read.errors.map(({ range, message }) =>
      diagnosticAt(source, range, message)
    );
  const value = read.document?.value() ?? null;
  if (read.document === null || value === WRONG) {
    return { ok: false, diagnostics, rest: null };
  }
  const { WorkflowFile } = await import("./workflow_form.ts");
  const parsed = WorkflowFile.safeParse(value);
  if (parsed.success && read.ok) {
    return { ok: true, workflow: parsed.data, source };
  }
  const found = parsed.error?.issues ?? [];
  const issues = schemaIssues(WorkflowFile, value, found);
  const problems = issues.flatMap(issueProblem);
  const ofForm = await locateProblems(source, problems, []);
  const workflow = withoutWrong(value, issues);
  const rest = workflow === WRONG
    ? null
    : { workflow: workflow as unknown as WorkflowFile, source };
  return { ok: false, diagnostics: [...diagnostics, ...ofForm], rest };
}

/** All that issues are about marked as wrong. */
function withoutWrong(value: Json, issues: readonly SchemaIssue[]): Json {
  return issues.reduce((marked, { path, reason, meant }) => {
    if (reason !== "unknownKey") return markWrong(marked, path);
    return typeof meant === "string"
      ? markMissing(marked, [...path.slice(0, -1), meant])
      : marked;
  }, value);
}

/** Problems as diagnostics: their paths looked up in the text. */
export async function locateProblems(
  source: SourceText,
  problems: readonly Problem[],
  overrides: readonly string[],
): Promise<Diagnostic[]> {
  const inFile = problems.some(({ place }) => place.in === "file");
  const read = inFile ? await readYaml(source.text) : null;
  return problems.map(({ message, place }) => {
    if (place.in === "override") {
      return overrideDiagnostic(overrides[place.index] ?? "", place, message);
    }
    if (!read?.document) throw new Error("Internal error: readers disagree");
    const { path, at, piece } = place;
    const range = read.document.locate(path, at, piece);
    return diagnosticAt(source, range, message);
  });
}

/** The text, or why it cannot be one. */
function sourceOf(
  content: string | Uint8Array,
  file: string,
): SourceText | Diagnostic {
  const size = typeof content === "string"
    ? new TextEncoder().encode(content).length
    : content.length;
  const fail = (reason: string): Diagnostic => ({
    message: `Cannot read the file as it ${reason}`,
    file,
    position: null,
  });
  if (size > MAX_FILE_BYTES) {
    return fail(`may have at most ${MAX_FILE_BYTES} bytes: it has ${size}`);
  }
  const text = typeof content === "string" ? content : decodeUtf8(content);
  if (text === null || !text.isWellFormed()) return fail("must be UTF-8");
  return new SourceText(file, text.replace(/^\uFEFF/, ""));
}

/** Null when the bytes are not UTF-8. */
function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

const SET = "--set ";

function overrideDiagnostic(
  override: string,
  { start, end }: TextRange,
  message: string,
): Diagnostic {
  const source = new SourceText(null, SET + override);
  const range = { start: SET.length + start, end: SET.length + end };
  return diagnosticAt(source, range, message);
}

function issueProblem({ path, reason, text }: SchemaIssue): Problem | [] {
  const owner = ownerOf(path);
  const key = quote(String(path.at(-1)));
  switch (reason) {
    case "isWrong":
      return [];
    case "missing":
      return {
        place: keyAt(path),
        message: `Cannot read ${owner} as it must have ${key}: it is missing`,
      };
    case "unknownKey":
      return {
        place: keyAt(path),
        message: `Cannot read ${owner} as it has no key ${key}: ${text}`,
      };
    case "badKey":
      return {
        place: keyAt(path),
        message: `Cannot read ${owner} as its keys ${text}`,
      };
    case "badValue":
      return {
        place: valueAt(path),
        message: path.length === 0
          ? `Cannot read the file as it ${text}`
          : `Cannot read ${quote(path.join("."))} as it ${text}`,
      };
  }
}

/** The map that a key stands in. */
function ownerOf(path: Path): string {
  const owner = path.slice(0, -1).join(".");
  return owner === "" ? "the workflow" : quote(owner);
}
