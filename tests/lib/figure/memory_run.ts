/**
 * A run in memory, made step by step.
 *
 * @module
 */
import type {
  FigureItems,
  FigureOrigin,
  FigureSource,
  FigureStep,
} from "../../../lib/figure/figure_source.ts";

/** What a step is said to be; the rest is as good as any. */
type StepParts = Partial<Omit<FigureStep, "origins" | "outputs">> & {
  readonly stage: string;
  /** `step.output`, or a path that begins with a point. */
  readonly from?: Readonly<Record<string, string>>;
  /** Values, or of a folder items by id. */
  readonly gives?: Readonly<Record<string, unknown>>;
};

/** A folder of items. */
export class Folder {
  constructor(readonly items: Readonly<Record<string, unknown>>) {}
}

/** A run whose steps can be changed before it is drawn. */
export class FigureRun implements FigureSource {
  readonly steps: FigureStep[] = [];
  /** By `step.output`, or path. */
  readonly contents = new Map<string, unknown>();

  get record() {
    return { workflow: "small", steps: this.steps };
  }

  /** Adds a step; its id may have labels in brackets. */
  add(id: string, { from = {}, gives = {}, ...parts }: StepParts): this {
    for (const [output, value] of Object.entries(gives)) {
      this.contents.set(`${id}.${output}`, value);
    }
    const origins = Object.entries(from).map(([input, source]) =>
      [input, [originOf(source)]] as const
    );
    this.steps.push({
      ...{ id, name: id.replace(/\[.*/, ""), axes: {}, params: {}, seed: 1 },
      metrics: {},
      ...parts,
      origins: Object.fromEntries(origins),
      outputs: gives,
    });
    return this;
  }

  /** Leaves out all steps of a stage, as of a workflow that has none. */
  without(stage: string): this {
    const left = this.steps.filter((step) => step.stage !== stage);
    this.steps.splice(0, Infinity, ...left);
    return this;
  }

  stepsOf(stage: string): FigureStep[] {
    return this.steps.filter((step) =>
      step.stage === stage && Object.keys(step.outputs).length > 0
    );
  }

  value(step: string, output: string): Promise<unknown> {
    return Promise.resolve(this.contents.get(`${step}.${output}`));
  }

  items(step: string, output: string): FigureItems {
    return this.#itemsAt(`${step}.${output}`);
  }

  inputItems(id: string, input: string): FigureItems {
    const step = this.steps.find((each) => each.id === id)!;
    const origin = step.origins[input]![0]!;
    return this.#itemsAt(
      origin.from === "path" ? origin.path : `${origin.step}.${origin.output}`,
    );
  }

  #itemsAt(place: string): FigureItems {
    const folder = this.contents.get(place);
    if (!(folder instanceof Folder)) {
      throw new RangeError(`Cannot read "${place}": no such folder`);
    }
    const { items } = folder;
    return {
      ids: Object.keys(items).sort(),
      has: (id) => id in items,
      read: (id) => Promise.resolve(items[id]),
    };
  }
}

function originOf(source: string): FigureOrigin {
  if (source.startsWith("./")) return { from: "path", path: source };
  const [step, output] = source.split(/\.(?=[a-z_]+$)/);
  return { from: "step", step: step!, output: output!, part: null };
}
