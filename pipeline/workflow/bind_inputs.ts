/**
 * What feeds each input of a step: outputs of other steps, or paths.
 *
 * @module
 */
import type { ArtifactKind } from "../artifact.ts";
import { listed, suggestion } from "./did_you_mean.ts";
import {
  type OutputReference,
  readReference,
  type Reference,
  type StepGroup,
  type StepGroups,
} from "./input_reference.ts";
import type { Expansion } from "./matrix.ts";
import { keyAt, type Place, type ProblemList, valueAt } from "./problem.ts";
import { type InputSpec, kindOf } from "../stage.ts";
import type { JsonMap } from "./template.ts";
import { quote } from "./wording.ts";
import type { BoundInput, InputRef, Json } from "./workflow.ts";
import { WRONG } from "./wrong.ts";

/** What a reference means, whatever the expansion. */
type Source =
  /** A path, or a step without a matrix: the same for all. */
  | { readonly by: "nothing"; readonly refs: readonly InputRef[] }
  | {
    readonly by: "labels";
    readonly producer: StepGroup;
    /** Axes of both steps. */
    readonly common: readonly string[];
    /** Expansions of the producer by their labels on the common axes. */
    readonly refsByLabels: RefsByLabels;
  };

type RefsByLabels = ReadonlyMap<string, readonly InputRef[]>;

interface NamedInput {
  readonly group: StepGroup;
  readonly name: string;
  readonly place: Place;
}

/** One input of one step of the file. */
interface Input extends NamedInput {
  readonly spec: InputSpec;
}

/** Binds inputs; what it finds out about a reference it keeps. */
export class InputBinder {
  /** By step of the file: the steps it needs, with the input that says so. */
  readonly needs = new Map<string, Map<string, string>>();
  readonly #sources = new Map<string, Source | null>();
  readonly #others = new Set<string>();
  readonly #indices = new Map<string, RefsByLabels>();

  constructor(
    readonly groups: StepGroups,
    readonly problems: ProblemList,
  ) {}

  /** Reports unknown inputs and missing ones. */
  checkNames({ name, file, stage }: StepGroup): void {
    if (stage === null) return;
    const given = file.inputs ?? {};
    if (given as Json === WRONG) return;
    const path = ["steps", name];
    for (const input of Object.keys(given)) {
      if (Object.hasOwn(stage.inputs, input)) continue;
      this.problems.add(
        keyAt([...path, "inputs", input]),
        () =>
          `Cannot feed input ${quote(input)} of step ${quote(name)} as stage ` +
          `${quote(stage.name)} has no such input: ` +
          suggestion(input, Object.keys(stage.inputs)),
      );
    }
    for (const [input, spec] of Object.entries<InputSpec>(stage.inputs)) {
      if (isOptional(spec) || Object.hasOwn(given, input)) continue;
      const place = file.inputs === undefined
        ? valueAt([...path, "stage"])
        : keyAt([...path, "inputs"]);
      this.problems.add(
        place,
        `Cannot run step ${quote(name)} as stage ${quote(stage.name)} ` +
          `must have input ${quote(input)}: it is missing`,
      );
    }
  }

  /** All inputs of an expansion; `given` has its expressions replaced. */
  bind(
    group: StepGroup,
    expansion: Expansion,
    given: JsonMap,
  ): Record<string, BoundInput> {
    const bound: Record<string, BoundInput> = {};
    const specs: Record<string, InputSpec> = group.stage?.inputs ?? {};
    this.#checkOthers(group, given, specs);
    for (const [name, spec] of Object.entries(specs)) {
      const text = Object.hasOwn(given, name) ? given[name] : undefined;
      if (text === undefined) {
        bound[name] = { arity: "none", spec };
        continue;
      }
      const place = valueAt(["steps", group.name, "inputs", name]);
      const input = { group, name, spec, place };
      if (text === WRONG) continue;
      const refs = this.#refsOf(input, expansion, text);
      const [ref] = refs;
      if (ref === undefined) continue;
      bound[name] = isList(spec)
        ? { arity: "list", spec, refs }
        : { arity: "one", spec, ref };
    }
    return bound;
  }

