/** Records in which anything may stand anywhere: refused, or compared. */
import { ok } from "node:assert/strict";
import fc from "fast-check";
import {
  decodeManifest,
  encodeManifest,
  manifestOf,
} from "../../../pipeline/compare/manifest.ts";
import { UnreadableRun } from "../../../pipeline/compare/unreadable_run.ts";
import { comparisonJson } from "../../../pipeline/compare/json_form.ts";
import { comparisonJunit } from "../../../pipeline/compare/junit_form.ts";
import { comparisonMarkdown } from "../../../pipeline/compare/markdown_form.ts";
import { comparisonText } from "../../../pipeline/compare/text_form.ts";
import type { RunRecord } from "../../../pipeline/run/run_record.ts";
import { compared } from "./compared_runs.ts";
import { record, step } from "./run_records.ts";

const PLAIN = record([
  step({
    id: "read",
    inputs: { file: ["./mine", "x"] },
    outputs: { out: "1" },
    metrics: { count: 3 },
  }),
  step({
    id: "fit[seed=1]",
    params: { by: { rate: 0.5 } },
    inputs: { in: ["read.out", "1"] },
    outputs: { out: "2" },
    metrics: { mean: 0.5 },
  }),
]);

/** Paths to all values of a JSON value. */
function pathsOf(value: unknown): string[][] {
  if (typeof value !== "object" || value === null) return [[]];
  const inner = Object.entries(value).flatMap(([key, each]) =>
    pathsOf(each).map((path) => [key, ...path])
  );
  return [[], ...inner];
}

/** A value with another one at a path. */
function withAt(
  value: unknown,
  path: readonly string[],
  put: unknown,
): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return put;
  const copy: Record<string, unknown> = Array.isArray(value)
    ? [...value] as never
    : { ...(value as object) };
  copy[key] = withAt(copy[key], rest, put);
  return copy;
}

const ODD = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom("", "__proto__", "../..", "\u001b[31m", "<b>|`", -1, 1e300),
  fc.constant("constructor"),
);

Deno.test("a record with anything anywhere is refused in one sentence, or compared", async () => {
  const seen = { refused: 0, compared: 0 };
  const place = fc.constantFrom(...pathsOf(PLAIN));
  await fc.assert(
    fc.asyncProperty(place, ODD, async (path, put) => {
      const odd = withAt(PLAIN, path, put) as RunRecord;
      let read: RunRecord;
      try {
        const bytes = encodeManifest(manifestOf(odd, []));
        read = decodeManifest(bytes, { path: "m.json" }).record;
      } catch (error) {
        ok(error instanceof UnreadableRun, String(error));
        ok(error.message.startsWith('Cannot read "m.json" as its manifest '));
        seen.refused++;
        return;
      }
      for (const pair of [[PLAIN, read], [read, PLAIN]] as const) {
        const found = await compared(pair, 'max_drop: { "*": 1 }');
        ok(!comparisonText(found).includes("\u001b"));
        // What is indented is code, in which nothing is markup.
        const markup = comparisonMarkdown(found).replaceAll(/^ {4}.*$/gm, "");
        ok(!markup.includes("<b>|"), markup);
        comparisonJunit(found);
        JSON.parse(comparisonJson(found));
      }
      seen.compared++;
    }),
    { numRuns: 1500 },
  );
  ok(seen.refused > 100 && seen.compared > 100, JSON.stringify(seen));
});
