/**
 * Runs a stage in this process on inputs from memory, through the real codecs:
 * what a stage reads was encoded and decoded, and so is what it gives.
 *
 * @module
 */
import type * as z from "zod";
import {
  type ArtifactKind,
  type CollectionKind,
  type CollectionReader,
  type CompositeKind,
  type InputOf,
  type InputSpec,
  isItemId,
  type ListInput,
  type OptionalInput,
  type Parts,
  type StageContext,
  type StageDefinition,
  type ValueKind,
  type WritersOf,
} from "../../pipeline/mod.ts";

/** Items by id; bytes are taken as they are, as if read from a file. */
export type Items<Item> = Readonly<Record<string, Item | Uint8Array>>;

/** What a test gives for an input; null for an optional one left out. */
export type Given<Spec> = Spec extends OptionalInput<infer Kind>
  ? Given<Kind> | null
  : Spec extends ListInput<infer Kind>
    ? readonly { readonly step: string; readonly value: Given<Kind> }[]
  : Spec extends ValueKind<infer Value> ? Value
  : Spec extends CollectionKind<infer Item> ? Items<Item>
  : Spec extends CompositeKind<infer P> ? {
      readonly [Name in keyof P]: P[Name] extends CollectionKind<infer Item>
        ? Items<Item>
        : never;
    }
  : never;

/** What a test gets of an output: decoded from what was written. */
export type Got<Kind> = Kind extends ValueKind<infer Value> ? Value
  : Kind extends CollectionKind<infer Item> ? Readonly<Record<string, Item>>
  : Kind extends CompositeKind<infer P> ? {
      readonly [Name in keyof P]: P[Name] extends CollectionKind<infer Item>
        ? Readonly<Record<string, Item>>
        : never;
    }
  : never;

