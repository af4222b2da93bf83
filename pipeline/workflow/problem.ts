/**
 * What is wrong with a workflow, said before its place is known as line and
 * column: a path into the file is enough, and costs nothing while all is well.
 *
 * @module
 */

/** Keys and indices from the root of a file to a value. */
export type Path = readonly (string | number)[];

/** Where a problem lies. */
export type Place =
  | {
    readonly in: "file";
    readonly path: Path;
    /** The value itself, or the key it stands under. */
    readonly at: "key" | "value";
    /** Part of the value's text that is to be underlined. */
    readonly piece?: string;
  }
  | {
    readonly in: "override";
    /** Position among the overrides. */
    readonly index: number;
    /** Offsets in the override of what is to be underlined. */
    readonly start: number;
    readonly end: number;
  };

/** One error, all that its place in the text is missing. */
export interface Problem {
  readonly message: string;
  readonly place: Place;
}

/** Problems kept of one file: nobody reads more. */
export const MAX_PROBLEMS = 1000;

/** Problems as they are found, each once. */
export class ProblemList {
  readonly #byKey = new Map<string, Problem>();

  /** Adds one, unless it is known; the message is made only when it is kept. */
  add(place: Place, message: string | (() => string)): void {
    if (this.#byKey.size >= MAX_PROBLEMS) return;
    const text = typeof message === "string" ? message : message();
    this.#byKey.set(JSON.stringify([place, text]), { message: text, place });
  }

  get size(): number {
    return this.#byKey.size;
  }

  get problems(): readonly Problem[] {
    return [...this.#byKey.values()];
  }
}

/** A place at a value of the file. */
export function valueAt(path: Path, piece?: string): Place {
  return piece === undefined
    ? { in: "file", path, at: "value" }
    : { in: "file", path, at: "value", piece };
}

/** A place at a key of the file. */
export function keyAt(path: Path): Place {
  return { in: "file", path, at: "key" };
}
