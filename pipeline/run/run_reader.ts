/**
 * What a run gave, for those who look at it afterwards: outputs and inputs of
 * its steps, decoded by the kinds that their stages declare.
 *
 * @module
 */
import { resolve } from "node:path";
import type { ArtifactKind, CollectionKind, Parts } from "../artifact.ts";
import { kindOf, type Stage } from "../stage.ts";
import { itemIdOf } from "../store/tree.ts";
import type { InputRef } from "../workflow/workflow.ts";
import {
  readRunRecord,
  type RunRecord,
  type StepRecord,
} from "./run_record.ts";

/** Items of a folder, decoded on demand. */
export interface Items {
  /** In code unit order. */
  readonly ids: readonly string[];
  has(id: string): boolean;
  /** Of the file of an item. */
  path(id: string): string;
  read(id: string): Promise<unknown>;
}

/** Reads a run; see {@link openRun}. */
export interface RunReader {
  readonly folder: string;
  readonly record: RunRecord;
  /** Steps of a stage that have a result. */
  stepsOf(stage: string): StepRecord[];
  /** The value of an output that is one file. */
  value(step: string, output: string): Promise<unknown>;
  /** The items of an output, or of a part of one. */
  items(step: string, output: string, part?: string): Items;
  /** The items that a step read; of a folder of the user's too. */
  inputItems(step: string, input: string): Items;
}

/**
 * Opens a run that has ended.
 *
 * @param folder Of the run.
 * @param stages Those that its steps may be of.
 * @param project The folder that paths in the workflow are seen from.
 * @throws {RangeError} When there is no run record; later, when a step is
 *   asked for what it does not have, or files are gone.
 */
export function openRun(
  folder: string,
  stages: readonly Stage[],
  project = ".",
): RunReader {
  const record = readRunRecord(folder);
  if (record === null) {
    throw new RangeError(
      `Cannot read "${folder}" as it must be a run that has ended: ` +
        "it has no run record of today's form",
    );
  }
  const steps = new Map(record.steps.map((step) => [step.id, step]));
  const kinds = new Map(stages.map((stage) => [stage.name, stage]));
  const find = (id: string): { step: StepRecord; stage: Stage } => {
    const step = steps.get(id);
    const stage = step && kinds.get(step.stage);
    if (step && stage) return { step, stage };
    throw cannotRead(id, step ? `stage ${step.stage} is unknown` : "no step");
  };
  const kindOfOutput = (id: string, output: string): ArtifactKind => {
    const kind = find(id).stage.outputs[output];
    if (kind !== undefined) return kind;
    throw cannotRead(`${id}.${output}`, "no output");
  };
  const items = (id: string, output: string, part?: string): Items => {
    const kind = kindOfOutput(id, output);
    return itemsIn(`${folder}/outputs/${id}.${output}`, kind, part ?? null);
  };
  return {
    folder,
    record,
    stepsOf: (stage) =>
      record.steps.filter((step) =>
        step.stage === stage && Object.keys(step.outputs).length > 0
      ),
    value: async (id, output) => {
      const kind = kindOfOutput(id, output);
      if (kind.form !== "value") {
        throw cannotRead(`${id}.${output}`, "a folder");
      }
      const path = `${folder}/outputs/${id}.${output}${kind.extension}`;
      return await kind.decode(readShown(path), path);
    },
    items,
    inputItems(id, input) {
      const { step, stage } = find(id);
      const ref = oneOf(step.origins[input] ?? []);
      const spec = stage.inputs[input];
      if (ref === null || spec === undefined) {
        throw cannotRead(`${id}'s ${input}`, "no input");
      }
      return ref.from === "path"
        ? itemsIn(resolve(project, ref.path), kindOf(spec), null)
        : items(ref.step, ref.output, ref.part ?? undefined);
    },
  };
}

function oneOf(refs: readonly InputRef[]): InputRef | null {
  return refs.length === 1 ? refs[0]! : null;
}

function itemsIn(
  folder: string,
  kind: ArtifactKind,
  part: string | null,
): Items {
  if (kind.form === "collection") return itemsOf(folder, kind);
  const items = kind.form === "composite" && part !== null
    ? (kind.parts as Parts)[part]
    : undefined;
  if (items === undefined) throw cannotRead(folder, "no folder of items");
  return itemsOf(`${folder}/${part}`, items);
}

function itemsOf(
  folder: string,
  // deno-lint-ignore no-explicit-any -- any item type
  kind: CollectionKind<any>,
): Items {
  const files = new Map<string, string>();
  for (const name of namesOf(folder)) {
    const id = itemIdOf(name, kind);
    if (id !== null) files.set(id, `${folder}/${name}`);
  }
  const path = (id: string): string => {
    const file = files.get(id);
    if (file !== undefined) return file;
    throw cannotRead(`${folder}/${id}`, "no item");
  };
  return {
    ids: [...files.keys()].sort(),
    has: (id) => files.has(id),
    path,
    read: async (id) => await kind.decode(readShown(path(id)), path(id)),
  };
}

function namesOf(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name);
  } catch (error) {
    throw explained(folder, error);
  }
}

function readShown(path: string): Uint8Array {
  try {
    return Deno.readFileSync(path);
  } catch (error) {
    throw explained(path, error);
  }
}

function explained(path: string, error: unknown): unknown {
  return error instanceof Deno.errors.NotFound
    ? cannotRead(path, "no such file or folder")
    : error;
}

function cannotRead(what: string, found: string): RangeError {
  return new RangeError(
    `Cannot read "${what}" of a run as the run must hold it: ${found}`,
  );
}
