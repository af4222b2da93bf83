/**
 * Policies: YAML files that say which differences between two runs are
 * regressions.
 *
 *   max_drop:   { mean: 0.3, "late.*": 1 point }
 *   max_rise:   { loss: 5% }
 *   max_change: { count: 0 units }
 *   max_slowdown: { "*": 50% }
 *   require_equal: [index, texts.texts]
 *   ignore: ["late.*_mean"]
 *
 * Of several patterns in a map that mean a name, the last holds.
 *
 * @module
 */
import * as z from "zod";
import {
  type Diagnostic,
  diagnosticAt,
  SourceText,
} from "../workflow/diagnostic.ts";
import type { Path } from "../workflow/problem.ts";
import { type SchemaIssue, schemaIssues } from "../workflow/schema_issues.ts";
import { quote } from "../workflow/wording.ts";
import { WRONG } from "../workflow/wrong.ts";
import { readYaml, type YamlDocument } from "../workflow/yaml_document.ts";
import { parseTolerance, type Tolerance } from "./tolerance.ts";

/** Rules about numbers, by their keys in a file. */
export const NUMBER_RULES = ["max_drop", "max_rise", "max_change"] as const;

/** All keys with a map of tolerances. */
export type MapRule = typeof NUMBER_RULES[number] | "max_slowdown";

/** What is allowed to what a pattern means. */
export interface Allowance {
  readonly pattern: string;
  readonly tolerance: Tolerance;
}

/** A policy, ready to be applied. */
export interface Policy {
  /** As the user named its file. */
  readonly file: string;
  readonly source: SourceText;
  readonly allowances: Readonly<Record<MapRule, readonly Allowance[]>>;
  readonly requireEqual: readonly string[];
  readonly ignore: readonly string[];
}

/** A policy, or all that is wrong with it. */
export type PolicyResult =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Largest policy. */
const MAX_BYTES = 256 * 1024;

const Pattern = z.string().min(1).max(300);

const OfMetrics = tolerances(
  ["points", "%", "units"],
  "0.3, 0.3 points, 5% or 12 units",
);
const OfTimes = tolerances(["%", "s"], "50% or 30 s");

const PolicyFile = z.strictObject({
  max_drop: OfMetrics.optional(),
  max_rise: OfMetrics.optional(),
  max_change: OfMetrics.optional(),
  max_slowdown: OfTimes.optional(),
  require_equal: z.array(Pattern).optional(),
  ignore: z.array(Pattern).optional(),
});

function tolerances(units: readonly string[], examples: string) {
  const value = z.union([z.number(), z.string()]).refine((written) => {
    const read = parseTolerance(written);
    const isPlainTime = typeof written === "number" &&
      !units.includes("points");
    return read !== null && !isPlainTime && units.includes(read.unit);
  }, `must be such as ${examples}`);
  return z.record(Pattern, value);
}

/** Reads a policy from its bytes. */
export async function readPolicy(
  bytes: Uint8Array,
  file: string,
): Promise<PolicyResult> {
  const whole = (reason: string): PolicyResult => ({
    ok: false,
    diagnostics: [{
      message: `Cannot read the file as it ${reason}`,
      file,
      position: null,
    }],
  });
  if (bytes.length > MAX_BYTES) {
    return whole(`may have at most ${MAX_BYTES} bytes: it has ${bytes.length}`);
  }
  const text = decodeUtf8(bytes);
  if (text === null) return whole("must be UTF-8");
  const source = new SourceText(file, text.replace(/^\uFEFF/, ""));
  const read = await readYaml(source.text);
  const ofYaml = read.ok
    ? []
    : read.errors.map(({ range, message }) =>
      diagnosticAt(source, range, message)
    );
  const { document } = read;
  if (document === null) return { ok: false, diagnostics: ofYaml };
  // An empty file is a policy without rules.
  const value = document.value() ?? {};
  const parsed = PolicyFile.safeParse(value);
  const issues = value === WRONG || parsed.success
    ? []
    : schemaIssues(PolicyFile, value, parsed.error.issues);
  const ofForm = issues.flatMap((issue) => located(issue, source, document));
  if (!parsed.success || !read.ok) {
    return { ok: false, diagnostics: [...ofYaml, ...ofForm] };
  }
  return { ok: true, policy: policyOf(parsed.data, source) };
}

function policyOf(
  file: z.output<typeof PolicyFile>,
  source: SourceText,
): Policy {
  const allowances = (rule: MapRule): Allowance[] =>
    Object.entries(file[rule] ?? {}).map(([pattern, written]) => ({
      pattern,
      tolerance: parseTolerance(written)!,
    }));
  return {
    file: source.file!,
    source,
    allowances: {
      max_drop: allowances("max_drop"),
      max_rise: allowances("max_rise"),
      max_change: allowances("max_change"),
      max_slowdown: allowances("max_slowdown"),
    },
    requireEqual: file.require_equal ?? [],
    ignore: file.ignore ?? [],
  };
}

/** Where in a policy a rule stands. */
export async function locateInPolicy(
  { source }: Policy,
  problems: readonly { readonly path: Path; readonly message: string }[],
): Promise<Diagnostic[]> {
  const read = await readYaml(source.text);
  return problems.map(({ path, message }) =>
    diagnosticAt(source, read.document!.locate(path, "key"), message)
  );
}

function located(
  { path, reason, text }: SchemaIssue,
  source: SourceText,
  document: YamlDocument,
): Diagnostic[] {
  if (reason === "isWrong") return [];
  const where = quote(path.join("."));
  const message = reason === "unknownKey"
    ? `Cannot read the policy as it has no key ${where}: ${text}`
    : path.length === 0
    ? `Cannot read the policy as it ${text}`
    : `Cannot read ${where} as it ${text}`;
  const at = reason === "badValue" ? "value" : "key";
  return [diagnosticAt(source, document.locate(path, at), message)];
}

function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}
