/**
 * Images with boxes, split at random: for tests that a stage's outputs do not
 * depend on its shards.
 *
 * @module
 */
import fc from "fast-check";
import type { Box } from "../../lib/geometry/box.ts";

/** A size and some boxes in it, as an item of `BOXES`. */
export interface BoxedImage {
  width: number;
  height: number;
  boxes: Box[];
}

/** Images of 1 px and more a side, with up to three boxes of classes 1…3. */
export function anyBoxedImage(
  { mostPx }: { mostPx: number },
): fc.Arbitrary<BoxedImage> {
  const side = fc.integer({ min: 1, max: mostPx });
  return fc.record({ width: side, height: side }).chain(({ width, height }) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      boxes: fc.array(anyBox(width, height), { maxLength: 3 }),
    })
  );
}

function anyBox(width: number, height: number): fc.Arbitrary<Box> {
  return fc.record({
    classId: fc.integer({ min: 1, max: 3 }),
    across: anySpan(width),
    down: anySpan(height),
  }).map(({ classId, across: [x0, x1], down: [y0, y1] }) => (
    { classId, x0, y0, x1, y1 }
  ));
}

/** A half-open, not empty span of whole pixels. */
function anySpan(px: number): fc.Arbitrary<[number, number]> {
  return fc.tuple(
    fc.integer({ min: 0, max: px - 1 }),
    fc.integer({ min: 1, max: px }),
  ).map(([from, length]) => [from, Math.min(px, from + length)]);
}

/** The ids of some items in up to three parts; parts may be empty. */
export function anyParts(
  items: Readonly<Record<string, unknown>>,
): fc.Arbitrary<string[][]> {
  const ids = Object.keys(items);
  const parts = fc.integer({ min: 0, max: 2 });
  return fc.array(parts, { minLength: ids.length, maxLength: ids.length })
    .map((of) => [0, 1, 2].map((part) => ids.filter((_, i) => of[i] === part)));
}

/** The files of several runs together, sorted, as text. */
export function joined(
  runs: readonly { readonly files: ReadonlyMap<string, Uint8Array> }[],
): string[] {
  return runs.flatMap(({ files }) => [...files])
    .map(([path, bytes]) => `${path} ${bytes.toHex()}`).sort();
}
