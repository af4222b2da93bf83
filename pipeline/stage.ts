/**
 * The kind of work a step does: typed parameters, inputs and outputs, and a
 * function from one to the other.
 *
 * @module
 */
import type * as z from "zod";
import type {
  ArtifactKind,
  CollectionKind,
  CompositeKind,
  Parts,
  ValueKind,
} from "./artifact.ts";
import { droppingObject } from "./strict_params.ts";

/** A collection as a stage sees it: ids in code unit order, items on demand. */
export interface CollectionReader<Item> {
  readonly ids: readonly string[];
  has(id: string): boolean;
  /** Decodes one item; its bytes are checked against their digest first. */
  read(id: string): Promise<Item>;
  /** The bytes of one item, checked in the same way. */
  readBytes(id: string): Promise<Uint8Array>;
}

/** A collection as a stage makes it; every id is written once. */
export interface CollectionWriter<Item> {
  write(id: string, item: Item): Promise<void>;
}

/** A composite as a stage sees it: a reader for each part. */
export type CompositeReader<P extends Parts> = {
  readonly [Name in keyof P]: P[Name] extends CollectionKind<infer Item>
    ? CollectionReader<Item>
    : never;
};

/** A composite as a stage makes it: a writer for each part. */
export type CompositeWriter<P extends Parts> = {
  readonly [Name in keyof P]: P[Name] extends CollectionKind<infer Item>
    ? CollectionWriter<Item>
    : never;
};

/** An input that a step may leave out; the stage then gets `null`. */
export interface OptionalInput<Kind extends ArtifactKind> {
  readonly input: "optional";
  readonly kind: Kind;
}

/** An input that takes the results of all expansions of a step. */
export interface ListInput<Kind extends ArtifactKind> {
  readonly input: "list";
  readonly kind: Kind;
}

/** What a stage declares for one input. */
export type InputSpec =
  | ArtifactKind
  | OptionalInput<ArtifactKind>
  | ListInput<ArtifactKind>;

/** An input that may be left out. */
export function optional<Kind extends ArtifactKind>(
  kind: Kind,
): OptionalInput<Kind> {
  return { input: "optional", kind };
}

/** An input that gathers a step's expansions over a matrix. */
export function listOf<Kind extends ArtifactKind>(kind: Kind): ListInput<Kind> {
  return { input: "list", kind };
}

/** What `run` finds under the name of an input. */
export type InputOf<Spec> = Spec extends OptionalInput<infer Kind>
  ? InputOf<Kind> | null
  : Spec extends ListInput<infer Kind>
    ? readonly { readonly step: string; readonly value: InputOf<Kind> }[]
  : Spec extends ValueKind<infer Value> ? Value
  : Spec extends CollectionKind<infer Item> ? CollectionReader<Item>
  : Spec extends CompositeKind<infer P> ? CompositeReader<P>
  : never;

/** Writers for those outputs that are written item by item. */
export type WritersOf<Outputs> = {
  readonly [
    Name in keyof Outputs as Outputs[Name] extends ValueKind<infer _> ? never
      : Name
  ]: Outputs[Name] extends CollectionKind<infer Item> ? CollectionWriter<Item>
    : Outputs[Name] extends CompositeKind<infer P> ? CompositeWriter<P>
    : never;
};

/** Values of those outputs that are returned as a whole. */
export type ValuesOf<Outputs> = {
  [
    Name in keyof Outputs as Outputs[Name] extends ValueKind<infer _> ? Name
      : never
  ]: Outputs[Name] extends ValueKind<infer Value> ? Value : never;
};

/** What goes with a step's progress; the engine shows it and knows no more. */
export interface ProgressDetail {
  /** By name, such as `loss`; of a name that ends in ` %` the sign comes last. */
  readonly numbers?: Readonly<Record<string, number>>;
  /** What one unit is made of, to tell the rate in: 8 images an iteration. */
  readonly each?: { readonly count: number; readonly unit: string };
  /** Of `done`, what was there before, as in a checkpoint: no part of the rate. */
  readonly before?: number;
}

/** All that a stage's function knows: no clock, network or environment. */
export interface StageContext<Params, Inputs, Outputs> {
  /** After defaults. */
  readonly params: Params;
  readonly inputs: { readonly [Name in keyof Inputs]: InputOf<Inputs[Name]> };
  readonly outputs: WritersOf<Outputs>;
  /** The step's seed; 0 for a stage that does not declare `seeded`. */
  readonly seed: number;
  /**
   * Cores the step may keep busy, by its `resources`. It must give the same
   * bytes whatever they are.
   */
  readonly cpus: number;
  /** A folder that outlives a kill of the step: for its checkpoints. */
  readonly scratch: string;
  /** One line to the step's log. */
  log(message: string): void;
  /**
   * How far the step is; `unit` is a plural such as "images". Time left is told
   * soonest by a stage that also says when it begins: 0, or what was `before`.
   */
  progress(
    done: number,
    total: number,
    unit: string,
    detail?: ProgressDetail,
  ): void;
  /** Aborted when the run is to stop: save a checkpoint and throw. */
  readonly signal: AbortSignal;
}

type InputSpecs = Readonly<Record<string, InputSpec>>;
type OutputKinds = Readonly<Record<string, ArtifactKind>>;

