/**
 * What the text of an input refers to: an output of a step, a part of it, or
 * a path.
 *
 * @module
 */
import type { ArtifactKind } from "../artifact.ts";
import { didYouMean, suggestion } from "./did_you_mean.ts";
import type { Expansion } from "./matrix.ts";
import type { Stage } from "../stage.ts";
import { describeType, quote } from "./wording.ts";
import type { Json, StepFile } from "./workflow.ts";

/** A step of the file with all its expansions. */
export interface StepGroup {
  readonly name: string;
  readonly file: StepFile;
  /** Null when it is unknown, which is reported elsewhere. */
  readonly stage: Stage | null;
  /** None when its matrix has problems, which are reported elsewhere. */
  readonly expansions: readonly Expansion[];
}

/** Steps of a file by name. */
export type StepGroups = ReadonlyMap<string, StepGroup>;

/** An output of a step, or a part of it. */
export interface OutputReference {
  readonly from: "step";
  readonly producer: StepGroup;
  readonly output: string;
  /** Null for the whole. */
  readonly part: string | null;
  readonly kind: ArtifactKind;
}

/** What an input refers to. */
export type Reference =
  | OutputReference
  | { readonly from: "path"; readonly path: string }
  /** Something that is wrong; `reason` goes on after "as". */
  | { readonly from: "nowhere"; readonly reason: () => string }
  /** To a step that is itself wrong, which is reported elsewhere. */
  | { readonly from: "unknown"; readonly producer: StepGroup };

const STEP_OUTPUT = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)(?:\/(.+))?$/;
const PATH = /^(?:\.\.?)?\//;

const FORMS = "it must be step.output, step.output/part, " +
  "or a path that begins with ./ ../ or /";

/** Reads the text of an input. */
export function readReference(text: Json, groups: StepGroups): Reference {
  if (typeof text !== "string") {
    return nowhere(() => `${FORMS}: it is ${describeType(text)}`);
  }
  if (PATH.test(text)) return { from: "path", path: text };
  const [, step, output, part] = STEP_OUTPUT.exec(text) ?? [];
  if (step === undefined || output === undefined) {
    return nowhere(() =>
      `${FORMS}: it is ${quote(text)}, ` +
      `did you mean ${quote(meantBy(text, groups))}?`
    );
  }
  const producer = groups.get(step);
  if (producer !== undefined) return outputOf(producer, output, part ?? null);
  return nowhere(() =>
    `${quote(text)} must name a step or be a path such as ` +
    `${quote(`./${text}`)}: ${suggestion(step, [...groups.keys()])}`
  );
}

function nowhere(reason: () => string): Reference {
  return { from: "nowhere", reason };
}

function outputOf(
  producer: StepGroup,
  output: string,
  part: string | null,
): Reference {
  const { name, stage } = producer;
  if (stage === null) return { from: "unknown", producer };
  const kinds: Readonly<Record<string, ArtifactKind>> = stage.outputs;
  const kind = Object.hasOwn(kinds, output) ? kinds[output] : undefined;
  if (kind === undefined) {
    return nowhere(() =>
      `step ${quote(name)} must have output ${quote(output)}: ` +
      suggestion(output, Object.keys(kinds))
    );
  }
  const whole = { from: "step", producer, output, part, kind } as const;
  return part === null ? whole : partOf(whole, part);
}

function partOf(whole: OutputReference, part: string): Reference {
  const { producer, output, kind } = whole;
  const start = `${quote(`${producer.name}.${output}`)} must`;
  if (kind.form !== "composite") {
    return nowhere(() =>
      `${start} be a composite to have part ${quote(part)}: ` +
      `it is a ${kind.form}`
    );
  }
  const { parts } = kind;
  const partKind = Object.hasOwn(parts, part) ? parts[part] : undefined;
  if (partKind !== undefined) return { ...whole, kind: partKind };
  return nowhere(() =>
    `${start} have part ${quote(part)}: ` +
    suggestion(part, Object.keys(parts))
  );
}

/** For a word that is neither: a step's first output, else a path. */
function meantBy(text: string, groups: StepGroups): string {
  const step = text.includes("/") ? null : didYouMean(text, groups.keys());
  const stage = step === null ? null : groups.get(step)?.stage;
  const [output] = Object.keys(stage?.outputs ?? {});
  return output === undefined ? `./${text}` : `${step}.${output}`;
}
