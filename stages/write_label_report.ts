/**
 * Stage `write_label_report`: the labels' quality and the filling rates, as a
 * page to read and as JSON.
 *
 *   in   rectangles     scores of the rectangle labels
 *   in   proposals      scores of the CRF proposals
 *   in   filling_rates  of classes and sub-classes
 *   out  report         Markdown
 *   out  summary        the same numbers as JSON
 *
 * @module
 */
import * as z from "zod";
import { labelReport } from "../lib/report/label_report.ts";
import { PAPER_FILLING_RATES } from "../lib/report/paper_filling_rates.ts";
import { defineStage, jsonKind } from "../pipeline/mod.ts";
import { FILLING_RATES, MARKDOWN, SCORES } from "./artifacts.ts";

const SUMMARY = jsonKind("label_summary", z.json());

/** Writes the report on labels. */
export const writeLabelReport = defineStage({
  name: "write_label_report",
  version: 1,
  module: import.meta.url,
  params: z.strictObject({
    title: z.string().default("Labels from boxes").describe("of the page"),
  }),
  inputs: {
    rectangles: SCORES,
    proposals: SCORES,
    filling_rates: FILLING_RATES,
  },
  outputs: { report: MARKDOWN, summary: SUMMARY },
  run({ params, inputs }) {
    const { rectangles, proposals, filling_rates: fillingRates } = inputs;
    const { title } = params;
    return {
      report: labelReport({ title, rectangles, proposals, fillingRates }),
      summary: {
        title,
        rectangles,
        proposals,
        fillingRates: fillingRates.map((rates) => ({
          ...rates,
          publishedRate: PAPER_FILLING_RATES.get(rates.className) ?? null,
        })),
      },
    };
  },
});
