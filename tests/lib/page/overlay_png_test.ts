import { deepStrictEqual } from "node:assert/strict";
import * as fc from "fast-check";
import { decodePng } from "../../../lib/image/png.ts";
import { encodeLabelMap } from "../../../lib/label/label_map_png.ts";
import {
  OVERLAY_HEAD_LENGTH,
  OVERLAY_PALETTE,
  overlayBase64,
} from "../../../lib/page/overlay_png.ts";

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
