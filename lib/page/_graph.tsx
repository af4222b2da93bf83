/**
 * The workflow of a run as a picture that one can walk by keyboard.
 *
 * @module
 */
/** @jsxImportSource preact */
import type { JSX } from "preact";
import { formatDuration } from "./amounts.ts";
import { layOutGraph, NODE_SIZE, type PlacedEdge } from "./graph_layout.ts";
import { Scroll } from "./_parts.tsx";
import type { StepGroup } from "./step_groups.ts";

/** What each state is called; colours are the style sheet's. */
const STATES: Readonly<Record<string, string>> = {
  run: "computed",
  restored: "from the store",
  fresh: "as before",
  failed: "failed",
  left: "not reached",
};

/** The graph, each step a link to what is known of it. */
export function WorkflowGraph(
  { groups }: { groups: readonly StepGroup[] },
): JSX.Element {
  const { width, height, nodes, edges } = layOutGraph(groups);
  const byName = new Map(groups.map((group) => [group.name, group]));
  return (
    <Scroll class="graph" label="Graph of the workflow">
      <svg
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        aria-label={`Graph of ${groups.length} steps`}
        role="group"
      >
        <defs>
          <marker
            id="arrow"
            viewBox="0 0 8 8"
            refX="8"
            refY="4"
            markerWidth="7"
            markerHeight="7"
            orient="auto"
          >
            <path d="M0 0L8 4L0 8z" />
          </marker>
        </defs>
        <g class="edges" aria-hidden="true">
          {edges.map((edge) => (
            <path d={pathOf(edge)} marker-end="url(#arrow)" />
          ))}
        </g>
        {nodes.map(({ name, x, y }) => (
          <Node group={byName.get(name)!} x={x} y={y} />
        ))}
      </svg>
    </Scroll>
  );
}

function Node(
  { group, x, y }: { group: StepGroup; x: number; y: number },
): JSX.Element {
  const { width, height } = NODE_SIZE;
  const { name, stage, state, steps, seconds } = group;
  const time = seconds === null ? "no time known" : formatDuration(seconds);
  const count = steps.length > 1 ? ` × ${steps.length}` : "";
  return (
    <a href={`#step-${name}`}>
      <g transform={`translate(${x - width / 2} ${y - height / 2})`}>
        <rect class={`state-${state}`} width={width} height={height} rx="6">
          <title>{`${name}${count}: ${stage}`}</title>
        </rect>
        <text x="10" y="19" class="name">{shortened(name, count)}</text>
        <text x="10" y="36" class="time">{stateName(state)} · {time}</text>
      </g>
    </a>
  );
}

/** Characters of a name that fit into a step's box. */
const NAME_LENGTH = 20;

function shortened(name: string, count: string): string {
  const room = NAME_LENGTH - count.length;
  return (name.length > room ? `${name.slice(0, room - 1)}…` : name) + count;
}

/** What a state is called. */
export function stateName(state: string): string {
  return STATES[state] ?? state;
}

function pathOf({ points }: PlacedEdge): string {
  const [first, ...others] = points;
  const [last] = others.slice(-1);
  const start = `M${first!.x} ${first!.y}`;
  // Through the middles of the inner lines, so that corners become curves.
  const curves = others.slice(0, -1).map((point, i) => {
    const next = others[i + 1]!;
    const x = (point.x + next.x) / 2;
    const y = (point.y + next.y) / 2;
    return `Q${point.x} ${point.y} ${x} ${y}`;
  });
  return [start, ...curves, `L${last!.x} ${last!.y}`].join("");
}
