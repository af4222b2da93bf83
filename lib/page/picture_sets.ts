/**
 * Which pictures a run is about, and the labels that its steps gave them.
 *
 * @module
 */
import type { PageItems, PageSource, PageStep } from "./page_source.ts";

/** Label maps of pictures of a set, by one step. */
export interface LabelLayer {
  /** Of file names: letters, digits, `-` and `_`. */
  readonly key: string;
  /** For people: `bcm, with CRF`. */
  readonly title: string;
  /** Of the step. */
  readonly step: string;
  readonly items: PageItems;
}

/** The pictures of one split of a data set. */
export interface PictureSet {
  /** Of file names, after the step that lists them. */
  readonly key: string;
  readonly title: string;
  /** By class id less 1. */
  readonly classes: readonly string[];
  /** Of the pictures that are shown, in their order. */
  readonly ids: readonly string[];
  /** Sizes and boxes, of others too. */
  readonly boxes: PageItems;
  /** Null when they are no longer where the run read them. */
  readonly pictures: PageItems | null;
  /** Null when there is none. */
  readonly truth: PageItems | null;
  readonly layers: readonly LabelLayer[];
  /** What could not be shown, for people. */
  readonly notes: readonly string[];
}

/** Stages whose `labels` are shown, those of boxes first. */
const LABELLING = [
  "draw_rectangle_labels",
  "propose_segments",
  "label_from_scores",
  "refine_with_crf",
];

/** Pictures of a set that are shown unless more are asked for: VOC's val. */
export const MOST_PICTURES = 1500;

/**
 * The sets of a run that have labels, those with most of them first. Of a step with several seeds those of
 * the first are shown, which a note says.
 *
 * @param most Pictures of a set; of more, as many are taken at even distances.
 * @throws {RangeError} Naming step and output, when one is damaged.
 *
 * @example
 * ```ts
 * import { pictureSets } from "./picture_sets.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const nothing = (): never => {
 *   throw new RangeError("no step");
 * };
 * const run = {
 *   stepsOf: () => [],
 *   value: nothing,
 *   items: nothing,
 *   inputItems: nothing,
 * };
 * deepStrictEqual(await pictureSets(run), []);
 * ```
 */
export async function pictureSets(
  run: Omit<PageSource, "record">,
  most = MOST_PICTURES,
): Promise<PictureSet[]> {
  const lists = run.stepsOf("index_voc")
    .map((step) => ({ step, boxes: run.items(step.id, "boxes") }));
  const shown = labelSteps(run).map((step) => ({
    step,
    items: run.items(step.id, "labels"),
  }));
  const homes = Map.groupBy(
    shown,
    ({ items }) => smallestHolding(lists, items.ids),
  );
  const sets: PictureSet[] = [];
  for (const list of lists) {
    const labelled = homes.get(list) ?? [];
    if (labelled.length > 0) {
      sets.push(await setOf(run, { list, labelled, most }));
    }
  }
  const keys = distinct(sets.map(({ key }) => key));
  return sets.map((set, i) => ({ ...set, key: keys[i]! }))
    .toSorted((a, b) => b.layers.length - a.layers.length);
}

interface List {
  readonly step: PageStep;
  readonly boxes: PageItems;
}

interface Labelled {
  readonly step: PageStep;
  readonly items: PageItems;
}

/** The list that has all ids and the fewest others. */
function smallestHolding(
  lists: readonly List[],
  ids: readonly string[],
): List | undefined {
  return lists.filter(({ boxes }) => ids.every((id) => boxes.has(id)))
    .toSorted((a, b) => a.boxes.ids.length - b.boxes.ids.length)[0];
}

/** Of expansions that differ in their seed alone, the first. */
function labelSteps(run: Omit<PageSource, "record">): PageStep[] {
  const steps = LABELLING.flatMap((stage) => run.stepsOf(stage));
  const alike = Map.groupBy(
    steps,
    ({ name, axes }) => JSON.stringify([name, { ...axes, seed: null }]),
  );
  return [...alike.values()].map(([first]) => first!);
}

