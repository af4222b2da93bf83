/**
 * What figures are drawn from: a run that has ended, seen through an interface
 * as narrow as they need, which the engine's reader of runs fits.
 *
 * @module
 */

/** Where an input of a step came from. */
export type FigureOrigin =
  | {
    readonly from: "step";
    readonly step: string;
    readonly output: string;
    /** A part of a composite output; null for the whole. */
    readonly part: string | null;
  }
  | { readonly from: "path"; readonly path: string };

/** A step of the run. */
export interface FigureStep {
  /** `scores[seed=1]`; without the matrix, `scores`, is its name. */
  readonly id: string;
  readonly name: string;
  /** Its label on each axis of the matrix. */
  readonly axes: Readonly<Record<string, string>>;
  readonly stage: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly seed: number;
  /** By input. */
  readonly origins: Readonly<Record<string, readonly FigureOrigin[]>>;
  /** By output; none when the step gave nothing. */
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Items of a folder by id, decoded on demand. */
export interface FigureItems {
  /** In code unit order. */
  readonly ids: readonly string[];
  has(id: string): boolean;
  read(id: string): Promise<unknown>;
}

/** A run to draw figures of. */
export interface FigureSource {
  readonly record: {
    readonly workflow: string;
    readonly steps: readonly FigureStep[];
  };
  /** Steps of a stage that have a result, in the order of the workflow. */
  stepsOf(stage: string): readonly FigureStep[];
  /** The value of an output that is one file. */
  value(step: string, output: string): Promise<unknown>;
  /** The items of an output, or of a part of one. */
  items(step: string, output: string, part?: string): FigureItems;
  /** The items that a step read; of a folder of the user's too. */
  inputItems(step: string, input: string): FigureItems;
}
