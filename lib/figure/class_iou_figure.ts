/**
 * Table 4 of [Song2019]: IoU of each class.
 *
 * @module
 */
import type { TopLevelSpec } from "vega-lite";
import { titleOf } from "../report/ablation_variants.ts";
import { percent } from "../report/markdown_table.ts";
import { TABLE_4 } from "../report/paper_printed.ts";
import { spreadOf } from "../report/seed_statistics.ts";
import { chartFigure } from "./chart.ts";
import { classAxis, classStepPx } from "./chart_axes.ts";
import { OURS, PRINTED, seriesEncoding } from "./chart_theme.ts";
import type { Figure } from "./figure.ts";
import { isVoc, type ModelScores, networkOf } from "./model_scores.ts";
import { mainModel } from "./scored_models.ts";

const OWN = { name: "this run", colour: OURS, shape: "circle" };
const PAPER = { name: "printed", colour: PRINTED, shape: "diamond" };

/** IoU of each class of one variant, %. */
interface Panel {
  readonly title: string;
  /** Mean over seeds; null where a class is in neither truth nor labels. */
  readonly ours: readonly (number | null)[];
  readonly printed: readonly number[] | null;
}

/** A mark of the chart. */
interface ClassPoint {
  readonly panel: string;
  readonly className: string;
  readonly series: string;
  /** %. */
  readonly iou: number;
}

/**
 * IoU of each class of the models of Table 4, or of the run's main model, with
 * CRF where it was applied; beside them the printed ones where the classes are
 * VOC's and the network is not ResNet-101. Null when no model was scored.
 *
 * @example
 * ```ts
 * import { classIouFigure } from "./class_iou_figure.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(await classIouFigure([]), null);
 * ```
 */
export async function classIouFigure(
  models: readonly ModelScores[],
): Promise<Figure | null> {
  const main = mainModel(models);
  if (main === null) return null;
  const tabled = TABLE_4.rows.map(({ variant }) => variant)
    .filter((name) => models.some(({ variant }) => variant === name));
  const variants = tabled.length > 0 ? tabled : [main.variant];
  const { classes, imageCount } = models[0]!.value;
  const names = classes.map(({ className }) => className);
  const panels = variants.map((name) => panelOf(models, name));
  const hasPrinted = panels.some(({ printed }) => printed !== null);
  const points = panels.flatMap((panel) => pointsOf(panel, names));
  if (points.length === 0) return null;
  return await chartFigure({
    id: "table_4",
    title: "Table 4: IoU of each class",
    caption:
      `IoU of each class in % on ${imageCount} pictures, with CRF where ` +
      "there is one, mean over seeds" +
      (hasPrinted
        ? `; beside it ${TABLE_4.source}, whose row of BCM + FR-loss does not ` +
          "average to the mean that is printed with it."
        : ". The paper's Table 4 has no row of these classes, this network and " +
          "these variants, so nothing printed stands beside it."),
    alt: panels.map(({ title, ours }) =>
      `${title}, IoU in per cent: ` +
      names.map((name, c) => `${name} ${shown(ours[c]!)}`).join(", ")
    ).join(". ") + ".",
    table: {
      columns: ["%", ...names],
      rows: panels.flatMap(({ title, ours, printed }) => [
        [title, ...ours.map(shown)],
        ...(printed === null
          ? []
          : [[`printed: ${title}`, ...printed.map((iou) => iou.toFixed(1))]]),
      ]),
    },
    spec: panelSpec(points, {
      titles: panels.map(({ title }) => title),
      names,
    }),
  });
}

/** A panel for each variant, one above the other. */
function panelSpec(
  points: readonly ClassPoint[],
  { titles, names }: { titles: readonly string[]; names: readonly string[] },
): TopLevelSpec {
  const series = [OWN, PAPER].filter(({ name }) =>
    points.some((point) => point.series === name)
  );
  return {
    data: { values: [...points] },
    facet: {
      row: {
        field: "panel",
        type: "nominal",
        sort: [...titles],
        header: {
          title: null,
          labelAngle: 0,
          labelOrient: "top",
          labelAnchor: "start",
        },
      },
    },
    spec: {
      width: { step: classStepPx(names) },
      height: 130,
      encoding: {
        x: {
          field: "className",
          type: "nominal",
          sort: [...names],
          axis: classAxis(names),
        },
        y: {
          field: "iou",
          type: "quantitative",
          scale: { domain: [0, 100] },
          axis: { title: "IoU, %", values: [0, 25, 50, 75, 100] },
        },
        ...seriesEncoding(series),
      },
      mark: { type: "point", size: 80, opacity: 1, strokeWidth: 1.5 },
    },
  };
}

function shown(iou: number | null): string {
  return percent(iou === null ? null : iou / 100);
}

function panelOf(models: readonly ModelScores[], variant: string): Panel {
  const ofVariant = models.filter((model) => model.variant === variant);
  const refined = ofVariant.filter(({ hasCrf }) => hasCrf);
  const runs = refined.length > 0 ? refined : ofVariant;
  const ours = runs[0]!.value.classes.map((_, c) => {
    const ious = runs.flatMap(({ value }) => value.classes[c]?.iou ?? []);
    return ious.length === 0 ? null : 100 * spreadOf(ious).mean;
  });
  const isPapers = isVoc(runs[0]!.value) && networkOf(runs) !== "resnet101";
  const row = TABLE_4.rows.find((each) => each.variant === variant);
  const printed = isPapers && row !== undefined ? row.ious : null;
  return { title: titleOf(variant), ours, printed };
}

function pointsOf(
  { title, ours, printed }: Panel,
  names: readonly string[],
): ClassPoint[] {
  return names.flatMap((className, c) =>
    ([[PAPER.name, printed?.[c] ?? null], [OWN.name, ours[c]!]] as const)
      .flatMap(([series, iou]) =>
        iou === null ? [] : [{ panel: title, className, series, iou }]
      )
  );
}
