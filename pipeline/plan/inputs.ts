/**
 * The contents behind a step's inputs: outputs of other steps, parts of them,
 * files and folders of the user's.
 *
 * @module
 */
import type { ArtifactKind } from "../artifact.ts";
import type { InputKey } from "../store/fingerprint.ts";
import { kindOf } from "../stage.ts";
import type { Store } from "../store/store.ts";
import { type Content, contentOfTree, subTree } from "../store/tree.ts";
import type { Located, Sources } from "./sources.ts";
import type { BoundInput, InputRef, Step } from "../workflow/workflow.ts";

/** An input as far as it is known before its step runs. */
export type KnownInput =
  | { readonly arity: "none" }
  | { readonly arity: "one"; readonly at: Located }
  | {
    readonly arity: "list";
    readonly all: readonly { readonly step: string; readonly at: Located }[];
  };

/** All inputs of a step, or the steps that must end before they are known. */
export type StepInputs =
  | {
    readonly known: true;
    readonly inputs: Readonly<Record<string, KnownInput>>;
  }
  | {
    readonly known: false;
    readonly pending: readonly Pending[];
    /** Those that wait for nothing. */
    readonly inputs: Readonly<Record<string, KnownInput>>;
  };

/** An input that waits for steps. */
export interface Pending {
  readonly input: string;
  /** The first of them. */
  readonly step: string;
  /** How many more there are. */
  readonly more: number;
}

type Waiting = Omit<Pending, "input">;

/** Outputs of steps as they become known, and the user's files. */
export class Inputs {
  readonly #store: Store;
  readonly #outputs = new Map<string, Readonly<Record<string, Content>>>();
  readonly #sources: Sources;
  /** Lists that steps share are looked through once, when all is decided. */
  readonly #lists = new Map<readonly InputRef[], KnownInput | Waiting>();

  constructor(store: Store, sources: Sources) {
    this.#store = store;
    this.#sources = sources;
  }

  /** Makes a step's outputs known to those after it. */
  add(step: string, outputs: Readonly<Record<string, Content>>): void {
    this.#outputs.set(step, outputs);
  }

  /**
   * What feeds a step, as far as it is known; to be asked when all before the
   * step has been decided.
   */
  of(step: Step): StepInputs {
    const inputs: Record<string, KnownInput> = {};
    const pending: Pending[] = [];
    for (const [name, input] of Object.entries(step.inputs)) {
      const known = this.#known(input);
      if ("step" in known) pending.push({ input: name, ...known });
      else inputs[name] = known;
    }
    return pending.length > 0
      ? { known: false, pending, inputs }
      : { known: true, inputs };
  }

  #known(input: BoundInput): KnownInput | Waiting {
    if (input.arity === "none") return { arity: "none" };
    const kind = kindOf(input.spec);
    if (input.arity === "one") {
      return this.#waiting([input.ref]) ??
        { arity: "one", at: this.#locate(input.ref, kind) };
    }
    const { refs } = input;
    const known = this.#lists.get(refs) ?? this.#waiting(refs) ??
      { arity: "list", all: this.#locateAll(refs, kind) };
    this.#lists.set(refs, known);
    return known;
  }

  #waiting(refs: readonly InputRef[]): Waiting | null {
    let first: string | null = null;
    let count = 0;
    for (const ref of refs) {
      if (ref.from !== "step" || this.#outputs.has(ref.step)) continue;
      first ??= ref.step;
      count++;
    }
    return first === null ? null : { step: first, more: count - 1 };
  }

  #locateAll(refs: readonly InputRef[], kind: ArtifactKind) {
    const all = refs.map((ref) => ({
      // What a path is called must not count.
      step: ref.from === "step" ? ref.step : "",
      at: this.#locate(ref, kind),
    }));
    // Nor must the order in which a workflow names its steps.
    return all.sort((a, b) => a.step < b.step ? -1 : a.step > b.step ? 1 : 0);
  }

  #locate(ref: InputRef, kind: ArtifactKind): Located {
    if (ref.from === "path") return this.#sources.at(ref.path, kind);
    const content = this.#outputs.get(ref.step)![ref.output]!;
    if (content.form === "file") return { content, tree: null, path: null };
    const whole = this.#store.readTree(content.digest);
    if (ref.part === null) return { content, tree: whole, path: null };
    const tree = subTree(whole, ref.part);
    return { content: contentOfTree(tree), tree, path: null };
  }
}

/** Made once for each list, however many steps share it. */
const listKeys = new WeakMap<KnownInput, InputKey>();

/** What an input contributes to its step's fingerprint. */
export function inputKeyOf(input: KnownInput): InputKey {
  if (input.arity === "none") return null;
  if (input.arity === "one") return input.at.content.digest;
  const key = listKeys.get(input) ??
    input.all.map(({ step, at }) => ({ step, digest: at.content.digest }));
  listKeys.set(input, key);
  return key;
}

/** All located contents of an input. */
export function locatedOf(input: KnownInput): readonly Located[] {
  if (input.arity === "none") return [];
  return input.arity === "one" ? [input.at] : input.all.map(({ at }) => at);
}
