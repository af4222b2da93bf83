/**
 * Weighted sums of rows: the only loop of the spatial Gaussian.
 *
 * @module
 */

/**
 * out_i = Σ_k weight_k · in_(i + k · stride), for `bytes` of float32; up to 12
 * bytes more are written.
 *
 * @param weights float32 `[count]`.
 */
export function correlate(
  from: usize,
  to: usize,
  bytes: usize,
  stride: usize,
  weights: usize,
  count: usize,
): void {
  if (count == 4) {
    correlateFour(from, to, bytes, stride, weights);
    return;
  }
  const end = weights + (count << 2);
  let i: usize = 0;
  for (; i + 64 <= bytes; i += 64) {
    let a = f32x4.splat(0);
    let b = a;
    let c = a;
    let d = a;
    let source = from + i;
    for (let w = weights; w < end; w += 4) {
      const weight = v128.load32_splat(w);
      a = f32x4.add(a, f32x4.mul(weight, v128.load(source)));
      b = f32x4.add(b, f32x4.mul(weight, v128.load(source, 16)));
      c = f32x4.add(c, f32x4.mul(weight, v128.load(source, 32)));
      d = f32x4.add(d, f32x4.mul(weight, v128.load(source, 48)));
      source += stride;
    }
    v128.store(to + i, a);
    v128.store(to + i, b, 16);
    v128.store(to + i, c, 32);
    v128.store(to + i, d, 48);
  }
  for (; i < bytes; i += 16) {
    let a = f32x4.splat(0);
    let source = from + i;
    for (let w = weights; w < end; w += 4) {
      a = f32x4.add(a, f32x4.mul(v128.load32_splat(w), v128.load(source)));
      source += stride;
    }
    v128.store(to + i, a);
  }
}

/** The same for four weights. */
function correlateFour(
  from: usize,
  to: usize,
  bytes: usize,
  stride: usize,
  weights: usize,
): void {
  const w0 = v128.load32_splat(weights);
  const w1 = v128.load32_splat(weights, 4);
  const w2 = v128.load32_splat(weights, 8);
  const w3 = v128.load32_splat(weights, 12);
  const end = from + bytes;
  for (; from < end; from += 16) {
    const a = f32x4.add(
      f32x4.mul(w0, v128.load(from)),
      f32x4.mul(w1, v128.load(from + stride)),
    );
    const b = f32x4.add(
      f32x4.mul(w2, v128.load(from + 2 * stride)),
      f32x4.mul(w3, v128.load(from + 3 * stride)),
    );
    v128.store(to, f32x4.add(a, b));
    to += 16;
  }
}
