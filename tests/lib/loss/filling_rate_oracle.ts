/**
 * The filling-rate loss of method.md 5.1 in plain loops, for tests: written
 * from its text, without anything of `lib/loss` or `lib/train`.
 */
import type { Box } from "../../../lib/geometry/box.ts";

/** One crop at the resolution of the scores; boxes are in cells. */
export interface Scene {
  readonly width: number;
  readonly height: number;
  /** `[P]`: 0 background, class, or 255. */
  readonly labels: ArrayLike<number>;
  readonly boxes: readonly Box[];
  readonly subClasses: readonly number[] | null;
  readonly isTruth: boolean;
}

/** A filling rate for each class and sub-class. */
export type RateOf = (classId: number, subClass: number) => number;

/** What the loss is made of. */
export interface OracleLoss {
  /** `[N][P]`. */
  readonly kept: boolean[][];
  readonly lossSum: number;
  readonly count: number;
}

/** The loss of crops; scores are `[N, C, P]`. */
export function oracleLoss(
  scenes: readonly Scene[],
  scores: ArrayLike<number>,
  { classCount, rateOf, isRefined }: {
    readonly classCount: number;
    readonly rateOf: RateOf;
    readonly isRefined: boolean;
  },
): OracleLoss {
  const kept: boolean[][] = [];
  let lossSum = 0;
  let count = 0;
  scenes.forEach((scene, n) => {
    const cells = scene.width * scene.height;
    const probability = (c: number, p: number) => {
      let sum = 0;
      const at = (each: number) => scores[(n * classCount + each) * cells + p]!;
      for (let each = 0; each < classCount; each++) sum += Math.exp(at(each));
      return Math.exp(at(c)) / sum;
    };
    const keep = Array.from(
      { length: cells },
      (_, p) => scene.labels[p] !== 255,
    );
    const subClassCount = isRefined ? 3 : 1;
    for (let c = 1; c < classCount && !scene.isTruth; c++) {
      for (let s = 0; s < subClassCount; s++) {
        const area: number[] = [];
        for (let p = 0; p < cells; p++) {
          const top = topBox(scene, p);
          if (top === null || scene.boxes[top]!.classId !== c) continue;
          if (isRefined && scene.subClasses![top] !== s) continue;
          area.push(p);
        }
        if (area.length <= 2) continue;
        const share = Math.floor(rateOf(c, s) * area.length);
        const k = Math.min(area.length, Math.max(1, share));
        const best = new Set<number>();
        while (best.size < k) {
          let chosen = -1;
          for (const p of area) {
            if (best.has(p)) continue;
            if (chosen < 0 || probability(c, p) > probability(c, chosen)) {
              chosen = p;
            }
          }
          best.add(chosen);
        }
        for (const p of area) {
          if (scene.labels[p] === c && !best.has(p)) keep[p] = false;
        }
      }
    }
    keep.forEach((isKept, p) => {
      if (!isKept) return;
      lossSum -= Math.log(probability(scene.labels[p]!, p));
      count++;
    });
    kept.push(keep);
  });
  return { kept, lossSum, count };
}

/** The smallest box that holds a cell, of equals the last. */
function topBox({ boxes, width }: Scene, p: number): number | null {
  const x = p % width;
  const y = Math.floor(p / width);
  let top: number | null = null;
  let least = Infinity;
  boxes.forEach(({ x0, y0, x1, y1 }, index) => {
    const area = (x1 - x0) * (y1 - y0);
    if (x < x0 || x >= x1 || y < y0 || y >= y1 || area > least) return;
    top = index;
    least = area;
  });
  return top;
}
