/**
 * The lattice as the pixels see it: splat and slice.
 *
 * @module
 */

let corners: i32 = 0;
let simplex: usize = 0;
let barycentric: usize = 0;
/** What the lattice holds from before, and what it is given now. */
let held: usize = 0;
let given: usize = 0;
/** Bytes of a vertex. */
let stride: usize = 0;
/** float32 `[P]`, padded to 4 pixels: what comes of a pixel's values. */
let sent: usize = 0;
let received: usize = 0;

/** Sets the simplices; no corners: there is no appearance term. */
export function defineLattice(
  cornerCount: i32,
  vertices: usize,
  weights: usize,
): void {
  corners = cornerCount;
  simplex = vertices;
  barycentric = weights;
}

/** Sets the factors of what pixels send (0: all 1) and receive. */
export function defineFactors(sending: usize, receiving: usize): void {
  sent = sending;
  received = receiving;
}

/** Sets the values at vertices: to slice from, to splat to, bytes of each. */
export function defineVertices(from: usize, to: usize, bytes: usize): void {
  held = from;
  given = to;
  stride = bytes;
}

// @ts-ignore: decorator
@inline
export function hasAppearance(): bool {
  return corners > 0;
}

// @ts-ignore: decorator
@inline
export function sentFactor(): usize {
  return sent;
}

// @ts-ignore: decorator
@inline
export function receivedFactor(): usize {
  return received;
}

// @ts-ignore: decorator
@inline
function product(vertices: usize, weights: usize, k: usize): f32 {
  return load<f32>(weights + (k << 2)) *
    load<f32>(held + (<usize> load<u32>(vertices + (k << 2)) << 2));
}

/** The value at a pixel, one value a vertex. */
// @ts-ignore: decorator
@inline
export function sliceOne(pixel: usize): f32 {
  const first = pixel * <usize> corners << 2;
  const vertices = simplex + first;
  const weights = barycentric + first;
  if (corners == 6) {
    return product(vertices, weights, 0) + product(vertices, weights, 1) +
      (product(vertices, weights, 2) + product(vertices, weights, 3)) +
      (product(vertices, weights, 4) + product(vertices, weights, 5));
  }
  let sum: f32 = 0;
  for (let k: usize = 0; k < <usize> corners; k++) {
    sum += product(vertices, weights, k);
  }
  return sum;
}

// @ts-ignore: decorator
@inline
function add(vertices: usize, weights: usize, k: usize, value: f32): void {
  const at = given + (<usize> load<u32>(vertices + (k << 2)) << 2);
  store<f32>(at, load<f32>(at) + load<f32>(weights + (k << 2)) * value);
}

/** Adds the value of a pixel to its corners. */
// @ts-ignore: decorator
@inline
export function splatOne(pixel: usize, value: f32): void {
  const first = pixel * <usize> corners << 2;
  const vertices = simplex + first;
  const weights = barycentric + first;
  if (corners == 6) {
    add(vertices, weights, 0, value);
    add(vertices, weights, 1, value);
    add(vertices, weights, 2, value);
    add(vertices, weights, 3, value);
    add(vertices, weights, 4, value);
    add(vertices, weights, 5, value);
    return;
  }
  for (let k: usize = 0; k < <usize> corners; k++) {
    add(vertices, weights, k, value);
  }
}

