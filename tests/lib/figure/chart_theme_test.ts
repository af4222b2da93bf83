import { ok, strictEqual } from "node:assert/strict";
import * as fc from "fast-check";
import { classAxis, classStepPx } from "../../../lib/figure/chart_axes.ts";
import {
  SERIES_COLOURS,
  seriesEncoding,
} from "../../../lib/figure/chart_theme.ts";
import { shortened, textWidthPx } from "../../../lib/figure/text_width.ts";

/** Relative luminance of WCAG 2.2. */
function luminance(colour: string): number {
  const [red, green, blue] = colour.match(/[0-9a-f]{2}/g)!
    .map((hex) => parseInt(hex, 16) / 255)
    .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high! + 0.05) / (low! + 0.05);
}

Deno.test("colours of series stand out from white and from a dark page", () => {
  for (const colour of SERIES_COLOURS) {
    for (const page of ["#ffffff", "#0d1117"]) {
      ok(contrast(colour, page) >= 3, `${colour} on ${page}`);
    }
  }
});

Deno.test("series are told apart by shape as well as by colour", () => {
  const series = [
    { name: "a", colour: "#0f75b5", shape: "circle", isHollow: true },
    { name: "b", colour: "#d55e00", shape: "square" },
  ];
  const { fill, stroke, shape } = seriesEncoding(series);
  strictEqual(fill.scale.range.join(), "transparent,#d55e00");
  strictEqual(stroke.scale.range.join(), "#0f75b5,#d55e00");
  strictEqual(shape.scale.range.join(), "circle,square");
});

Deno.test("seriesEncoding has no legend for a single series", () => {
  const one = { name: "a", colour: "#0f75b5", shape: "circle" };
  strictEqual(seriesEncoding([one]).fill.legend, null);
});

Deno.test("names of wide scripts get as much room as they need", () => {
  strictEqual(textWidthPx("猫", 10), 10);
  ok(textWidthPx("cat", 10) < 3 * 10);
});

Deno.test("class names slant where they would lie over each other", () => {
  fc.assert(fc.property(
    fc.array(fc.string({ maxLength: 30 }), { minLength: 1, maxLength: 30 }),
    (names) => {
      const isSlanted = classAxis(names).labelAngle !== 0;
      strictEqual(isSlanted, names.length >= 12);
      const widest = Math.max(...names.map((name) => textWidthPx(name)));
      ok(isSlanted || classStepPx(names) > widest);
    },
  ));
});

Deno.test("shortened fits, and keeps all that fits", () => {
  fc.assert(fc.property(
    fc.string({ unit: "grapheme", maxLength: 40 }),
    fc.integer({ min: 20, max: 300 }),
    (text, room) => {
      const short = shortened(text, room);
      ok(textWidthPx(short) <= room);
      strictEqual(short === text, textWidthPx(text) <= room);
    },
  ));
});
