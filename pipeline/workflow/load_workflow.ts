/**
 * A workflow from its text to steps that are ready to be planned.
 *
 * @module
 */
import { type Diagnostic, sortDiagnostics } from "./diagnostic.ts";
import { MAX_PROBLEMS } from "./problem.ts";
import { type ResolveOptions, resolveWorkflow } from "./resolve.ts";
import type { Workflow } from "./workflow.ts";
import type { WorkflowCache } from "./workflow_cache.ts";
import { locateProblems, readWorkflowYaml } from "./workflow_yaml.ts";

/** A workflow, or all that is wrong with it, sorted by place. */
export type LoadResult =
  | { readonly ok: true; readonly workflow: Workflow }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** What {@link loadWorkflow} takes beside the file's content. */
export interface LoadOptions extends ResolveOptions {
  /** Where files read before are found again; none: always read. */
  readonly cache?: WorkflowCache;
}

/**
 * Loads a workflow from the text or the bytes of its file.
 *
 * @example
 * ```ts
 * import { loadWorkflow } from "./load_workflow.ts";
 * import { formatDiagnostics } from "./diagnostic.ts";
 * import { strictEqual } from "node:assert";
 *
 * const loaded = await loadWorkflow("workflow: empty\nsteps: {}\n", {
 *   file: "empty.yaml",
 *   stages: [],
 * });
 * if (!loaded.ok) throw new Error(formatDiagnostics(loaded.diagnostics));
 * strictEqual(loaded.workflow.name, "empty");
 * ```
 */
export async function loadWorkflow(
  content: string | Uint8Array,
  options: LoadOptions,
): Promise<LoadResult> {
  const read = await readWorkflowYaml(content, options);
  const { workflow, source } = read.ok ? read : read.rest ?? NOTHING;
  const earlier = read.ok ? [] : read.diagnostics;
  if (workflow === null) return failed(earlier);
  const resolved = await resolveWorkflow(workflow, options, !read.ok);
  if (resolved.ok) return resolved;
  const overrides = options.overrides ?? [];
  const later = await locateProblems(source, resolved.problems, overrides);
  return failed([...earlier, ...later]);
}

const NOTHING = { workflow: null, source: null };

function failed(diagnostics: readonly Diagnostic[]): LoadResult {
  return {
    ok: false,
    diagnostics: sortDiagnostics(diagnostics).slice(0, MAX_PROBLEMS),
  };
}
