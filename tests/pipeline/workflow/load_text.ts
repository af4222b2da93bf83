/**
 * Workflows in the text of a test.
 *
 * @module
 */
import { formatDiagnostics } from "../../../pipeline/workflow/diagnostic.ts";
import { loadWorkflow } from "../../../pipeline/workflow/load_workflow.ts";
import type { Step, Workflow } from "../../../pipeline/workflow/workflow.ts";
import { FAKE_STAGES } from "./fake_stages.ts";

/** The workflow of a text, which must be right. */
export async function workflowFrom(
  text: string,
  ...overrides: string[]
): Promise<Workflow> {
  const loaded = await load(text, overrides);
  if (loaded.ok) return loaded.workflow;
  throw new Error(formatDiagnostics(loaded.diagnostics));
}

/** Steps by id. */
export async function stepsFrom(
  text: string,
  ...overrides: string[]
): Promise<Record<string, Step>> {
  const { steps } = await workflowFrom(text, ...overrides);
  return Object.fromEntries(steps.map((step) => [step.id, step]));
}

/** All errors of a text as a terminal shows them, line by line. */
export async function errorsFrom(
  text: string,
  ...overrides: string[]
): Promise<string[]> {
  const loaded = await load(text, overrides);
  if (loaded.ok) throw new Error("The workflow is right");
  return formatDiagnostics(loaded.diagnostics).split("\n");
}

function load(text: string, overrides: string[]) {
  return loadWorkflow(text, { file: "w.yaml", stages: FAKE_STAGES, overrides });
}
