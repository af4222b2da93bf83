/**
 * What of a run goes into an export: its small texts and tables, and what else
 * is asked for.
 *
 * @module
 */
import type { ArtifactKind, Parts } from "../artifact.ts";
import type { RunRecord, StepRecord } from "../run/run_record.ts";
import type { Stage } from "../stage.ts";
import type { Content } from "../store/tree.ts";
import { suggestion } from "../workflow/did_you_mean.ts";

/** Of outputs that go along unasked: those that people and scripts read. */
const TEXT_EXTENSIONS = [".json", ".md", ".txt", ".csv"];

/** Larger ones are asked for by name. */
const SMALL_BYTES = 1024 * 1024;

/** An output of a step that goes along. */
export interface ChosenOutput {
  readonly step: StepRecord;
  readonly output: string;
  readonly kind: ArtifactKind;
  readonly content: Content;
  /** Null for the whole of it; else parts of a composite. */
  readonly parts: readonly (string | null)[];
}

/** One output of a step, and what it may be asked for by. */
interface Output extends Omit<ChosenOutput, "parts"> {
  /** The whole of it as null, then the parts of a composite. */
  readonly parts: readonly {
    readonly part: string | null;
    readonly names: readonly string[];
  }[];
}

/** What goes along; or what is wrong with what is asked for, in full. */
export type Choice =
  | { readonly ok: true; readonly chosen: readonly ChosenOutput[] }
  | { readonly ok: false; readonly problem: string };

/**
 * Chooses what goes along: small texts, and what is asked for by `OUTPUT` or
 * `STEP.OUTPUT`, either with `/PART`.
 *
 * @throws {RangeError} When stages do not know an output of the record.
 */
export function chooseOutputs(
  record: RunRecord,
  { stages, also }: {
    readonly stages: readonly Stage[];
    readonly also: readonly string[];
  },
): Choice {
  const outputs = outputsOf(record, stages);
  const problem = unknownProblem(also, outputs);
  if (problem !== null) return { ok: false, problem };
  const chosen = outputs.map((output): ChosenOutput => {
    const asked = output.parts.filter(({ names }) =>
      names.some((name) => also.includes(name))
    ).map(({ part }) => part);
    const isUnasked = asked.length === 0 && isSmallText(output);
    return { ...output, parts: isUnasked ? [null] : asked };
  });
  return { ok: true, chosen: chosen.filter(({ parts }) => parts.length > 0) };
}

function outputsOf(record: RunRecord, stages: readonly Stage[]): Output[] {
  const known = new Map(stages.map((stage) => [stage.name, stage]));
  return record.steps.flatMap((step) =>
    Object.entries(step.outputs).map(([output, content]): Output => {
      const kind: ArtifactKind | undefined = known.get(step.stage)
        ?.outputs[output];
      if (kind === undefined) {
        throw new RangeError(
          `Cannot export output "${step.id}.${output}" as its stage must be ` +
            `known: ${step.stage} has no such output`,
        );
      }
      const parts = kind.form === "composite"
        ? Object.keys(kind.parts as Parts)
        : [];
      return {
        step,
        output,
        kind,
        content,
        parts: [null, ...parts].map((part) => ({
          part,
          names: namesOf(step, output).map((name) =>
            part === null ? name : `${name}/${part}`
          ),
        })),
      };
    })
  );
}

function namesOf({ id, name }: StepRecord, output: string): string[] {
  return [output, `${name}.${output}`, `${id}.${output}`];
}

function unknownProblem(
  also: readonly string[],
  outputs: readonly Output[],
): string | null {
  const names = outputs.flatMap(({ parts }) =>
    parts.flatMap(({ names }) => names)
  );
  // The shortest come first, of which a few are listed.
  const known = [...new Set(names)].sort((a, b) => a.length - b.length);
  const unknown = also.filter((name) => !known.includes(name));
  if (unknown.length === 0) return null;
  const told = unknown.map((name) =>
    `"${name}" is none, ${suggestion(name, known)}`
  );
  return `Cannot export what is asked for as each must be an output of the ` +
    `run, by OUTPUT, STEP.OUTPUT or STEP.OUTPUT/PART: ${told.join("; ")}`;
}

function isSmallText({ kind, content }: Output): boolean {
  return kind.form === "value" && TEXT_EXTENSIONS.includes(kind.extension) &&
    content.sizeBytes <= SMALL_BYTES;
}
