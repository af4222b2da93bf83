/**
 * Workflow files that were read before, found again by their text: reading
 * YAML and checking its form is most of the time of a run with nothing to do.
 *
 * @module
 */
import { type Digest, digestOf } from "../store/digest.ts";
import { readTextIfThere, replaceCheaply } from "../store/durable_file.ts";
import type { Store } from "../store/store.ts";
import type { WorkflowFile } from "./workflow.ts";

/**
 * How the engine reads workflow files. To be raised when a text may be read
 * otherwise than before; a test holds the form of workflow files to it.
 */
export const WORKFLOW_FORMAT = 3;

interface Remembered {
  readonly format: number;
  readonly workflow: WorkflowFile;
}

/** Checked workflow files in a store: `workflows/DIGEST.json`. */
export class WorkflowCache {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** What a text was read as, or null when it is not known. */
  recall(text: string): WorkflowFile | null {
    const remembered = readTextIfThere(
      `${this.#store.root}/workflows/${nameOf(text)}`,
    );
    return remembered === null ? null : parse(remembered);
  }

  /** Remembers what a text was read as. */
  remember(text: string, workflow: WorkflowFile): void {
    const remembered: Remembered = { format: WORKFLOW_FORMAT, workflow };
    replaceCheaply(
      `${this.#store.folder("workflows")}/${nameOf(text)}`,
      JSON.stringify(remembered),
    );
  }
}

function nameOf(text: string): `${Digest}.json` {
  return `${digestOf(text)}.json`;
}

/** What does not parse is as good as not there. */
function parse(text: string): WorkflowFile | null {
  try {
    const remembered = JSON.parse(text) as Remembered | null;
    return remembered?.format === WORKFLOW_FORMAT ? remembered.workflow : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