/** The values at a pixel, a multiple of four: to `out`. */
// @ts-ignore: decorator
@inline
export function sliceMany(pixel: usize, out: usize): void {
  const first = pixel * <usize> corners << 2;
  const vertices = simplex + first;
  const weights = barycentric + first;
  if (corners == 6) {
    const v0 = vertexAt(vertices, 0);
    const v1 = vertexAt(vertices, 1);
    const v2 = vertexAt(vertices, 2);
    const v3 = vertexAt(vertices, 3);
    const v4 = vertexAt(vertices, 4);
    const v5 = vertexAt(vertices, 5);
    const w0 = v128.load32_splat(weights);
    const w1 = v128.load32_splat(weights, 4);
    const w2 = v128.load32_splat(weights, 8);
    const w3 = v128.load32_splat(weights, 12);
    const w4 = v128.load32_splat(weights, 16);
    const w5 = v128.load32_splat(weights, 20);
    for (let c: usize = 0; c < stride; c += 16) {
      const a = f32x4.add(
        f32x4.mul(w0, v128.load(v0 + c)),
        f32x4.mul(w1, v128.load(v1 + c)),
      );
      const b = f32x4.add(
        f32x4.mul(w2, v128.load(v2 + c)),
        f32x4.mul(w3, v128.load(v3 + c)),
      );
      const d = f32x4.add(
        f32x4.mul(w4, v128.load(v4 + c)),
        f32x4.mul(w5, v128.load(v5 + c)),
      );
      v128.store(out + c, f32x4.add(f32x4.add(a, b), d));
    }
    return;
  }
  memory.fill(out, 0, stride);
  for (let k: usize = 0; k < <usize> corners; k++) {
    const vertex = vertexAt(vertices, k);
    const weight = v128.load32_splat(weights + (k << 2));
    for (let c: usize = 0; c < stride; c += 16) addProduct(out + c, weight, vertex + c);
  }
}

// @ts-ignore: decorator
@inline
function vertexAt(vertices: usize, k: usize): usize {
  return held + <usize> load<u32>(vertices + (k << 2)) * stride;
}

/** Adds a vector times a weight to another. */
// @ts-ignore: decorator
@inline
function addProduct(to: usize, weight: v128, from: usize): void {
  v128.store(to, f32x4.add(v128.load(to), f32x4.mul(weight, v128.load(from))));
}

/** Adds the values of a pixel to its corners. */
// @ts-ignore: decorator
@inline
export function splatMany(pixel: usize, values: usize): void {
  const first = pixel * <usize> corners << 2;
  const vertices = simplex + first;
  const weights = barycentric + first;
  let k: usize = 0;
  // Three at a time: more would not stay in registers.
  for (; k + 3 <= <usize> corners; k += 3) {
    const a = givenAt(vertices, k);
    const b = givenAt(vertices, k + 1);
    const d = givenAt(vertices, k + 2);
    const wa = v128.load32_splat(weights + (k << 2));
    const wb = v128.load32_splat(weights + (k << 2), 4);
    const wd = v128.load32_splat(weights + (k << 2), 8);
    for (let c: usize = 0; c < stride; c += 16) {
      const value = v128.load(values + c);
      const toA = f32x4.add(v128.load(a + c), f32x4.mul(wa, value));
      const toB = f32x4.add(v128.load(b + c), f32x4.mul(wb, value));
      const toD = f32x4.add(v128.load(d + c), f32x4.mul(wd, value));
      v128.store(a + c, toA);
      v128.store(b + c, toB);
      v128.store(d + c, toD);
    }
  }
  for (; k < <usize> corners; k++) {
    const vertex = givenAt(vertices, k);
    const weight = v128.load32_splat(weights + (k << 2));
    for (let c: usize = 0; c < stride; c += 16) {
      addProduct(vertex + c, weight, values + c);
    }
  }
}

// @ts-ignore: decorator
@inline
function givenAt(vertices: usize, k: usize): usize {
  return given + <usize> load<u32>(vertices + (k << 2)) * stride;
}

/**
 * What pixels send and receive is scaled by, from n, what they received of
 * ones: in place of n what is received, and what is sent, or 0 to normalise on
 * one side only. Pixels that fill up a row get 0.
 *
 * @param pixels A multiple of four.
 */
export function normaliseFactors(
  pixels: usize,
  n: usize,
  sending: usize,
  weight: f32,
): void {
  const w = f32x4.splat(weight);
  const one = f32x4.splat(1);
  for (let at: usize = 0; at < pixels << 2; at += 16) {
    const sum = v128.load(n + at);
    const isPixel = f32x4.gt(sum, f32x4.splat(0));
    const scale = sending ? f32x4.sqrt(sum) : sum;
    v128.store(n + at, v128.and(f32x4.div(w, scale), isPixel));
    if (sending) {
      v128.store(sending + at, v128.and(f32x4.div(one, scale), isPixel));
    }
  }
}
