import {
  deepStrictEqual,
  match,
  strictEqual,
  throws,
} from "node:assert/strict";
import * as fc from "fast-check";
import { decodePng } from "../../../lib/image/png.ts";
import { encodeLabelMap } from "../../../lib/label/label_map_png.ts";
import { layOutGraph } from "../../../lib/page/graph_layout.ts";
import { markdownHtml } from "../../../lib/page/markdown_html.ts";
import {
  OVERLAY_HEAD_LENGTH,
  OVERLAY_PALETTE,
  overlayBase64,
} from "../../../lib/page/overlay_png.ts";
import { joinModules, pageScript } from "../../../lib/page/page_script.ts";
import { fittedSize, shrinkImage } from "../../../lib/page/thumbnail.ts";

Deno.test("layOutGraph leaves out the lines that others imply", () => {
  const { edges } = layOutGraph([
    { name: "draw", after: [] },
    { name: "index", after: ["draw"] },
    { name: "train", after: ["draw", "index"] },
    { name: "score", after: ["draw", "train", "elsewhere"] },
  ]);
  deepStrictEqual(edges.map(({ from, to }) => `${from} → ${to}`), [
    "draw → index",
    "index → train",
    "train → score",
  ]);
});

Deno.test("layOutGraph puts every step below those that feed it, and none upon another", () => {
  const graphs = fc.array(fc.nat({ max: 7 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(graphs, (feeders) => {
      const steps = feeders.map((feeder, i) => ({
        name: `s${i}`,
        after: feeder < i ? [`s${feeder}`] : [],
      }));
      const { nodes, edges } = layOutGraph(steps);
      const y = new Map(nodes.map((node) => [node.name, node.y]));
      const places = new Set(nodes.map(({ x, y }) => `${x} ${y}`));
      return places.size === nodes.length &&
        edges.every(({ from, to }) => y.get(from)! < y.get(to)!);
    }),
    { numRuns: 50 },
  );
});

Deno.test("markdownHtml shows HTML as text and runs no address", () => {
  const html = markdownHtml(
    "<script>x</script> [a](javascript:x) ![b](http://x/y.png)",
    "a",
  );
  strictEqual(
    html,
    "<p>&lt;script&gt;x&lt;/script&gt; [a](javascript:x) " +
      '!<a href="http://x/y.png">b</a></p>\n',
  );
});

Deno.test("markdownHtml marks columns of numbers without a style", () => {
  const html = markdownHtml("| a | % |\n| --- | ---: |\n| b | 1 |", 'x"y');
  match(html, /aria-label="Table: x&quot;y"><table>/);
  match(
    html,
    /<th scope="col">a<\/th>\n<th scope="col" class="number">%<\/th>/,
  );
  match(html, /<td>b<\/td>\n<td class="number">1<\/td>/);
});

Deno.test("overlayBase64 keeps all labels of any size, background clear", () => {
  const maps = fc.record({
    width: fc.integer({ min: 1, max: 40 }),
    height: fc.integer({ min: 1, max: 9 }),
  }).chain((size) =>
    fc.uint8Array({
      minLength: size.width * size.height,
      maxLength: size.width * size.height,
    }).map((data) => ({ ...size, data }))
  );
  fc.assert(fc.property(maps, (labels) => {
    const text = overlayBase64(encodeLabelMap(labels), "a.png");
    const png = Uint8Array.fromBase64(
      text.slice(0, OVERLAY_HEAD_LENGTH) + OVERLAY_PALETTE +
        text.slice(OVERLAY_HEAD_LENGTH),
    );
    const { width, height, data } = decodePng(png, "a.png");
    deepStrictEqual({ width, height, data }, labels);
  }));
});

Deno.test("shrinkImage keeps the mean of a picture whose parts are equal", () => {
  const data = Uint8Array.from({ length: 4 * 2 * 3 }, (_, i) => i * 10);
  const { width, height } = fittedSize({ width: 4, height: 2 }, 2);
  const small = shrinkImage({ width: 4, height: 2, data }, { width, height });
  // Means of the left and the right half, sample by sample.
  deepStrictEqual([...small.data], [75, 85, 95, 135, 145, 155]);
  throws(() => shrinkImage(small, { width: 4, height: 1 }), {
    message: "Cannot shrink a picture of 2 × 1 px as its new size must be " +
      "from 1 × 1 px to its own: 4 × 1",
  });
});

Deno.test("the page's script has no module left in it, and keeps types that end no comment", () => {
  const script = pageScript();
  strictEqual(/^\s*(import|export)\b/m.exec(script), null);
  const joined = joinModules([
    "/** a\n * b\n */\nexport const a = /** @type {any} */ (1);\n",
  ]);
  strictEqual(
    joined,
    '(() => {\n"use strict";\nconst a = /** @type {any} */ (1);\n})();\n',
  );
});
