import { deepStrictEqual, throws } from "node:assert/strict";
import {
  addAttention,
  type AttendedPicture,
  attentionShares,
  emptyAttentionCounts,
} from "../../../lib/metric/attention_overlap.ts";
import { box } from "../../drawings.ts";

/** Maps of one row of cells, 8 px apart; a digit is tenths of the map there. */
function picture(
  rows: readonly string[],
  boxes: AttendedPicture["boxes"],
): AttendedPicture {
  const size = { width: 8 * rows[0]!.length - 7, height: 1, outputStride: 8 };
  const data = Float32Array.from(rows.join(""), (sign) => Number(sign) / 10);
  const maps = { ...size, classCount: rows.length, data };
  return { imageId: "a", maps, boxes };
}

/** What some pictures come to, map by map; levels in whole tenths. */
function shares(mapCount: number, ...pictures: AttendedPicture[]) {
  const counts = Array.from({ length: mapCount }, emptyAttentionCounts);
  for (const each of pictures) addAttention(counts, each);
  const tenths = (level: number | null) =>
    level === null ? null : Math.round(10 * level);
  return counts.map(attentionShares).map(({ inside, outside, ...of }) => (
    { ...of, inside: tenths(inside), outside: tenths(outside) }
  ));
}

Deno.test("addAttention compares each class's map with the boxes of that class", () => {
  const boxes = [box(1, 0, 0, 9, 1), box(2, 24, 0, 25, 1)];
  // Background's map is not looked at; half open is not open.
  deepStrictEqual(shares(2, picture(["0000", "9593", "1119"], boxes)), [
    { iou: 1 / 3, openIou: 2 / 4, inside: 7, outside: 6 },
    { iou: 1, openIou: 1 / 4, inside: 9, outside: 1 },
  ]);
});

Deno.test("addAttention gives a cell to the smallest box on it", () => {
  const boxes = [box(1, 0, 0, 25, 1), box(2, 8, 0, 9, 1)];
  deepStrictEqual(shares(2, picture(["0000", "9999", "0900"], boxes)), [
    { iou: 3 / 4, openIou: 3 / 4, inside: 9, outside: 9 },
    { iou: 1, openIou: 1 / 4, inside: 9, outside: 0 },
  ]);
});

Deno.test("addAttention counts overlap only where the class is, levels everywhere", () => {
  const with1 = picture(["00", "91"], [box(1, 0, 0, 1, 1)]);
  const without = picture(["00", "99"], []);
  deepStrictEqual(shares(1, with1, without), [
    { iou: 1, openIou: 1 / 2, inside: 9, outside: 6 },
  ]);
  deepStrictEqual(shares(1, without), [
    { iou: null, openIou: null, inside: null, outside: 9 },
  ]);
});

Deno.test("addAttention compares one map with the boxes of all classes", () => {
  const boxes = [box(1, 0, 0, 1, 1), box(7, 16, 0, 17, 1)];
  deepStrictEqual(shares(1, picture(["9199"], boxes)), [
    { iou: 2 / 3, openIou: 2 / 4, inside: 9, outside: 5 },
  ]);
});

Deno.test("addAttention refuses maps and boxes that do not belong together", () => {
  const refuses = (mapCount: number, of: AttendedPicture, reason: string) =>
    throws(() => shares(mapCount, of), {
      name: "RangeError",
      message: `Cannot compare attention ${reason}`,
    });
  const image = 'of image "a"';
  refuses(
    3,
    picture(["00", "00"], []),
    `maps ${image} as there must be 4 of them: 2`,
  );
  refuses(
    1,
    picture(["0", "0", "0"], []),
    `maps ${image} as there must be 1 or 2 of them: 3`,
  );
  refuses(
    1,
    picture(["00", "00"], [box(2, 0, 0, 1, 1)]),
    `maps ${image} as each box must be of class 1…1: 2`,
  );
  refuses(
    1,
    picture(["00"], [box(1, 0, 0, 10, 1)]),
    `with box 0 ${image} as it must be whole pixels of the image: box is ` +
      "[0, 10) × [0, 1), image is 9 × 1",
  );
  const loud = picture(["00"], []);
  loud.maps.data[1] = 1.5;
  refuses(1, loud, `maps ${image} as they must be within 0…1: 1.5`);
});
