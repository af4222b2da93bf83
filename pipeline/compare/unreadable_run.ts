/**
 * What is wrong with a folder or file that should be a run.
 *
 * @module
 */

/** Something that is not to be trusted as a run, and why. */
export class UnreadableRun extends Error {
  /** `problem` says what must hold and what was found: `it must …: it is …` */
  constructor(path: string, problem: string) {
    super(`Cannot read "${path}" as ${problem}`);
  }
}
