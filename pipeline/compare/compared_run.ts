/**
 * One side of a comparison, from whatever names it: the folder of a run, or
 * the file of an export.
 *
 * @module
 */
import { existsSync } from "node:fs";
import type { RunRecord } from "../run/run_record.ts";
import type { Stage } from "../stage.ts";
import { readExport } from "./archive.ts";
import { LIMITS } from "./manifest.ts";
import { UnreadableRun } from "./unreadable_run.ts";
import { checkRecord } from "./record_form.ts";
import { placeProblem } from "./run_in_place.ts";
import {
  type ComparedItems,
  filesInFolder,
  filesOfExport,
  type Found,
  inputItems,
  type ShownFiles,
} from "./shown_items.ts";
import { readUntrustedJson } from "./untrusted_json.ts";

/** A run that is compared. */
export interface ComparedRun {
  /** As the user named it. */
  readonly named: string;
  readonly record: RunRecord;
  /** Items that a step read, as its stage would see them. */
  inputItems(step: string, input: string): Found<ComparedItems>;
  /** An output that is one file, decoded. */
  value(step: string, output: string): Promise<Found<unknown>>;
}

/** Whether a name is that of an export's file. */
export function isExportName(name: string): boolean {
  return name.endsWith(".tar.zst") || name.endsWith(".json");
}

/**
 * Opens a run in a folder.
 *
 * @throws {UnreadableRun} When it has not ended, or its record is damaged.
 */
export function openRunFolder(
  folder: string,
  { named, stages }: { named: string; stages: readonly Stage[] },
): ComparedRun {
  return comparedRun(filesInFolder(folder), {
    named,
    stages,
    record: readRecordOf(folder, named),
  });
}

/** Opens an export. @throws {UnreadableRun} When it is not to be trusted. */
export async function openExport(
  file: string,
  { stages }: { stages: readonly Stage[] },
): Promise<ComparedRun> {
  if (!existsSync(file)) {
    throw new UnreadableRun(file, "it must exist: nothing is there");
  }
  const read = await readExport(file);
  const { record } = read.manifest;
  return comparedRun(filesOfExport(read), { named: file, stages, record });
}

/** The record of a run's folder, both checked. @throws {UnreadableRun} */
export function readRecordOf(folder: string, named: string): RunRecord {
  const file = `${folder}/run.json`;
  if (!existsSync(file)) {
    throw new UnreadableRun(
      named,
      "it must be a run that has ended: it has no run record",
    );
  }
  const { size } = Deno.statSync(file);
  if (size > LIMITS.manifestBytes) {
    throw new UnreadableRun(
      named,
      `its run record may have ${LIMITS.manifestBytes} bytes: it has ${size}`,
    );
  }
  const read = readUntrustedJson(Deno.readFileSync(file));
  const checked = read.ok ? checkRecord(read.value) : read;
  if (!checked.ok) {
    throw new UnreadableRun(
      named,
      // With all fresh, "run" leaves a record alone that is there.
      `its run record ${checked.problem}; remove run.json, and "run" writes ` +
        "it anew",
    );
  }
  const problem = placeProblem(folder, checked.value);
  if (problem === null) return checked.value;
  throw new UnreadableRun(named, problem);
}

function comparedRun(
  shown: ShownFiles,
  { named, record, stages }: {
    named: string;
    record: RunRecord;
    stages: readonly Stage[];
  },
): ComparedRun {
  const steps = new Map(record.steps.map((step) => [step.id, step]));
  const byName = new Map(stages.map((stage) => [stage.name, stage]));
  const find = (id: string) => {
    const step = steps.get(id);
    const stage = step && byName.get(step.stage);
    return step && stage ? { step, stage } : null;
  };
  const items = new Map<string, Found<ComparedItems>>();
  return {
    named,
    record,
    inputItems(id, input) {
      const found = find(id);
      if (found === null) return { ok: false, why: `step ${id} is unknown` };
      // Many steps read the same folder, which is checked once.
      const key = JSON.stringify([
        found.step.origins[input],
        found.step.inputs[input],
        found.step.stage,
        input,
      ]);
      const known = items.get(key) ?? inputItems(shown, { ...found, input });
      items.set(key, known);
      return known;
    },
    async value(id, output) {
      const found = find(id);
      const kind = found?.stage.outputs[output];
      const content = found?.step.outputs[output];
      if (kind?.form !== "value" || content === undefined) {
        return { ok: false, why: `${id}.${output} is no file` };
      }
      const path = `outputs/${id}.${output}${kind.extension}`;
      const bytes = shown.read(path);
      if (bytes === null) {
        return { ok: false, why: `${id}.${output} is not there` };
      }
      if (shown.contentOf(path).digest !== content.digest) {
        return { ok: false, why: `${id}.${output} is damaged` };
      }
      return { ok: true, value: await kind.decode(bytes, path) };
    },
  };
}
