/**
 * A comparison as JUnit XML: one test case for each check of the policy.
 *
 * @module
 */
import { XMLBuilder } from "fast-xml-parser";
import { escapeControls } from "../workflow/wording.ts";
import type { Comparison, NotComparable } from "./comparison.ts";
import { describeCauses } from "./comparison_page.ts";

const BUILDER = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: "@",
  format: true,
  suppressEmptyNode: true,
});

/** As the XML that CI systems read test results from. */
export function comparisonJunit(of: Comparison | NotComparable): string {
  const cases = of.verdict === "not_comparable"
    ? [errorCase(of.reasons)]
    : of.checks.map((check) => ({
      "@classname": text(`compare.${check.rule}`),
      "@name": text(check.subject),
      "@time": "0",
      ...(check.passed ? {} : {
        failure: {
          "@message": text(`${check.subject} ${check.message}`),
          "#text": text(failureText(of)),
        },
      }),
    }));
  const failures = cases.filter((each) => "failure" in each).length;
  const errors = cases.filter((each) => "error" in each).length;
  const suite = {
    "@name": "compare",
    "@tests": String(cases.length),
    "@failures": String(failures),
    "@errors": String(errors),
    "@skipped": "0",
    "@time": "0",
    testcase: cases,
  };
  return '<?xml version="1.0" encoding="UTF-8"?>\n' +
    BUILDER.build({ testsuites: { testsuite: suite } });
}

function errorCase(reasons: readonly string[]) {
  const message = reasons.join("\n");
  return {
    "@classname": "compare",
    "@name": "runs are comparable",
    "@time": "0",
    error: { "@message": text(message) },
  };
}

function failureText({ a, b, firstParted }: Comparison): string {
  const parted = firstParted === null
    ? "their outputs are the same"
    : `first parted at ${firstParted.step}: ${describeCauses(firstParted)}`;
  return `A is ${a.named}, B is ${b.named}; ${parted}`;
}

/** XML has no place for control characters, not even escaped. */
function text(value: string): string {
  const lines = value.split("\n").map(escapeControls).join("\n");
  return lines.toWellFormed().replaceAll(/[\uFFFE\uFFFF]/g, "\uFFFD");
}
