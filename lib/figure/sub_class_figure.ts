/**
 * Figure 3 of [Song2019]: boxes of the sub-classes of a class, which are filled
 * unlike.
 *
 * @module
 */
import { type Box, boxArea } from "../geometry/box.ts";
import { overlayLabels } from "../image/montage.ts";
import { VOC_PALETTE } from "../label/palette.ts";
import { percent } from "../report/markdown_table.ts";
import { cutOutClass, cutOutImage } from "./cut_out.ts";
import type { Figure } from "./figure.ts";
import { measuredShares } from "./measured_shares.ts";
import type { LabelledPictures } from "./picture_sets.ts";
import { type Panel, sheetFigure, type SheetRow } from "./picture_sheet.ts";
import { evenly } from "./telling_pictures.ts";

/** Rows of the figure: those classes with the most boxes. */
const CLASSES = 8;
/** Of each class those with the most boxes; the paper has three. */
const SUB_CLASSES = 4;
/** Boxes shown of a sub-class. */
const SHOWN = 3;
/** Of which they are chosen: to measure all would take minutes on VOC. */
const CANDIDATES = 12;
/** Smaller boxes show little, and are shown where there are no others. */
const LEAST_AREA_PX = 400;

const LOOK = { palette: VOC_PALETTE, opacity: 0.6 };

/** A box and where it is. */
interface PlacedBox {
  readonly id: string;
  readonly box: Box;
  readonly index: number;
}

/**
 * Cut-out boxes of each sub-class with their proposals; null when boxes were
 * not told apart.
 *
 * @throws {RangeError} When a picture or a proposal is damaged.
 *
 * @example
 * ```ts
 * import { subClassFigure } from "./sub_class_figure.ts";
 * import { strictEqual } from "node:assert";
 *
 * const items = { ids: [], has: () => false, read: () => Promise.reject() };
 * const step = {
 *   id: "a", name: "a", axes: {}, stage: "s", params: {}, seed: 1,
 *   origins: {}, outputs: {}, metrics: {},
 * };
 * const pictures = {
 *   ids: [], images: items, boxes: new Map(), proposals: items, rates: [],
 *   subClasses: null, step, proposing: null,
 * };
 * strictEqual(await subClassFigure(pictures), null);
 * ```
 */
export async function subClassFigure(
  pictures: LabelledPictures,
): Promise<Figure | null> {
  const { rates, step } = pictures;
  if (pictures.subClasses === null) return null;
  const shown = rates.map((of, k) => ({ ...of, classId: k + 1 }))
    .filter(({ subClasses }) => subClasses.length > 0)
    .toSorted((a, b) => b.boxCount - a.boxCount).slice(0, CLASSES)
    .toSorted((a, b) => a.classId - b.classId);
  const placed = placedBoxes(pictures);
  const rows: SheetRow[] = [];
  for (const { className, classId, subClasses, fillingRate } of shown) {
    const groups = await Promise.all(
      largest(subClasses).map(({ boxCount, fillingRate: rate, s }) => {
        const name = `${percent(rate)} % (${boxCount})`;
        const ofGroup = placed.get(`${classId} ${s}`) ?? [];
        return panelsOf(ofGroup, { pictures, rate, name });
      }),
    );
    rows.push({
      title: `${className}, filling rate ${percent(fillingRate)} %`,
      panels: groups.flat(),
    });
  }
  if (rows.every(({ panels }) => panels.every((panel) => panel === null))) {
    return null;
  }
  return await sheetFigure({
    id: "sub_classes",
    title: "Sub-classes of boxes",
    caption: "Figure 3 of the paper: boxes of each sub-class of a class with " +
      "their proposals, headed by the sub-class's filling rate and how many " +
      `boxes it has (step ${step.id}). Shown are the ${rows.length} classes ` +
      `with the most boxes, of each at most ${SUB_CLASSES} sub-classes, of ` +
      `each of these ${SHOWN} boxes that are filled as its mean is, of ` +
      `${CANDIDATES} at even distances.`,
    alt: "Cut-out boxes by sub-class. " + shown.map((it) =>
      `${it.className}: sub-classes filled ` +
      it.subClasses.map((one) =>
        `${percent(one.fillingRate)} %`
      ).join(", ")
    ).join("; ") + ".",
    rows,
    panelPx: 84,
  });
}

/** In the order of their numbers `s`. */
function largest<T extends { boxCount: number }>(subClasses: readonly T[]) {
  return subClasses.map((of, s) => ({ ...of, s }))
    .toSorted((a, b) => b.boxCount - a.boxCount).slice(0, SUB_CLASSES)
    .toSorted((a, b) => a.s - b.s);
}

/** The boxes that may be shown, by class and sub-class, in the order of pictures. */
function placedBoxes(
  { ids, boxes, subClasses }: LabelledPictures,
): Map<string, PlacedBox[]> {
  const placed = ids.flatMap((id) =>
    boxes.get(id)!.boxes.map((box, index) => ({ id, box, index }))
  );
  const groups = Map.groupBy(
    placed,
    ({ id, box, index }) => `${box.classId} ${subClasses?.[id]?.[index]}`,
  );
  return new Map(
    [...groups].map(([name, group]) => {
      const large = group.filter(({ box }) => boxArea(box) >= LEAST_AREA_PX);
      return [name, large.length > 0 ? large : group];
    }),
  );
}

/** As many panels for every sub-class; what is missing stays empty. */
async function panelsOf(
  placed: readonly PlacedBox[],
  { pictures, rate, name }: {
    pictures: LabelledPictures;
    rate: number | null;
    name: string;
  },
): Promise<(Panel | null)[]> {
  const measured = await Promise.all(
    evenly(placed, CANDIDATES).map(async (it) => {
      const proposal = await pictures.proposals.read(it.id);
      const shares = measuredShares(pictures, { id: it.id, proposal });
      const share = shares[it.index];
      return { ...it, proposal, distance: Math.abs(share! - (rate ?? 0)) };
    }),
  );
  const nearest = measured.toSorted((a, b) => a.distance - b.distance);
  return await Promise.all(
    Array.from({ length: SHOWN }, async (_, i) => {
      const it = nearest[i];
      if (it === undefined) return null;
      const image = cutOutImage(await pictures.images.read(it.id), it.box);
      const mask = cutOutClass(it.proposal, it.box);
      const shown = overlayLabels(image, mask, LOOK);
      return i === 0 ? { image: shown, title: name } : { image: shown };
    }),
  );
}
