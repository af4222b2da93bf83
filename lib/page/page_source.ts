/**
 * What a run's page is made from: a run that has ended, seen through an
 * interface that the engine's reader of runs fits.
 *
 * @module
 */
import type { FigureItems, FigureOrigin } from "../figure/figure_source.ts";

/** A file or folder that a step gave. */
export interface PageOutput {
  readonly form: "file" | "tree";
  /** SHA-256, of a folder that of its list of files. */
  readonly digest: string;
  readonly sizeBytes: number;
  /** Items of a folder. */
  readonly count?: number;
}

/** A step of the run. */
export interface PageStep {
  /** `scores[seed=1]`; without the matrix, `scores`, is its name. */
  readonly id: string;
  readonly name: string;
  /** Its label on each axis of the matrix. */
  readonly axes: Readonly<Record<string, string>>;
  readonly stage: string;
  readonly version: number;
  /** `run`, `restored`, `fresh`, `failed` or `left`. */
  readonly state: string;
  readonly fingerprint: string | null;
  readonly params: Readonly<Record<string, unknown>>;
  readonly seed: number;
  /** Digests by input; null for one that was left out. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly origins: Readonly<Record<string, readonly FigureOrigin[]>>;
  readonly code: string | null;
  readonly outputs: Readonly<Record<string, PageOutput>>;
  readonly metrics: Readonly<Record<string, number>>;
  /** Of the computation; null when it has not been done. */
  readonly seconds: number | null;
  readonly peakMemoryBytes: number | null;
  /** Why it failed. */
  readonly message: string | null;
}

/** What is known of the run as a whole. */
export interface PageRecord {
  readonly workflow: string;
  readonly file: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly outcome: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly seconds: number;
  readonly stepsDigest: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly packages: Readonly<Record<string, string>>;
  readonly commit: { readonly hash: string; readonly dirty: boolean } | null;
  readonly host: {
    readonly name: string;
    readonly os: string;
    readonly arch: string;
    readonly cpus: number;
    readonly memoryBytes: number;
  };
  readonly metrics: Readonly<Record<string, number>>;
  readonly steps: readonly PageStep[];
}

/** Items of a folder by id, decoded on demand. */
export interface PageItems extends FigureItems {
  /** Of the file of an item. */
  path(id: string): string;
}

/** A run to make a page of. */
export interface PageSource {
  readonly record: PageRecord;
  /** Steps of a stage that have a result, in the order of the workflow. */
  stepsOf(stage: string): readonly PageStep[];
  /** The value of an output that is one file. */
  value(step: string, output: string): Promise<unknown>;
  /** The items of an output, or of a part of one. */
  items(step: string, output: string, part?: string): PageItems;
  /** The items that a step read; of a folder of the user's too. */
  inputItems(step: string, input: string): PageItems;
}
