/** The forms of output, of one comparison that has nearly all there is. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { XMLParser } from "fast-xml-parser";
import {
  type ComparedSection,
  notComparable,
} from "../../../pipeline/compare/comparison.ts";
import { comparisonJson } from "../../../pipeline/compare/json_form.ts";
import { comparisonJunit } from "../../../pipeline/compare/junit_form.ts";
import { comparisonMarkdown } from "../../../pipeline/compare/markdown_form.ts";
import { comparisonText } from "../../../pipeline/compare/text_form.ts";
import { compared } from "./compared_runs.ts";
import { record, step } from "./run_records.ts";

const SECTION: ComparedSection = {
  id: "letters",
  title: "Letters",
  lines: ["Known of 1 text"],
  tables: [{
    title: "By text",
    head: ["text", "A"],
    rows: [["t0", "7"]],
    left: 3,
  }],
  data: { t0: 7 },
};

/** A run whose step is called by whatever name. */
function run(rate: number, mean: number, name = "fit") {
  return record([
    step({ id: "read", outputs: { texts: "t" }, metrics: { count: 4 } }),
    step({
      id: name,
      params: { rate },
      inputs: { texts: ["read.texts", "t"] },
      outputs: { model: String(rate) },
      metrics: { mean },
      seconds: 10 * rate,
    }),
  ], { params: { rate } });
}

const WORSE = await compared(
  [run(0.5, 0.8), run(0.25, 0.6)],
  "max_drop: { mean: 1, count: 0 }",
  { sections: () => Promise.resolve([SECTION]) },
);

Deno.test("the text begins with the verdict and says where the runs parted", () => {
  strictEqual(
    comparisonText(WORSE),
    `\
Regression: 1 of 2 checks failed
A: before (w, 2026-01-02T03:04:05.000Z, commit 0123456789ab)
B: after (w, 2026-01-02T03:04:05.000Z, commit 0123456789ab)
Policy: p.yaml

Failed checks
  rule      what  found
  max_drop  mean  fell by 20 points, 1 point allowed: 0.8 -> 0.6

== Where they parted
First parted: fit, as param rate 0.5 -> 0.25

== What differs in what was asked for

Params of the workflow
  param    A     B
  rate   0.5  0.25

Params of steps
  param  steps    A     B
  rate   fit    0.5  0.25

== Metrics
1 metric of 2 are the same

Metrics that moved
  metric    A    B  change  relative
  mean    0.8  0.6    -0.2     -25 %

== Letters
Known of 1 text

By text
  text  A
  t0    7
  and 3 more: --format json has all

== Artifacts
The outputs of 1 step are the same

Steps whose outputs differ
  step  why        outputs
  fit   of itself  model

== Timings
A took 5 s, B 2.5 s for 1 step
Computed once for both: 1 step

Steps, the largest change first
  step    A      B
  fit   5 s  2.5 s
`,
  );
});

Deno.test("Markdown has the verdict as its heading and folds what is long", () => {
  const text = comparisonMarkdown(WORSE);
  match(text, /^## Regression: 1 of 2 checks failed\n\n- A: before/);
  match(
    text,
    /\| `max_drop` \| `mean` \| `fell by 20 points, 1 point allowed: 0\.8 -> 0\.6` \|\n/,
  );
  match(text, /- First parted: fit, as param rate 0\.5 -&gt; 0\.25\n/);
  match(text, /<details><summary>Timings<\/summary>\n/);
  match(text, /_and 3 more: `--format json` has all_/);
});

/** What a stranger's export may try to have rendered. */
const EVIL =
  "fit<img src=x onerror=alert(1)>`|[a](https://x.y) @you \u001b[31m" +
  " www.x.y #1 GH-2\n::error::x";

Deno.test("names from an export are text in every form, never markup", async () => {
  const found = await compared(
    [run(0.5, 0.8, EVIL), run(0.25, 0.6, EVIL)],
    "max_drop: { mean: 1 }",
  );
  const text = comparisonText(found);
  ok(!text.includes("\u001b"), "no control characters on a terminal");
  ok(!/^ *::/m.test(text), "no line is an order to GitHub's runner");
  const markdown = comparisonMarkdown(found);
  const prose = markdown.split("\n").filter((line) => line.startsWith("- "));
  for (const line of prose) {
    ok(!/<img|[^\\]`|@you|[^\\]\]\(|:\/\/|www\.|#1|GH-/.test(line), line);
  }
  // Rows keep as many cells as their tables have heads.
  const rows = markdown.split("\n").filter((line) =>
    line.includes("onerror") && line.startsWith("|")
  );
  ok(rows.length > 0);
  for (const row of rows) {
    ok(!row.replaceAll(/`[^`]*`/g, "").includes("<"), row);
  }
  const xml = comparisonJunit(found);
  ok(!xml.includes("<img") && !xml.includes("\u001b"));
});

Deno.test("JUnit has a test case for each check", () => {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: "",
  });
  const { testsuites } = parser.parse(comparisonJunit(WORSE));
  deepStrictEqual(testsuites, {
    testsuite: {
      name: "compare",
      tests: "2",
      failures: "1",
      errors: "0",
      skipped: "0",
      time: "0",
      testcase: [
        { classname: "compare.max_drop", name: "count", time: "0" },
        {
          classname: "compare.max_drop",
          name: "mean",
          time: "0",
          failure: {
            message: "mean fell by 20 points, 1 point allowed: 0.8 -> 0.6",
            "#text": "A is before, B is after; first parted at fit: " +
              "param rate 0.5 -> 0.25",
          },
        },
      ],
    },
  });
});

Deno.test("JSON has all of it, a project's data by id", () => {
  const json = JSON.parse(comparisonJson(WORSE));
  strictEqual(json.verdict, "regression");
  deepStrictEqual(json.sections, { letters: { t0: 7 } });
  deepStrictEqual(json.firstParted.causes, [
    { what: "param", path: "rate", a: 0.5, b: 0.25 },
  ]);
  deepStrictEqual(json.metrics[1].relative.toFixed(6), "-0.250000");
});

Deno.test("what cannot be compared says why in every form", () => {
  const reason = 'Cannot read "x" as it must be <so>: it is not';
  const found = notComparable([reason]);
  strictEqual(comparisonText(found), `Not comparable\n${reason}\n`);
  strictEqual(
    comparisonMarkdown(found),
    `## Not comparable\n\n    ${reason}\n`,
  );
  deepStrictEqual(JSON.parse(comparisonJson(found)), {
    schema: 1,
    verdict: "not_comparable",
    reasons: [reason],
  });
  match(
    comparisonJunit(found),
    /errors="1"[^]*<error message="Cannot read &quot;x&quot; as it must be &lt;so&gt;: it is not"\/>/,
  );
});
