/**
 * Figure 4 of [Song2019]: the attention maps that class-wise masking learns.
 *
 * @module
 */
import type { RgbImage } from "../image/image.ts";
import { VOC_PALETTE } from "../label/palette.ts";
import { gridOf } from "../predict/score_map.ts";
import { upsampledScores } from "../predict/upsample.ts";
import { inTableOrder, titleOf } from "../report/ablation_variants.ts";
import type { Figure } from "./figure.ts";
import type { FigureSource, FigureStep } from "./figure_source.ts";
import { HEAT_LEGEND, heatOver } from "./heat.ts";
import { LeftOut, readShown } from "./left_out.ts";
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
 * @param leftOut What is not shown; grows, see {@link readShown}.
 * @throws {RangeError} When boxes or a map are damaged.
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
  leftOut: LeftOut = new LeftOut(),
): Promise<Figure | null> {
  const attention = await attentionOf(run);
  const scene = attention && await sceneOf(run, attention, leftOut);
  if (scene === null) return null;
  const shown = (await Promise.all(
    scene.names.map((_, k) => shownClass(k + 1, scene)),
  )).filter((each) => each !== null).slice(0, MOST_CLASSES);
  if (shown.length === 0) return null;
  const { step } = scene;
  const { variant } = step.axes;
  const model = variant === undefined ? step.id : titleOf(variant);
  return await sheetFigure({
    id: "attention_maps",
    title: "Attention maps of the classes",
    caption: `Figure 4 of the paper: what the attention maps of ${model} ` +
      `(step ${step.id}) have learnt to let through, each beside the picture ` +
      "with a large box of its class, from 0, dark, to 1, yellow. Shown: " +
      shown.map(({ className, id }) => `${className} ${id}`).join(", ") + ".",
    alt: `Attention maps of ${model} over pictures of the classes ` +
      shown.map(({ className }) => className).join(", ") + ".",
    rows: rowsOf(shown.map(({ panels }) => panels)),
    legend: HEAT_LEGEND,
    panelPx: 128,
  });
}

/** The attention maps of a model, and the pictures that they are of. */
interface Scene extends Attention {
  readonly names: readonly string[];
  readonly images: TypedItems<RgbImage>;
  /** Of the pictures that there are maps and images of. */
  readonly boxes: ReadonlyMap<string, BoxesValue>;
}

/** Null when the pictures are no longer there, or nobody says their classes. */
async function sceneOf(
  run: FigureSource,
  { step, maps }: Attention,
  leftOut: LeftOut,
): Promise<Scene | null> {
  const boxes = readInputItems(run, { step, input: "boxes" }, BoxesValue);
  if (boxes === null) return null;
  const pictures = { step, input: "images", boxes, leftOut } as const;
  const images = readShown(run, PictureValue, pictures);
  const index = sourceOf(run, step, "boxes");
  const hasClasses = index !== null && "classes" in index.outputs;
  if (images === null || !hasClasses) return null;
  const ref = { step: index.id, output: "classes" };
  const names = await readValue(run, ref, ClassNamesValue);
  const known = new Map<string, BoxesValue>();
  for (const id of maps.ids) {
    if (images.has(id) && boxes.has(id)) known.set(id, await boxes.read(id));
  }
  return { step, maps, names, images, boxes: known };
}

/** A class's picture and its map; null when no picture has the class. */
async function shownClass(
  classId: number,
  { names, maps, images, boxes }: Scene,
): Promise<{ className: string; id: string; panels: Panel[] } | null> {
  const id = pictureOfClass(boxes, classId);
  if (id === null) return null;
  const image = await images.read(id);
  const map = await maps.read(id);
  if (classId >= map.classCount) return null;
  const { columns, rows } = gridOf(map);
  const size = columns * rows;
  const cells = map.data.subarray(classId * size, (classId + 1) * size);
  const { data: plane } = upsampledScores({
    ...map,
    classCount: 1,
    data: cells,
  });
  const outlines = boxes.get(id)!.boxes
    .filter((box) => box.classId === classId)
    .map((box) => ({ box, colour: VOC_PALETTE[classId]! }));
  const className = names[classId - 1]!;
  return {
    className,
    id,
    panels: [
      { image, title: className, outlines },
      { image: heatOver(image, plane), outlines },
    ],
  };
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
