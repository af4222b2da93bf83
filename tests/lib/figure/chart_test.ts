import {
  deepStrictEqual,
  match,
  ok,
  rejects,
  strictEqual,
} from "node:assert/strict";
import { type Chart, chartFigure } from "../../../lib/figure/chart.ts";
import { nodesOf, textsOf } from "./svg_text.ts";

/** A chart of bars with heights, clipped so that Vega makes clip paths. */
function bars(heights: Readonly<Record<string, number>>): Chart {
  const values = Object.entries(heights)
    .map(([name, height]) => ({ name, height }));
  return {
    id: "bars",
    title: "Bars",
    caption: "Bars.",
    alt: "Bars.",
    table: { columns: ["bar"], rows: [] },
    spec: {
      data: { values },
      mark: { type: "bar", clip: true },
      width: 100,
      height: 100,
      encoding: {
        x: { field: "name", type: "nominal" },
        y: {
          field: "height",
          type: "quantitative",
          scale: { domain: [0, 10] },
        },
      },
    },
  };
}

/** Heights of the bars, px of 100. */
function barHeights(svg: string): number[] {
  return nodesOf(svg).flatMap(({ name, attributes }) => {
    const path = /^M[\d.]+,[\d.]+h[\d.]+v([\d.]+)h-[\d.]+Z$/
      .exec(attributes.d ?? "");
    const isBar = name === "path" && attributes.class === undefined;
    return isBar && path ? [Number(path[1])] : [];
  });
}

Deno.test("chartFigure draws the numbers it is given", async () => {
  const { svg } = await chartFigure(bars({ low: 2, high: 7 }));
  deepStrictEqual(barHeights(svg), [20, 70]);
});

Deno.test("chartFigure numbers Vega's clip paths anew in each figure", async () => {
  const first = await chartFigure(bars({ a: 1 }));
  await chartFigure(bars({ other: 3 }));
  strictEqual((await chartFigure(bars({ a: 1 }))).svg, first.svg);
  const ids = nodesOf(first.svg).flatMap(({ attributes }) =>
    attributes.id ?? []
  );
  ok(ids.length === 4);
  ok(ids.every((id) => /^fig-bars-[0-9a-f]{8}(-title|-desc|-0)?$/.test(id)));
  const clips = nodesOf(first.svg).flatMap(({ attributes }) =>
    attributes["clip-path"] ?? []
  );
  ok(clips.length > 0);
  ok(clips.every((clip) => ids.includes(/^url\(#(.*)\)$/.exec(clip)![1]!)));
});

Deno.test("chartFigure leaves names alone that look like Vega's ids", async () => {
  const name = 'url(#clip1) id="clip1" <g id="clip2">';
  const { svg } = await chartFigure(bars({ [name]: 1 }));
  ok(textsOf(svg).includes(name));
});

Deno.test("chartFigure takes no data from elsewhere", async () => {
  const chart = bars({});
  const spec = { ...chart.spec, data: { url: "data.json" } } as Chart["spec"];
  await rejects(chartFigure({ ...chart, spec }), {
    name: "RangeError",
    message: "Cannot draw a chart as all its data must be in it: it asks for " +
      '"data.json"',
  });
});

Deno.test("a chart that Vega fails at is a bug, and is told", async () => {
  const chart = bars({ a: 1 });
  const transform = [{ calculate: "datum.name.missing.at", as: "at" }];
  const spec = { ...chart.spec, transform } as Chart["spec"];
  await rejects(chartFigure({ ...chart, spec }), {
    message: /^Internal error: chart "bars": TypeError: /,
  });
});

Deno.test("charts are drawn where nothing may be evaluated", async () => {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--no-check",
      "--v8-flags=--disallow-code-generation-from-strings",
      "tests/lib/figure/without_eval.ts",
    ],
    env: { NO_COLOR: "1" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  strictEqual(code, 0, text(stderr));
  match(text(stdout), /^<svg$/m);
});
