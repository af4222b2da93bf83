/**
 * What a program takes, keeps and gives, checked once when it is compiled, and
 * its feeds checked at each run.
 *
 * @module
 */
import type { Graph } from "../graph/graph.ts";
import {
  elementCount,
  formatType,
  isSameShape,
  type TensorData,
  type TensorType,
} from "../graph/tensor_type.ts";
import type { Value } from "../graph/value.ts";
import type { CompileOptions, Tensors } from "./engine.ts";

/** A parameter that stays where the engine runs. */
export interface KeptParameter extends TensorType {
  readonly name: string;
  /** Output that is its next value; null: none. */
  readonly next: string | null;
}

/** See {@link planProgram}. */
export interface ProgramPlan {
  readonly graphName: string;
  readonly constants: ReadonlyMap<string, Float32Array>;
  /** By name, as all below. */
  readonly fed: ReadonlyMap<string, Value>;
  readonly kept: ReadonlyMap<string, KeptParameter>;
  /** Outputs that a run returns. */
  readonly given: ReadonlyMap<string, Value>;
  readonly threads: number;
}

/**
 * What becomes of a graph's inputs, parameters and outputs.
 *
 * @throws {RangeError} When the options do not fit the graph; says all that
 *   does not.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph/graph.ts";
 * import { planProgram } from "./program_plan.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("example");
 * graph.input("x", "float32", [2]);
 * graph.parameter("weight", [3]);
 * const kept = new Map([["weight", null]]);
 * const { fed } = planProgram(graph, { kept });
 * deepStrictEqual([...fed.keys()], ["x"]);
 * ```
 */
export function planProgram(
  graph: Graph,
  { constants = new Map(), kept = new Map(), threads = 1 }: CompileOptions,
): ProgramPlan {
  const parameters = byName(graph.parameters);
  const problems = [
    ...[...constants].map(([name, data]) =>
      problemOfFrozen(name, data, parameters)
    ),
    ...[...kept].map(([name, next]) =>
      constants.has(name)
        ? `"${name}" is both kept and frozen`
        : problemOfKept(name, next, { graph, parameters })
    ),
    ...problemsOfNexts([...kept.values()]),
    Number.isInteger(threads) && threads >= 1 ? null : `${threads} threads`,
  ].filter((problem) => problem !== null);
  if (problems.length > 0) {
    throw new RangeError(
      `Cannot compile graph "${graph.name}" as options must fit it: ` +
        problems.join("; "),
    );
  }
  const nexts = new Set(kept.values());
  const fed = graph.parameters.filter(({ name }) =>
    !kept.has(name) && !constants.has(name)
  );
  return {
    graphName: graph.name,
    constants,
    fed: byName([...graph.inputs, ...fed]),
    kept: new Map(
      [...kept].map(([name, next]) => {
        const { type, shape } = parameters.get(name)!;
        return [name, { name, type, shape, next }];
      }),
    ),
    given: new Map([...graph.outputs].filter(([name]) => !nexts.has(name))),
    threads,
  };
}

function byName(values: readonly Value[]): Map<string, Value> {
  return new Map(values.map((value) => [value.name, value]));
}

function problemOfFrozen(
  name: string,
  data: Float32Array,
  parameters: ReadonlyMap<string, Value>,
): string | null {
  const parameter = parameters.get(name);
  if (parameter === undefined) return `no parameter "${name}" to freeze`;
  const problem = problemOfData(data, parameter);
  return problem === null ? null : `frozen "${name}" is ${problem}`;
}

function problemOfKept(
  name: string,
  next: string | null,
  { graph, parameters }: {
    graph: Graph;
    parameters: ReadonlyMap<string, Value>;
  },
): string | null {
  const parameter = parameters.get(name);
  if (parameter === undefined) return `no parameter "${name}" to keep`;
  if (next === null) return null;
  const output = graph.outputs.get(next);
  if (output === undefined) return `no output "${next}" to be next "${name}"`;
  const fits = output.type === parameter.type &&
    isSameShape(output.shape, parameter.shape);
  return fits
    ? null
    : `next "${name}" is ${formatType(parameter)}, but "${next}" is ` +
      formatType(output);
}

function problemsOfNexts(nexts: readonly (string | null)[]): string[] {
  return [...new Set(nexts)].filter((next) =>
    next !== null && nexts.indexOf(next) !== nexts.lastIndexOf(next)
  ).map((next) => `"${next}" is the next value of two parameters`);
}

/** What is wrong with data for a tensor: `float32 × 3, not float32[2, 2]`. */
function problemOfData(data: TensorData, type: TensorType): string | null {
  const found = typeOf(data);
  if (found === type.type && data.length === elementCount(type.shape)) {
    return null;
  }
  return `${found} × ${data.length}, not ${formatType(type)}`;
}

function typeOf(data: TensorData): string {
  if (data instanceof Float32Array) return "float32";
  if (data instanceof BigInt64Array) return "int64";
  return data instanceof Uint8Array
    ? "bool"
    : Object.prototype.toString.call(data);
}

/**
 * Checks what a run is given.
 *
 * @param written Names of the kept parameters that have a value.
 * @throws {RangeError} When something is missing, surplus or does not fill its
 *   tensor; says all.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph/graph.ts";
 * import { assertFeeds, planProgram } from "./program_plan.ts";
 *
 * const graph = new Graph("example");
 * graph.input("x", "float32", [2]);
 * const plan = planProgram(graph, {});
 * assertFeeds(plan, { x: Float32Array.of(1, 2) }, new Set());
 * ```
 */
export function assertFeeds(
  { graphName, fed, kept }: ProgramPlan,
  feeds: Tensors,
  written: { has(name: string): boolean },
): void {
  const problems: string[] = [];
  for (const [name, value] of fed) {
    const data = feeds[name];
    const problem = data === undefined
      ? `missing, ${formatType(value)}`
      : problemOfData(data, value);
    if (problem !== null) problems.push(`"${name}" is ${problem}`);
  }
  for (const name of Object.keys(feeds)) {
    if (!fed.has(name)) problems.push(`"${name}" is surplus`);
  }
  for (const name of kept.keys()) {
    if (!written.has(name)) problems.push(`kept "${name}" was never written`);
  }
  if (problems.length > 0) {
    throw new RangeError(
      `Cannot run graph "${graphName}" as its feeds must fit it: ` +
        problems.join("; "),
    );
  }
}

/**
 * The kept parameter of a name, checked against the data that it is set to.
 *
 * @throws {RangeError} When it is not kept, or the data does not fill it.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph/graph.ts";
 * import { keptParameter, planProgram } from "./program_plan.ts";
 * import { strictEqual } from "node:assert";
 *
 * const graph = new Graph("example");
 * graph.parameter("weight", [3]);
 * const plan = planProgram(graph, { kept: new Map([["weight", null]]) });
 * const { next } = keptParameter(plan, "weight", new Float32Array(3));
 * strictEqual(next, null);
 * ```
 */
export function keptParameter(
  { graphName, kept }: ProgramPlan,
  name: string,
  data?: Float32Array,
): KeptParameter {
  const parameter = kept.get(name);
  const problem = parameter === undefined
    ? "it must be a kept parameter: it is not"
    : data === undefined
    ? null
    : problemOfData(data, parameter);
  if (parameter !== undefined && problem === null) return parameter;
  throw new RangeError(
    `Cannot access "${name}" of graph "${graphName}" as ` +
      (parameter === undefined ? problem : `the data must fill it: ${problem}`),
  );
}
