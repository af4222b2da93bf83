/**
 * What a file of weights must hold, and what each parameter is made of.
 *
 * @module
 */
import { isSameShape, type Shape } from "../graph/value.ts";
import type { NamedTensor } from "./safetensors.ts";

/** A tensor that must be in a file. */
export interface SourceTensor {
  readonly name: string;
  /** Any of these; they say the same of the same elements. */
  readonly shapes: readonly Shape[];
}

/** How one parameter is made. */
export interface WeightRule {
  /** Ours. */
  readonly parameter: string;
  readonly shape: Shape;
  readonly sources: readonly SourceTensor[];
  /** Elements of the sources, in their order, to those of the parameter. */
  convert(...sources: Float32Array[]): Float32Array;
}

/** A kind of file. */
export interface WeightLayout {
  /** What it is, for errors: `VGG-16 (torchvision)`. */
  readonly title: string;
  readonly rules: readonly WeightRule[];
  /** Tensors that may be in the file and are not wanted: its classifier. */
  isDropped(name: string): boolean;
}

/**
 * A rule that takes a tensor as it is.
 *
 * @example
 * ```ts
 * import { copied } from "./weight_layout.ts";
 * import { strictEqual } from "node:assert";
 *
 * const rule = copied("fc8/bias", [21], "classifier.bias");
 * strictEqual(rule.sources[0]?.name, "classifier.bias");
 * ```
 */
export function copied(
  parameter: string,
  shape: Shape,
  source: string,
): WeightRule {
  const sources = [{ name: source, shapes: [shape] }];
  return { parameter, shape, sources, convert: (data) => data.slice() };
}

const MOST_TOLD = 20;

/**
 * Makes parameters of a file's tensors.
 *
 * @throws {RangeError} When the file is not of the layout; tells all tensors
 *   that are missing, surplus, of another shape, or not finite, in the file or
 *   once converted.
 *
 * @example
 * ```ts
 * import { applyLayout, copied } from "./weight_layout.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const tensor = { shape: [2], data: Float32Array.of(1, 2) };
 * const layout = {
 *   title: "one bias",
 *   rules: [copied("fc8/bias", [2], "bias")],
 *   isDropped: () => false,
 * };
 * const made = applyLayout(new Map([["bias", tensor]]), layout);
 * deepStrictEqual(made.get("fc8/bias"), tensor);
 * ```
 */
export function applyLayout(
  tensors: ReadonlyMap<string, NamedTensor>,
  layout: WeightLayout,
): Map<string, NamedTensor> {
  assertHolds(tensors, layout);
  const notFinite: string[] = [];
  const made = layout.rules.map(({ parameter, shape, sources, convert }) => {
    const data = convert(...sources.map(({ name }) => tensors.get(name)!.data));
    const at = data.findIndex((x) => !Number.isFinite(x));
    if (at >= 0) {
      const names = sources.map(({ name }) => name).join(" and ");
      notFinite.push(`${parameter}, made of ${names}, is ${data[at]} at ${at}`);
    }
    return [parameter, { shape, data }] as const;
  });
  refuseProblems(importing(layout), { "not finite": notFinite });
  return new Map(made);
}

function importing({ title }: WeightLayout): string {
  return `import weights as ${title}`;
}

function assertHolds(
  tensors: ReadonlyMap<string, NamedTensor>,
  layout: WeightLayout,
): void {
  const { rules, isDropped } = layout;
  const wanted = new Map(
    rules.flatMap(({ sources }) => sources.map((each) => [each.name, each])),
  );
  const found = {
    missing: [],
    surplus: [],
    "mis-shaped": [],
    "not finite": [],
  };
  const problems: Record<keyof typeof found, string[]> = found;
  for (const { name, shapes } of wanted.values()) {
    const tensor = tensors.get(name);
    if (tensor === undefined) {
      problems.missing.push(name);
    } else if (!shapes.some((shape) => isSameShape(shape, tensor.shape))) {
      problems["mis-shaped"].push(
        `${name} is ${format(tensor.shape)}, not ` +
          shapes.map(format).join(" or "),
      );
    } else {
      const at = tensor.data.findIndex((x) => !Number.isFinite(x));
      if (at >= 0) {
        problems["not finite"].push(`${name} is ${tensor.data[at]} at ${at}`);
      }
    }
  }
  for (const name of tensors.keys()) {
    if (!wanted.has(name) && !isDropped(name)) problems.surplus.push(name);
  }
  refuseProblems(importing(layout), problems);
}

/**
 * Throws when there are problems; tells those of each kind.
 *
 * @throws {RangeError} When there are.
 *
 * @example
 * ```ts
 * import { refuseProblems } from "./weight_layout.ts";
 * import { throws } from "node:assert";
 *
 * throws(() => refuseProblems("start", { missing: ["fc6/weight"] }));
 * refuseProblems("start", { missing: [] });
 * ```
 */
export function refuseProblems(
  action: string,
  problems: Readonly<Record<string, readonly string[]>>,
): void {
  const told = Object.entries(problems).filter(([, list]) => list.length > 0)
    .map(([kind, list]) => {
      const more = list.length - MOST_TOLD;
      const some = list.slice(0, MOST_TOLD).join(", ");
      return `\n  ${kind}: ${some}${more > 0 ? `, and ${more} more` : ""}`;
    });
  if (told.length === 0) return;
  throw new RangeError(
    `Cannot ${action} as the file must hold its tensors:${told.join("")}`,
  );
}

function format(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}