/** What a stage left behind. */
export interface StageOutcome<Outputs> {
  readonly outputs: { readonly [Name in keyof Outputs]: Got<Outputs[Name]> };
  /** Encoded: by `output`, `output/id` or `output/part/id`, in that order. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly log: readonly string[];
}

/** What a test gives a stage; params as a workflow file would. */
export interface StageCall<Params extends z.ZodObject, Inputs> {
  readonly params?: z.input<Params>;
  readonly inputs: { readonly [Name in keyof Inputs]: Given<Inputs[Name]> };
  readonly seed?: number;
  /** Cores; 1 when left out. */
  readonly cpus?: number;
  /** Of one shard: only these are seen in the inputs that are split. */
  readonly shard?: readonly string[];
  readonly signal?: AbortSignal;
  /** Told how far the stage is. */
  readonly progress?: (
    ...told: Parameters<StageContext<unknown, unknown, unknown>["progress"]>
  ) => void;
  /** A folder, there already; a stage that asks for one must be given it. */
  readonly scratch?: string;
}

/** Runs a stage to its end. */
export async function runStage<
  Params extends z.ZodObject,
  Inputs extends Readonly<Record<string, InputSpec>>,
  Outputs extends Readonly<Record<string, ArtifactKind>>,
>(
  stage: StageDefinition<Params, Inputs, Outputs>,
  call: StageCall<Params, Inputs>,
): Promise<StageOutcome<Outputs>> {
  const files = new Map<string, Uint8Array>();
  const log: string[] = [];
  const { over, with: along = [] } = stage.shards ?? {};
  const inputs: Record<string, unknown> = {};
  for (const [name, spec] of Object.entries<InputSpec>(stage.inputs)) {
    const isSplit = name === over || along.some((other) => other === name);
    inputs[name] = await opened(spec, call.inputs[name], {
      name,
      ids: isSplit ? call.shard ?? null : null,
    });
  }
  const values: Record<string, unknown> = await stage.run({
    params: stage.params.parse(call.params ?? {}),
    inputs: inputs as { [Name in keyof Inputs]: InputOf<Inputs[Name]> },
    outputs: writersOf(stage.outputs, files) as WritersOf<Outputs>,
    seed: call.seed ?? 0,
    cpus: call.cpus ?? 1,
    get scratch(): string {
      if (call.scratch !== undefined) return call.scratch;
      throw new Error("This test gives the stage no scratch folder");
    },
    log: (message) => log.push(message),
    progress: call.progress ?? (() => {}),
    signal: call.signal ?? new AbortController().signal,
  });
  for (const [name, kind] of Object.entries<ArtifactKind>(stage.outputs)) {
    if (kind.form === "value") files.set(name, await kind.encode(values[name]));
  }
  const outputs = await decoded(stage.outputs, files);
  return { outputs, files, log } as StageOutcome<Outputs>;
}

async function opened(
  spec: InputSpec,
  given: unknown,
  { name, ids }: { name: string; ids: readonly string[] | null },
): Promise<unknown> {
  if (given === null) return null;
  if ("input" in spec && spec.input === "list") {
    const list = given as readonly { step: string; value: unknown }[];
    return await Promise.all(list.map(async ({ step, value }) => ({
      step,
      value: await opened(spec.kind, value, { name: step, ids }),
    })));
  }
  const kind = "input" in spec ? spec.kind : spec;
  if (kind.form === "value") {
    return kind.decode(await kind.encode(given), name);
  }
  if (kind.form === "collection") {
    return reader(kind, given as Items<unknown>, { name, ids });
  }
  const parts = Object.entries(kind.parts as Parts).map(([part, items]) => {
    const ofPart = (given as Record<string, Items<unknown>>)[part]!;
    return [part, reader(items, ofPart, { name: `${name}/${part}`, ids })];
  });
  return Object.fromEntries(parts);
}

function reader<Item>(
  kind: CollectionKind<Item>,
  items: Items<Item>,
  { name, ids }: { name: string; ids: readonly string[] | null },
): CollectionReader<Item> {
  const known = Object.keys(items)
    .filter((id) => ids?.includes(id) ?? true).sort();
  const readBytes = async (id: string): Promise<Uint8Array> => {
    const item = items[id];
    if (item === undefined || !known.includes(id)) {
      throw new RangeError(`No item "${id}" in ${name}`);
    }
    return item instanceof Uint8Array ? item : await kind.encode(item);
  };
  return {
    ids: known,
    has: (id) => known.includes(id),
    readBytes,
    read: async (id) =>
      kind.decode(await readBytes(id), `${name}/${id}${kind.extensions[0]}`),
  };
}

function writersOf(
  kinds: Readonly<Record<string, ArtifactKind>>,
  files: Map<string, Uint8Array>,
): Record<string, unknown> {
  const writers = Object.entries(kinds).flatMap(([name, kind]) => {
    if (kind.form === "value") return [];
    if (kind.form === "collection") return [[name, writer(kind, name, files)]];
    const parts = Object.entries(kind.parts as Parts)
      .map(([part, items]) => [part, writer(items, `${name}/${part}`, files)]);
    return [[name, Object.fromEntries(parts)]];
  });
  return Object.fromEntries(writers);
}

function writer<Item>(
  kind: CollectionKind<Item>,
  folder: string,
  files: Map<string, Uint8Array>,
) {
  return {
    async write(id: string, item: Item): Promise<void> {
      const key = `${folder}/${id}`;
      if (!isItemId(id) || files.has(key)) throw new Error(`Bad item ${key}`);
      files.set(key, await kind.encode(item));
    },
  };
}

async function decoded(
  kinds: Readonly<Record<string, ArtifactKind>>,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<Record<string, unknown>> {
  const outputs: Record<string, unknown> = {};
  for (const [name, kind] of Object.entries(kinds)) {
    if (kind.form === "value") {
      outputs[name] = await kind.decode(files.get(name)!, name);
    } else if (kind.form === "collection") {
      outputs[name] = await itemsIn(kind, name, files);
    } else {
      const parts: Record<string, unknown> = {};
      for (const [part, items] of Object.entries(kind.parts as Parts)) {
        parts[part] = await itemsIn(items, `${name}/${part}`, files);
      }
      outputs[name] = parts;
    }
  }
  return outputs;
}

async function itemsIn<Item>(
  kind: CollectionKind<Item>,
  folder: string,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<Record<string, Item>> {
  const items: Record<string, Item> = {};
  for (const [key, bytes] of files) {
    const id = key.slice(folder.length + 1);
    if (key !== `${folder}/${id}` || id.includes("/")) continue;
    items[id] = await kind.decode(bytes, key);
  }
  return items;
}