/**
 * How the items of a step may be split, so that parts run side by side and are
 * cached each on its own. Only for stages whose outputs are collections with
 * one item for each item of `over`, made from that item alone.
 */
export interface Sharding<Name> {
  /** The input whose ids are split. */
  readonly over: Name;
  /** Inputs from which a shard sees the same ids only. */
  readonly with?: readonly Name[];
  /** About how many items a shard has. */
  readonly size: number;
}

/** Where a stage's function runs; see `docs/workflows.md`. */
export type Isolation =
  /** In one of the runner's worker processes, which are used again. */
  | "pool"
  /** In a process of its own that may only read its inputs, write its outputs. */
  | "process";

/** What {@link defineStage} takes. */
export interface StageDefinition<
  Params extends z.ZodObject,
  Inputs extends InputSpecs,
  Outputs extends OutputKinds,
> {
  /** Its name in workflow files: snake_case, a verb first. */
  readonly name: string;
  /** To be raised when equal inputs give other outputs. */
  readonly version: number;
  /** `import.meta.url`: the module whose imports decide the code's hash. */
  readonly module: string;
  /** Strict; units in `describe`; a default only where the source gives one. */
  readonly params: Params;
  /**
   * Params that change no byte of the outputs, such as how many workers read
   * ahead: they are not in a step's key, and it stays fresh when they change.
   */
  readonly keyless?: readonly Extract<keyof z.output<Params>, string>[];
  readonly inputs: Inputs;
  readonly outputs: Outputs;
  /** Whether the seed decides the result. */
  readonly seeded?: boolean;
  readonly shards?: Sharding<Extract<keyof Inputs, string>>;
  /** `pool` when left out. */
  readonly isolation?: Isolation;
  run(
    context: StageContext<z.output<Params>, Inputs, Outputs>,
  ): ValuesOf<Outputs> | Promise<ValuesOf<Outputs>>;
}

/** A stage as the engine handles it, its types forgotten. */
// deno-lint-ignore no-explicit-any -- stages of unlike types share one registry
export type Stage = StageDefinition<any, any, any>;

/**
 * Defines a stage; the types of `run` follow from its declarations.
 *
 * @throws {TypeError} When the declarations contradict each other.
 *
 * @example
 * ```ts
 * import { defineStage, jsonKind } from "./mod.ts";
 * import * as z from "zod";
 *
 * const COUNT = jsonKind("count", z.int());
 *
 * const addOne = defineStage({
 *   name: "add_one",
 *   version: 1,
 *   module: import.meta.url,
 *   params: z.strictObject({}),
 *   inputs: { count: COUNT },
 *   outputs: { sum: COUNT },
 *   run: ({ inputs }) => ({ sum: inputs.count + 1 }),
 * });
 * ```
 */
export function defineStage<
  Params extends z.ZodObject,
  Inputs extends InputSpecs,
  Outputs extends OutputKinds,
>(
  stage: StageDefinition<Params, Inputs, Outputs>,
): StageDefinition<Params, Inputs, Outputs> {
  const problem = contradictionOf(stage);
  if (problem !== null) {
    throw new TypeError(`Cannot define stage "${stage.name}" as ${problem}`);
  }
  return stage;
}

const SNAKE_CASE = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;

function contradictionOf(stage: Stage): string | null {
  const { name, params, inputs, outputs } = stage;
  const names = [name, ...Object.keys(inputs), ...Object.keys(outputs)];
  const odd = names.find((each) => !SNAKE_CASE.test(each));
  if (odd !== undefined) return `names must be snake_case: "${odd}"`;
  const dropping = droppingObject(params);
  if (dropping !== null) {
    const which = dropping === "" ? "its params" : `its param "${dropping}"`;
    return `${which} must be a z.strictObject: unknown keys would be dropped`;
  }
  const unknown = stage.keyless?.find((each) =>
    !Object.hasOwn(params.shape, each)
  );
  if (unknown !== undefined) {
    return `keyless params must be among its params: "${unknown}"`;
  }
  return shardingProblemOf(stage);
}

function shardingProblemOf(stage: Stage): string | null {
  if (stage.shards === undefined) return null;
  for (const name of [stage.shards.over, ...(stage.shards.with ?? [])]) {
    if (stage.inputs[name]?.form !== "collection") {
      return `only collections can be split into shards: "${name}"`;
    }
  }
  for (const [name, kind] of Object.entries<ArtifactKind>(stage.outputs)) {
    if (kind.form !== "collection") {
      return `each output of a stage with shards must be a collection: "${name}"`;
    }
  }
  return null;
}

type ParamValues = Readonly<Record<string, unknown>>;

/** A step's params in two: those in its key, and those its stage leaves out. */
export function splitParams(
  { keyless = [] }: Pick<Stage, "keyless">,
  params: ParamValues,
): { readonly keyed: ParamValues; readonly keyless: ParamValues } {
  const isKeyless = ([name]: [string, unknown]) => keyless.includes(name);
  const entries = Object.entries(params);
  return {
    keyed: Object.fromEntries(entries.filter((each) => !isKeyless(each))),
    keyless: Object.fromEntries(entries.filter(isKeyless)),
  };
}

/** The kind behind an input, whether plain, optional or a list. */
export function kindOf(spec: InputSpec): ArtifactKind {
  return "input" in spec ? spec.kind : spec;
}
