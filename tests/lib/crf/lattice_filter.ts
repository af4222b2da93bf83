/**
 * The permutohedral lattice, slow and plain: the oracle of the kernel's tests.
 *
 * Written from [Adams2010], with text keys in a Map; shares no code with
 * `lib/crf`. Steps, blurs and their order are those of `lattice_shape.ts`.
 *
 * @module
 */

/** A lattice point's coordinates, whole numbers that sum to 0. */
type Point = readonly number[];

/** Weights of the corners of a pixel's simplex. */
type Corners = ReadonlyMap<string, number>;

/**
 * Sums of values over all pixels, weighed by about
 * `exp(−|f_i − f_j|² / 2)`.
 *
 * @param features `[P][d]`, standard deviations.
 */
export function latticeFilter(
  features: readonly (readonly number[])[],
): (values: readonly number[]) => number[] {
  const dimension = features[0]!.length;
  const pixels = features.map((feature) => cornersOf(elevated(feature)));
  const points = new Set(pixels.flatMap((corners) => [...corners.keys()]));
  return (values) => {
    let held = new Map([...points].map((point) => [point, 0]));
    pixels.forEach((corners, p) => {
      for (const [point, weight] of corners) {
        held.set(point, held.get(point)! + weight * values[p]!);
      }
    });
    const last = Array.from({ length: dimension - 2 }, (_, i) => i + 3);
    for (const axis of [0, 2, 1, ...last]) held = blurred(held, axis);
    return pixels.map((corners) => {
      let sum = 0;
      for (const [point, weight] of corners) sum += weight * held.get(point)!;
      return sum;
    });
  };
}

/** One pass along an axis: [1/3, 1, 1/3], missing neighbours being 0. */
function blurred(
  held: ReadonlyMap<string, number>,
  axis: number,
): Map<string, number> {
  return new Map([...held].map(([key, value]) => {
    const point = key.split(",").map(Number);
    const at = (sign: number) =>
      held.get(
        point.map((c, i) => c + sign * (i === axis ? 1 - point.length : 1))
          .join(),
      ) ?? 0;
    return [key, value + (at(1) + at(-1)) / 3];
  }));
}

/** Into the hyperplane of d + 1 coordinates that sum to 0. */
function elevated(feature: readonly number[]): number[] {
  const spread = 0.88 * Math.sqrt(2 / 3) * (feature.length + 1);
  const scaled = feature.map((value, i) =>
    value * spread / Math.sqrt((i + 1) * (i + 2))
  );
  return Array.from({ length: feature.length + 1 }, (_, i) => {
    const after = scaled.slice(i).reduce((a, b) => a + b, 0);
    return after - (i > 0 ? i * scaled[i - 1]! : 0);
  });
}

/** The simplex around a place, and how near each corner is. */
function cornersOf(place: readonly number[]): Corners {
  const size = place.length;
  const origin = nearestRemainderZero(place);
  const order = place.map((value, i) => ({ i, gap: value - origin[i]! }))
    .sort((a, b) => b.gap - a.gap || a.i - b.i);
  const corners = new Map<string, number>();
  for (let remainder = 0; remainder < size; remainder++) {
    const point = [...origin];
    order.forEach(({ i }, rank) => {
      point[i]! += rank < size - remainder ? remainder : remainder - size;
    });
    const before = remainder === 0
      ? order[size - 1]!.gap + size
      : order[size - remainder - 1]!.gap;
    const after = order[(size - remainder) % size]!.gap;
    corners.set(point.map((c) => c + 0).join(), (before - after) / size);
  }
  return corners;
}

function nearestRemainderZero(place: readonly number[]): Point {
  const size = place.length;
  const origin = place.map((value) => Math.round(value / size) * size);
  const excess = origin.reduce((a, b) => a + b, 0) / size;
  const byGap = place.map((value, i) => ({ i, gap: value - origin[i]! }))
    .sort((a, b) => b.gap - a.gap || a.i - b.i);
  // Those rounded up furthest go down, or those rounded down furthest up.
  if (excess > 0) {
    for (const { i } of byGap.slice(size - excess)) origin[i]! -= size;
  } else {
    for (const { i } of byGap.slice(0, -excess)) origin[i]! += size;
  }
  return origin;
}
