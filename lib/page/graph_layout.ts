/**
 * Where the steps of a workflow stand when it is drawn.
 *
 * @module
 */
import dagre from "@dagrejs/dagre";

/** A step to be placed. */
export interface GraphNode {
  readonly name: string;
  /** Names of the steps that feed it; unknown ones are left out. */
  readonly after: readonly string[];
}

/** A point in px, x to the right, y down. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A step in its place. */
export interface PlacedNode extends Point {
  readonly name: string;
}

/** A line from a step to one that it feeds. */
export interface PlacedEdge {
  readonly from: string;
  readonly to: string;
  /** Corners, from the one to the other; at least two. */
  readonly points: readonly Point[];
}

/** A drawn workflow, px. */
export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  /** By their centres. */
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

/** Size of a step's box, px. */
export const NODE_SIZE = { width: 160, height: 46 } as const;

/**
 * Places steps so that each stands below all that feed it. A line that others
 * imply is left out: of a workflow in which all steps read the same pictures,
 * one would see nothing else. Equal graphs are placed equally.
 *
 * @example
 * ```ts
 * import { layOutGraph } from "./graph_layout.ts";
 * import { deepStrictEqual, ok } from "node:assert";
 *
 * const { nodes, edges } = layOutGraph([
 *   { name: "draw", after: [] },
 *   { name: "score", after: ["draw"] },
 * ]);
 * ok(nodes[0]!.y < nodes[1]!.y);
 * deepStrictEqual(edges.map(({ from, to }) => [from, to]), [["draw", "score"]]);
 * ```
 */
export function layOutGraph(steps: readonly GraphNode[]): GraphLayout {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({
    rankdir: "TB",
    nodesep: 14,
    ranksep: 34,
    marginx: 6,
    marginy: 6,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { name } of steps) graph.setNode(name, { ...NODE_SIZE });
  const edges = neededEdges(steps);
  for (const { from, to } of edges) graph.setEdge(from, to);
  if (steps.length > 0) dagre.layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  return {
    width: whole(width),
    height: whole(height),
    nodes: steps.map(({ name }) => ({ name, ...pointOf(graph.node(name)) })),
    edges: edges.map(({ from, to }) => ({
      from,
      to,
      points: graph.edge(from, to).points.map(pointOf),
    })),
  };
}

/** Edges without which a step would no longer come after another. */
function neededEdges(
  steps: readonly GraphNode[],
): { from: string; to: string }[] {
  const after = new Map(steps.map((step) => [step.name, step.after]));
  const before = new Map<string, ReadonlySet<string>>();
  const allBefore = (name: string): ReadonlySet<string> => {
    const known = before.get(name);
    if (known !== undefined) return known;
    before.set(name, new Set());
    const direct = (after.get(name) ?? []).filter((it) => after.has(it));
    const all = new Set([
      ...direct,
      ...direct.flatMap((it) => [...allBefore(it)]),
    ]);
    before.set(name, all);
    return all;
  };
  return steps.flatMap(({ name, after: direct }) => {
    const known = direct.filter((from) => after.has(from));
    const isImplied = (from: string) =>
      known.some((other) => other !== from && allBefore(other).has(from));
    return known.filter((from) => !isImplied(from))
      .map((from) => ({ from, to: name }));
  });
}

function pointOf({ x, y }: Point): Point {
  return { x: whole(x), y: whole(y) };
}

/** A hundredth of a px shows nowhere, and would differ between machines. */
function whole(px: number): number {
  return Math.round(px);
}
