/**
 * Expansion of a step over its matrix: once for each combination of values.
 *
 * @module
 */
import { type Path, type ProblemList, valueAt } from "./problem.ts";
import { isJsonMap, type JsonMap, substitute } from "./template.ts";
import { describeType, quote } from "./wording.ts";
import type { Json, StepFile } from "./workflow.ts";
import { hasWrong, WRONG } from "./wrong.ts";

/** Steps of a workflow, all expansions counted. */
export const MAX_STEPS = 100_000;

/** One combination of a matrix; the only one of a step without a matrix. */
export interface Expansion {
  /** `train[seed=1,variant=bcm]`; axes in code unit order of their names. */
  readonly id: string;
  /** Labels by axis, in the same order. */
  readonly axes: Readonly<Record<string, string>>;
  /** Values by axis; null without a matrix. */
  readonly values: JsonMap | null;
}

/** What {@link expandMatrix} takes. */
export interface MatrixOptions {
  readonly name: string;
  readonly step: StepFile;
  readonly params: JsonMap;
  /** Steps that the workflow may still have. */
  readonly room: number;
  readonly problems: ProblemList;
}

interface AxisValue {
  readonly label: string;
  readonly value: Json;
}

type Axis = readonly [name: string, values: readonly AxisValue[]];

/**
 * Expansions of a step, the last axis of the file varying fastest; none when
 * there are problems.
 */
export function expandMatrix(options: MatrixOptions): Expansion[] {
  const { name, step, room, problems } = options;
  if (step.matrix === undefined) {
    if (room >= 1) return [{ id: name, axes: {}, values: null }];
    problems.add(valueAt(["steps", name]), tooMany(name, 1, room));
    return [];
  }
  if (step.matrix as Json === WRONG) return [];
  const axes = Object.keys(step.matrix).map((axis): Axis => [
    axis,
    axisValues(axis, options),
  ]);
  const count = axes.reduce((product, [, { length }]) => product * length, 1);
  if (count <= room) return combinations(name, axes);
  const place = { in: "file", path: matrixPath(name), at: "key" } as const;
  problems.add(place, tooMany(name, count, room));
  return [];
}

/** What a step whose matrix has problems is checked with. */
export function unknownExpansion({ matrix }: StepFile): Expansion {
  if (matrix === undefined) return { id: "", axes: {}, values: null };
  const axes = Object.keys(matrix).map((axis) => [axis, WRONG] as const);
  const isWrong = matrix as Json === WRONG;
  const values = (isWrong ? WRONG : Object.fromEntries(axes)) as JsonMap;
  return { id: "", axes: {}, values };
}

function matrixPath(name: string): Path {
  return ["steps", name, "matrix"];
}

function tooMany(name: string, count: number, room: number): string {
  return `Cannot expand step ${quote(name)} as a workflow may have at ` +
    `most ${MAX_STEPS} steps: it makes ${count}, there is room for ${room}`;
}

/** Values of one axis with distinct labels; none when there are problems. */
function axisValues(axis: string, options: MatrixOptions): AxisValue[] {
  const { name, step, params, problems } = options;
  const path = [...matrixPath(name), axis];
  const written = step.matrix?.[axis] as Json;
  const scope = typeof written === "string"
    ? { params, matrix: null }
    : { params: null, matrix: null };
  const value = substitute(written, scope, (inner, piece, message) => {
    problems.add(valueAt([...path, ...inner], piece), message);
  });
  if (hasWrong(value)) return [];
  const start = `Cannot expand axis ${quote(axis)} of step ${quote(name)} as`;
  const values = labelled(value);
  if (values === null) {
    problems.add(
      valueAt(path),
      () => `${start} ${AXIS_FORM}: ${formOf(value)}`,
    );
    return [];
  }
  const twice = repeatedLabel(values);
  if (twice === null) return values;
  problems.add(
    valueAt(path),
    () =>
      `${start} each value must give an id of its own: ` +
      `several give ${quote(`${axis}=${twice}`)}`,
  );
  return [];
}

const AXIS_FORM =
  "it must be a list of scalars or a map of maps, with at least one value";

function formOf(value: Json): string {
  const count = typeof value === "object" && value !== null
    ? Object.keys(value).length
    : 1;
  if (count === 0) return "it is empty";
  const inner = Array.isArray(value)
    ? value.find((item) => !isScalar(item))
    : isJsonMap(value)
    ? Object.values(value).find((fields) => !isJsonMap(fields))
    : undefined;
  return inner === undefined
    ? `it is ${describeType(value)}`
    : `one value is ${describeType(inner)}`;
}

/** Null when the value is no axis. */
function labelled(value: Json): AxisValue[] | null {
  if (Array.isArray(value)) {
    if (value.length === 0 || !value.every(isScalar)) return null;
    return value.map((item) => ({ label: labelOf(String(item)), value: item }));
  }
  if (!isJsonMap(value)) return null;
  const entries = Object.entries(value);
  const isAxis = entries.every(([, fields]) => isJsonMap(fields));
  if (entries.length === 0 || !isAxis) return null;
  return entries.map(([key, fields]) => ({
    label: labelOf(key),
    value: fields,
  }));
}

function isScalar(value: Json): boolean {
  return value !== null && typeof value !== "object";
}

/** Text that can stand in an id, and so in a file name. */
function labelOf(text: string): string {
  return text.replace(/[^A-Za-z0-9_.+-]/gu, "_") || "_";
}

function repeatedLabel(values: readonly AxisValue[]): string | null {
  const seen = new Set<string>();
  for (const { label } of values) {
    if (seen.has(label)) return label;
    seen.add(label);
  }
  return null;
}

function combinations(name: string, axes: readonly Axis[]): Expansion[] {
  let chosen: (readonly [axis: string, value: AxisValue])[][] = [[]];
  for (const [axis, values] of axes) {
    chosen = chosen.flatMap((before) =>
      values.map((value) => [...before, [axis, value] as const])
    );
  }
  return chosen.map((combination) => expansionOf(name, combination));
}

function expansionOf(
  name: string,
  combination: readonly (readonly [axis: string, value: AxisValue])[],
): Expansion {
  const sorted = combination.toSorted(([a], [b]) => a < b ? -1 : 1);
  const labels = sorted.map(([axis, { label }]) => `${axis}=${label}`);
  return {
    id: labels.length === 0 ? name : `${name}[${labels.join(",")}]`,
    axes: Object.fromEntries(sorted.map(([axis, { label }]) => [axis, label])),
    values: Object.fromEntries(
      sorted.map(([axis, { value }]) => [axis, value]),
    ),
  };
}
