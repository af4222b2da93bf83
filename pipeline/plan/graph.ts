/**
 * The graph of a plan as text for Mermaid or Graphviz, coloured by state.
 *
 * @module
 */
import type { PlannedStep } from "./plan.ts";
import { dependenciesOf } from "../workflow/workflow.ts";

/** Formats a graph can be written in. */
export type GraphFormat = "mermaid" | "dot";

/** What each action is called and coloured; readable in light and dark. */
const LOOKS = {
  none: { name: "fresh", fill: "#b7e1c0" },
  restore: { name: "restored", fill: "#bcd9f5" },
  run: { name: "stale", fill: "#f7c4b4" },
  wait: { name: "waiting", fill: "#f5e6a8" },
} as const;

/** A plan's graph as text. */
export function formatGraph(
  plan: readonly PlannedStep[],
  format: GraphFormat,
): string {
  return format === "dot" ? dot(plan) : mermaid(plan);
}

function mermaid(plan: readonly PlannedStep[]): string {
  const ids = new Map(plan.map(({ step }, i) => [step.id, `s${i}`]));
  const lines = ["flowchart TD"];
  for (const { step, decision } of plan) {
    const label = `${escape(step.id)}<br/><small>${step.stage.name}</small>`;
    const { name } = LOOKS[decision.action];
    lines.push(`  ${ids.get(step.id)}["${label}"]:::${name}`);
    for (const from of dependenciesOf(step)) {
      lines.push(`  ${ids.get(from)} --> ${ids.get(step.id)}`);
    }
  }
  for (const { name, fill } of Object.values(LOOKS)) {
    lines.push(`  classDef ${name} fill:${fill},stroke:#555,color:#111`);
  }
  return lines.join("\n") + "\n";
}

function dot(plan: readonly PlannedStep[]): string {
  const lines = ["digraph workflow {", "  node [shape=box, style=filled];"];
  for (const { step, decision } of plan) {
    const { fill, name } = LOOKS[decision.action];
    const label = `${step.id}\\n${step.stage.name} (${name})`;
    lines.push(`  "${step.id}" [label="${label}", fillcolor="${fill}"];`);
    for (const from of dependenciesOf(step)) {
      lines.push(`  "${from}" -> "${step.id}";`);
    }
  }
  return [...lines, "}"].join("\n") + "\n";
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;")
    .replaceAll("<", "&lt;");
}