  /** Of inputs that no stage is known to have: whether they refer to a step. */
  #checkOthers(
    group: StepGroup,
    given: JsonMap,
    specs: Record<string, InputSpec>,
  ): void {
    for (const [name, text] of Object.entries(given)) {
      if (text === WRONG || Object.hasOwn(specs, name)) continue;
      const key = `${group.name} ${name} ${JSON.stringify(text)}`;
      if (this.#others.has(key)) continue;
      this.#others.add(key);
      const place = valueAt(["steps", group.name, "inputs", name]);
      this.#refer({ group, name, place }, text);
    }
  }

  /** None when there is a problem. */
  #refsOf(
    input: Input,
    expansion: Expansion,
    text: Json,
  ): readonly InputRef[] {
    const source = this.#sourceOf(input, text);
    if (source === null) return [];
    if (source.by === "nothing") return source.refs;
    const { producer, common, refsByLabels } = source;
    const refs = refsByLabels.get(labelsKey(expansion, common)) ?? [];
    if (refs.length === 0 && producer.expansions.length > 0) {
      const wanted = common.map((axis) => `${axis}=${expansion.axes[axis]}`);
      this.#report(
        input,
        () =>
          `step ${quote(producer.name)} must have an expansion with ` +
          `${wanted.join(",")}: it has ${idsOf(producer)}`,
      );
    }
    return refs;
  }

  #sourceOf(input: Input, text: Json): Source | null {
    const isOnce = input.group.expansions.length === 1;
    if (isOnce || typeof text !== "string") return this.#parse(input, text);
    const key = `${input.group.name} ${input.name} ${text}`;
    const known = this.#sources.get(key);
    if (known !== undefined) return known;
    const source = this.#parse(input, text);
    this.#sources.set(key, source);
    return source;
  }

  #refer(input: NamedInput, text: Json): Reference {
    const reference = readReference(text, this.groups);
    if (reference.from === "nowhere") this.#report(input, reference.reason);
    if ("producer" in reference) this.#remember(input, reference.producer);
    return reference;
  }

  #parse(input: Input, text: Json): Source | null {
    const reference = this.#refer(input, text);
    if (reference.from === "path") return { by: "nothing", refs: [reference] };
    if (reference.from !== "step") return null;
    const problem = this.#mismatch(input, reference, String(text));
    if (problem !== null) this.#report(input, () => problem);
    return problem === null ? this.#stepSource(input, reference) : null;
  }

  /** Why an output cannot feed an input; null when it can. */
  #mismatch(
    { group, spec }: Input,
    { producer, kind }: OutputReference,
    text: string,
  ): string | null {
    const taken = kindOf(spec);
    if (!isSameKind(kind, taken)) {
      const named = kind.name !== taken.name;
      const [takes, is] = [taken, kind].map(({ form, name }) =>
        named ? quote(name) : `${form} ${quote(name)}`
      );
      return `it takes ${takes}: ${quote(text)} is ${is}`;
    }
    const hasRest =
      axesOf(producer).length > commonAxes(group, producer).length;
    const isKnown = group.expansions.length > 0;
    if (!isKnown || !hasRest || isList(spec)) return null;
    return `it takes one: ${quote(text)} is of ` +
      `${producer.expansions.length} steps, ${idsOf(producer)}`;
  }

  #stepSource({ group }: Input, output: OutputReference): Source {
    const { producer } = output;
    if (producer.file.matrix === undefined) {
      return { by: "nothing", refs: producer.expansions.map(refTo(output)) };
    }
    const common = commonAxes(group, producer);
    const refsByLabels = this.#indexOf(output, common);
    return { by: "labels", producer, common, refsByLabels };
  }

  /** Built once for all expansions: looking through them would be quadratic. */
  #indexOf(source: OutputReference, common: readonly string[]): RefsByLabels {
    const { producer, output, part } = source;
    const key = `${producer.name} ${output} ${common.join(",")} ${part ?? ""}`;
    const known = this.#indices.get(key);
    if (known !== undefined) return known;
    const index = new Map<string, InputRef[]>();
    for (const expansion of producer.expansions) {
      const ref = refTo(source)(expansion);
      const labels = labelsKey(expansion, common);
      const refs = index.get(labels);
      if (refs === undefined) index.set(labels, [ref]);
      else refs.push(ref);
    }
    this.#indices.set(key, index);
    return index;
  }

  #remember({ group, name }: NamedInput, producer: StepGroup): void {
    const needs = this.needs.get(group.name) ?? new Map<string, string>();
    this.needs.set(group.name, needs);
    if (!needs.has(producer.name)) needs.set(producer.name, name);
  }

  #report({ group, name, place }: NamedInput, reason: () => string): void {
    this.problems.add(
      place,
      () =>
        `Cannot feed input ${quote(name)} of step ${quote(group.name)} ` +
        `as ${reason()}`,
    );
  }
}

function refTo(
  { output, part }: OutputReference,
): (expansion: Expansion) => InputRef {
  return ({ id }) => ({ from: "step", step: id, output, part });
}

function isOptional(spec: InputSpec): boolean {
  return "input" in spec && spec.input === "optional";
}

function isList(spec: InputSpec): boolean {
  return "input" in spec && spec.input === "list";
}

function isSameKind(a: ArtifactKind, b: ArtifactKind): boolean {
  return a === b || (a.name === b.name && a.form === b.form);
}

function labelsKey({ axes }: Expansion, names: readonly string[]): string {
  return names.map((name) => axes[name]).join(",");
}

function axesOf({ expansions }: StepGroup): string[] {
  return Object.keys(expansions[0]?.axes ?? {});
}

/** Axes of both steps. */
function commonAxes(a: StepGroup, b: StepGroup): string[] {
  const axes = new Set(axesOf(a));
  return axesOf(b).filter((axis) => axes.has(axis));
}

function idsOf({ expansions }: StepGroup): string {
  return listed(expansions.map(({ id }) => id));
}