async function setOf(
  run: Omit<PageSource, "record">,
  { list: { step, boxes }, labelled, most }: {
    list: List;
    labelled: readonly Labelled[];
    most: number;
  },
): Promise<PictureSet> {
  const { split } = step.params;
  const pictures = inputOf(run, step, "images");
  const truth = truthOf(run, { index: step, labelled });
  return {
    key: keyOf(step.id),
    title: typeof split === "string" ? split : step.id,
    classes: await run.value(step.id, "classes") as string[],
    ids: spread(boxes.ids, most),
    boxes,
    pictures: pictures.items,
    truth: truth.items,
    layers: layersOf(labelled),
    notes: [
      ...spreadNotes(boxes.ids.length, most),
      ...[pictures.note, truth.note].filter((note) => note !== null),
      ...seedNotes(run, labelled),
    ],
  };
}

/** At most so many items, at even distances. */
function spread<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items;
  return Array.from(
    { length: most },
    (_, i) => items[Math.floor(i * items.length / most)]!,
  );
}

function spreadNotes(count: number, most: number): string[] {
  if (count <= most) return [];
  return [
    `Of ${count} pictures ${most} are shown, at even distances; ` +
    "report --pictures shows more.",
  ];
}

/** An input's items, or why there are none. */
interface Found {
  readonly items: PageItems | null;
  readonly note: string | null;
}

function inputOf(
  run: Omit<PageSource, "record">,
  step: PageStep,
  input: string,
): Found {
  if ((step.origins[input] ?? []).length === 0) {
    return { items: null, note: null };
  }
  try {
    return { items: run.inputItems(step.id, input), note: null };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const note = `The ${input} that step ${step.id} read cannot be shown: ` +
      error.message;
    return { items: null, note };
  }
}

/** The ground truth that labels were scored by, else that the index checked. */
function truthOf(
  run: Omit<PageSource, "record">,
  { index, labelled }: { index: PageStep; labelled: readonly Labelled[] },
): Found {
  const ids = new Set(labelled.map(({ step }) => step.id));
  const scoring = run.stepsOf("score_labels").find(({ origins }) =>
    (origins["labels"] ?? []).some((ref) =>
      ref.from === "step" && ids.has(ref.step)
    )
  );
  return inputOf(run, scoring ?? index, "truth");
}

/** With and without the CRF of a variant side by side; keys are distinct. */
function layersOf(labelled: readonly Labelled[]): LabelLayer[] {
  const order = [...new Set(labelled.map(({ step }) => subjectOf(step)))];
  const rank = ({ step }: Labelled) => order.indexOf(subjectOf(step));
  const sorted = labelled.toSorted((a, b) => rank(a) - rank(b));
  const titles = sorted.map(({ step }) => titleOf(step));
  const keys = distinct(sorted.map(({ step }) => keyOf(step.id)));
  return sorted.map(({ step, items }, i) => ({
    key: keys[i]!,
    title: titles.indexOf(titles[i]!) === titles.lastIndexOf(titles[i]!)
      ? titles[i]!
      : step.id,
    step: step.id,
    items,
  }));
}

/** What was labelled with: the variant of a model, or the step. */
function subjectOf({ name, axes }: PageStep): string {
  const labels = Object.entries(axes).filter(([axis]) => axis !== "seed")
    .map(([, label]) => label);
  return labels.length > 0 ? labels.join(", ") : name;
}

function titleOf(step: PageStep): string {
  const subject = subjectOf(step);
  if (step.stage === "refine_with_crf") return `${subject}, with CRF`;
  return step.stage === "label_from_scores" ? `${subject}, no CRF` : subject;
}

function seedNotes(
  run: Omit<PageSource, "record">,
  labelled: readonly Labelled[],
): string[] {
  const shown = labelled.find(({ step }) => step.axes["seed"] !== undefined);
  if (shown === undefined) return [];
  const seeds = new Set(
    run.stepsOf(shown.step.stage).map(({ axes }) => axes["seed"]),
  );
  if (seeds.size < 2) return [];
  return [
    `Labels of models are those of seed ${shown.step.axes["seed"]}, ` +
    `of ${seeds.size} seeds.`,
  ];
}

/** An id in letters that every file system takes. */
function keyOf(id: string): string {
  return id.replaceAll(/[^A-Za-z0-9_]+/g, "-").replaceAll(/^-|-$/g, "");
}

/** Names that became equal, or nearly, are numbered. */
function distinct(names: readonly string[]): string[] {
  const seen = new Set<string>();
  return names.map((name, i) => {
    const free = seen.has(name.toLowerCase()) ? `${name}-${i}` : name;
    seen.add(free.toLowerCase());
    return free;
  });
}
