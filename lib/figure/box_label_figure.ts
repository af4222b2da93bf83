/**
 * Figure 2 of [Song2019]: boxes, the labels made from them, and how much of the
 * boxes these fill.
 *
 * @module
 */
import { overlayLabels } from "../image/montage.ts";
import { VOC_PALETTE } from "../label/palette.ts";
import { percent } from "../report/markdown_table.ts";
import { rectangleLabels } from "../weak/rectangle_labels.ts";
import type { Figure } from "./figure.ts";
import { measuredShares } from "./measured_shares.ts";
import type { LabelledPictures } from "./picture_sets.ts";
import { sheetFigure, type SheetRow } from "./picture_sheet.ts";
import { picturesOfSeveral } from "./telling_pictures.ts";

/** Rows of the figure. */
const PICTURES = 4;

const LOOK = { palette: VOC_PALETTE, opacity: 0.65 };

/**
 * Some pictures with their boxes, rectangle labels and proposals; null when no
 * picture has a box.
 *
 * @param overlap Of the rectangle labels.
 * @throws {RangeError} When a picture or a proposal is damaged.
 *
 * @example
 * ```ts
 * import { boxLabelFigure } from "./box_label_figure.ts";
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
 * strictEqual(await boxLabelFigure(pictures, "smaller"), null);
 * ```
 */
export async function boxLabelFigure(
  pictures: LabelledPictures,
  overlap: "smaller" | "larger" | "void",
): Promise<Figure | null> {
  const ids = picturesOfSeveral(pictures.boxes, PICTURES);
  if (ids.length === 0) return null;
  const rows = await Promise.all(
    ids.map((id) => rowOf(id, pictures, overlap)),
  );
  const classIds = [
    ...new Set(
      ids.flatMap((id) =>
        pictures.boxes.get(id)!.boxes.map(({ classId }) => classId)
      ),
    ),
  ].toSorted((a, b) => a - b);
  return await sheetFigure({
    id: "box_labels",
    title: "Boxes and the labels made from them",
    caption:
      "Figure 2 of the paper: pictures with their boxes, the rectangle " +
      "labels and the proposals (step " +
      `${pictures.proposing?.id ?? "none"}), with the share of each box that ` +
      "its class fills; in the key the mean of the class, its filling rate " +
      `(step ${pictures.step.id}). Shown are pictures with several classes ` +
      `and large boxes: ${ids.join(", ")}.`,
    alt: `${ids.length} pictures, each with its boxes, rectangle labels and ` +
      "proposals. " + rows.map(({ told }) => told).join("; ") + ".",
    columns: ["boxes", "rectangle labels", "proposals, share of the box"],
    rows: rows.map(({ row }) => row),
    legend: classIds.map((classId) => {
      const { className, fillingRate } = pictures.rates[classId - 1]!;
      return {
        name: `${className} (mean ${percent(fillingRate)} %)`,
        colour: VOC_PALETTE[classId]!,
      };
    }),
    panelPx: 210,
  });
}

async function rowOf(
  id: string,
  pictures: LabelledPictures,
  overlap: "smaller" | "larger" | "void",
): Promise<{ row: SheetRow; told: string }> {
  const image = await pictures.images.read(id);
  const proposal = await pictures.proposals.read(id);
  const { boxes } = pictures.boxes.get(id)!;
  const shares = measuredShares(pictures, { id, proposal });
  const { labels } = rectangleLabels(boxes, image, { overlap });
  const nameOf = (classId: number) => pictures.rates[classId - 1]!.className;
  const outlines = (words: (i: number) => string) =>
    boxes.map((box, i) => ({
      box,
      colour: VOC_PALETTE[box.classId]!,
      text: words(i),
    }));
  const named = outlines((i) => nameOf(boxes[i]!.classId));
  const filled = outlines((i) =>
    `${nameOf(boxes[i]!.classId)} ${percent(shares[i]!)} %`
  );
  return {
    row: {
      panels: [
        { image, outlines: named },
        { image: overlayLabels(image, labels, LOOK) },
        { image: overlayLabels(image, proposal, LOOK), outlines: filled },
      ],
    },
    told: `${id}: ${filled.map(({ text }) => text).join(", ")}`,
  };
}
