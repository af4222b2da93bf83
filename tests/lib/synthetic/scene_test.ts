import {
  deepStrictEqual,
  notDeepStrictEqual,
  ok,
  strictEqual,
  throws,
} from "node:assert/strict";
import fc from "fast-check";
import { VOID } from "../../../lib/label/label_map.ts";
import { seededRandom } from "../../../lib/random.ts";
import { EMBEDDED_CLASSES } from "../../../lib/synthetic/embedded_classes.ts";
import { drawScene, type Scene } from "../../../lib/synthetic/scene.ts";

const anySeed = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const anyClasses = fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 4 });

/** Checks a claim on scenes of any seed and classes. */
function forAllScenes(claim: (scene: Scene) => void): void {
  const property = fc.property(anySeed, anyClasses, (seed, classIds) => {
    claim(drawScene(seededRandom(seed), classIds));
  });
  fc.assert(property, { numRuns: 25 });
}

Deno.test("drawScene gives the same bytes for the same stream", () => {
  const draw = (seed: number) => drawScene(seededRandom(seed), [4, 6, 1]);
  deepStrictEqual(draw(3), draw(3));
  notDeepStrictEqual(draw(3).image.data, draw(4).image.data);
});

Deno.test("drawScene gives image, labels and instances one size", () => {
  forAllScenes(({ image: { width, height, data }, labels, instances }) => {
    ok(width >= 120 && width <= 136 && height >= 90 && height <= 104);
    strictEqual(data.length, 3 * width * height);
    for (const map of [labels, instances]) {
      deepStrictEqual([map.width, map.height], [width, height]);
      strictEqual(map.data.length, width * height);
    }
  });
});

Deno.test("drawScene labels objects with their class, all else with 0", () => {
  forAllScenes(({ labels, instances, objects }) => {
    const classAt = [0, ...objects.map(({ box }) => box.classId)];
    labels.data.forEach((label, i) => {
      const instance = instances.data[i] ?? NaN;
      ok(label === VOID || label === classAt[instance]);
    });
  });
});

Deno.test("drawScene boxes are tight around what is seen", () => {
  forAllScenes(({ instances: { width, data }, objects }) => {
    objects.forEach(({ box, visiblePx }, n) => {
      const xs: number[] = [];
      const ys: number[] = [];
      data.forEach((instance, i) => {
        if (instance !== n + 1) return;
        xs.push(i % width);
        ys.push(Math.floor(i / width));
      });
      strictEqual(visiblePx, xs.length);
      deepStrictEqual(
        [box.x0, box.y0, box.x1, box.y1],
        [
          Math.min(...xs),
          Math.min(...ys),
          1 + Math.max(...xs),
          1 + Math.max(...ys),
        ],
      );
    });
  });
});

Deno.test("drawScene shows enough of each object to learn from", () => {
  forAllScenes(({ objects }) => {
    for (const { visiblePx } of objects) ok(visiblePx >= 30, `${visiblePx}`);
  });
});

Deno.test("drawScene names poses of the object's class", () => {
  forAllScenes(({ objects }) => {
    for (const { box, pose } of objects) {
      const { poses = [] } = EMBEDDED_CLASSES[box.classId - 1] ?? {};
      ok(poses.some(({ name }) => name === pose));
    }
  });
});

Deno.test("drawScene marks as truncated what touches the frame", () => {
  forAllScenes(({ image: { width, height }, objects }) => {
    for (const { box, truncated, occluded } of objects) {
      const isAtFrame = box.x0 === 0 || box.y0 === 0 || box.x1 === width ||
        box.y1 === height;
      // What hides it may also hide where it meets the frame.
      ok(!truncated || isAtFrame || occluded);
    }
  });
});

Deno.test("drawScene without objects is all background", () => {
  const { labels, objects } = drawScene(seededRandom(1), []);
  ok(labels.data.every((label) => label === 0));
  deepStrictEqual(objects, []);
});

Deno.test("drawScene refuses a class it does not know", () => {
  throws(() => drawScene(seededRandom(1), [7]), {
    name: "RangeError",
    message: "Cannot place an object as its class must be 1…6: 7",
  });
});
