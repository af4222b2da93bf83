/**
 * Figure 4 of [Song2019]: the attention maps that class-wise masking learns.
 *
 * @module
 */
import { VOC_PALETTE } from "../label/palette.ts";
import { upsampledScores } from "../predict/upsample.ts";
import { inTableOrder, titleOf } from "../report/ablation_variants.ts";
import type { Figure } from "./figure.ts";
import type { FigureSource, FigureStep } from "./figure_source.ts";
import { HEAT_LEGEND, heatOver } from "./heat.ts";
import { type Panel, sheetFigure } from "./picture_sheet.ts";
import {
  readInputItems,
  readItems,
  readValue,
  type TypedItems,
} from "./run_data.ts";
import {
  BoxesValue,
  ClassNamesValue,
  PictureValue,
  ScoreMapValue,
} from "./run_values.ts";
import { sourceOf } from "./scored_models.ts";
import { pictureOfClass } from "./telling_pictures.ts";

/** Classes side by side, each with a picture and a map. */
const CLASSES_A_ROW = 3;

/** Of data sets with more the first are shown. */
const MOST_CLASSES = 24;

/** The paper's whole method first. */
const PREFERRED = ["bcm_fr_refine", "bcm", "semi", "box_only", "cm"];

/** The attention maps of a model. */
interface Attention {
  readonly step: FigureStep;
  readonly maps: TypedItems<ScoreMapValue>;
}

/**
 * For each class a picture of it and its map; null when no model has a map for
 * each class.
 *
 * @throws {RangeError} When a picture, boxes or a map are damaged.
 *
 * @example
 * ```ts
 * import { attentionFigure } from "./attention_figure.ts";
 * import { strictEqual } from "node:assert";
 *
 * const nothing = (): never => {
 *   throw new RangeError("no step");
 * };
 * const run = {
 *   record: { workflow: "empty", steps: [] },
 *   stepsOf: () => [],
 *   value: nothing,
 *   items: nothing,
 *   inputItems: nothing,
 * };
 * strictEqual(await attentionFigure(run), null);
 * ```
 */
export async function attentionFigure(
  run: FigureSource,
): Promise<Figure | null> {
  const attention = await attentionOf(run);
  if (attention === null) return null;
  const { step, maps } = attention;
  const images = readInputItems(run, { step, input: "images" }, PictureValue);
  const boxes = readInputItems(run, { step, input: "boxes" }, BoxesValue);
  const index = sourceOf(run, step, "boxes");
  const hasClasses = index !== null && "classes" in index.outputs;
  if (images === null || boxes === null || !hasClasses) return null;
  const names = await readValue(
    run,
    { step: index.id, output: "classes" },
    ClassNamesValue,
  );
  const known = new Map<string, BoxesValue>();
  for (const id of maps.ids) {
    if (images.has(id) && boxes.has(id)) known.set(id, await boxes.read(id));
  }
  const shown: { className: string; id: string; panels: Panel[] }[] = [];
  for (const [k, className] of names.entries()) {
    const classId = k + 1;
    const id = pictureOfClass(known, classId);
    if (id === null || shown.length === MOST_CLASSES) continue;
    const image = await images.read(id);
    const planes = upsampledScores(await maps.read(id));
    const size = image.width * image.height;
    if (classId >= planes.labelCount) continue;
    const plane = planes.data.subarray(classId * size, (classId + 1) * size);
    const outlines = known.get(id)!.boxes
      .filter((box) => box.classId === classId)
      .map((box) => ({ box, colour: VOC_PALETTE[classId]! }));
    shown.push({
      className,
      id,
      panels: [
        { image, title: className, outlines },
        { image: heatOver(image, plane), outlines },
      ],
    });
  }
  if (shown.length === 0) return null;
  const { variant } = step.axes;
  const model = variant === undefined ? step.id : titleOf(variant);
  return await sheetFigure({
    id: "attention_maps",
    title: "Attention maps of the classes",
    caption: `Figure 4 of the paper: what the attention maps of ${model} ` +
      `(step ${step.id}) have learnt to let through, each beside the picture ` +
      "with the largest box of its class, from 0, dark, to 1, yellow. Shown: " +
      shown.map(({ className, id }) => `${className} ${id}`).join(", ") + ".",
    alt: `Attention maps of ${model} over pictures of the classes ` +
      shown.map(({ className }) => className).join(", ") + ".",
    rows: rowsOf(shown.map(({ panels }) => panels)),
    legend: HEAT_LEGEND,
    panelPx: 128,
  });
}

/** Of the preferred model, the first seed's. */
async function attentionOf(run: FigureSource): Promise<Attention | null> {
  const steps = run.stepsOf("predict_attention");
  const variants = inTableOrder(
    steps.map(({ axes }) => axes.variant ?? ""),
  );
  const order = [...PREFERRED, ...variants];
  const ranked = steps.toSorted((a, b) =>
    order.indexOf(a.axes.variant ?? "") - order.indexOf(b.axes.variant ?? "")
  );
  for (const step of ranked) {
    const ref = { step: step.id, output: "maps" };
    const maps = readItems(run, ref, ScoreMapValue);
    const [first] = maps.ids;
    if (first === undefined) continue;
    const { classCount } = await maps.read(first);
    // One map for all classes is not of a class.
    if (classCount > 1) return { step, maps };
  }
  return null;
}

function rowsOf(pairs: readonly Panel[][]) {
  const rows = Math.ceil(pairs.length / CLASSES_A_ROW);
  return Array.from({ length: rows }, (_, i) => ({
    panels: pairs.slice(i * CLASSES_A_ROW, (i + 1) * CLASSES_A_ROW).flat(),
  }));
}
