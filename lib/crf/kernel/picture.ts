import { newKernel, type KernelExports } from "./kernel.ts";

const TIMES: Record<string, number> = (globalThis as any).CRF_TIMES = {};
let mark0 = 0;
function mark(name?: string) {
  const now = performance.now();
  if (name) TIMES[name] = (TIMES[name] ?? 0) + now - mark0;
  mark0 = now;
}

let kernel: KernelExports | undefined;

export function run(image: any, unary: any, params: any): Float32Array {
  mark();
  const k = kernel ??= newKernel();
  const { width, height } = image;
  const P = width * height;
  let top = (k.freeAddress() + 63) & ~63;
  const take = (bytes: number) => {
    const at = top;
    top = (top + bytes + 64 + 63) & ~63;
    const need = Math.ceil(top / 65536) - k.memory.buffer.byteLength / 65536;
    if (need > 0) k.memory.grow(need);
    return at;
  };
  const L = unary.labelCount;
  const C = L === 2 ? 1 : Math.ceil((L - 1) / 4) * 4;
  const stride = C * 4;
  const f32 = (at: number, n: number) => new Float32Array(k.memory.buffer, at, n);
  const channels = 3;
  const d = channels + 2;
  const corners = d + 1;
  const hasA = params.appearanceWeight > 0, hasS = params.smoothnessWeight > 0;
  let M = 0, runs = 0;
  let received = 0, sent = 0, A = 0, B = 0;
  if (hasA) {
    const simplex = take(P * corners * 4);
    const bary = take(P * corners * 4);
    received = take(P * 4);
    if (params.normalisation === "symmetric") sent = take(P * 4);
    const img = take(image.data.length);
    new Uint8Array(k.memory.buffer, img, image.data.length).set(image.data);
    // keys
    const sig = [params.appearanceSigmaPx, params.appearanceSigmaPx, params.appearanceSigmaLevels, params.appearanceSigmaLevels, params.appearanceSigmaLevels];
    const range = [width - 1, height - 1, 255, 255, 255];
    const spread = Math.sqrt(2 / 3) * (d + 1);
    const scale = sig.map((s, i) => spread / Math.sqrt((i + 1) * (i + 2)) / s / (d + 1));
    // ranges of whole coordinates
    const lo: number[] = [], hi: number[] = [];
    let sum = 0;
    for (let i = d; i >= 0; i--) {
      const f = i > 0 ? range[i - 1]! * scale[i - 1]! : 0;
      lo[i] = Math.floor(-i * f) - 3; hi[i] = Math.ceil(sum) + 3;
      sum += f;
    }
    const R: bigint[] = []; let next = 1n;
    for (let i = 0; i < d; i++) { R[i] = next; next *= BigInt((hi[i]! - lo[i]!) * (d + 1)); }
    R[d] = 0n;
    if (next > 2n ** 64n) throw new Error("hash");
    const total = R.reduce((a, b) => a + b);
    const steps = R.map((r) => BigInt.asUintN(64, total - BigInt(d + 1) * r));
    new Float64Array(k.memory.buffer, 1024, d).set(scale);
    new BigUint64Array(k.memory.buffer, 1152, d + 1).set(R.map((r) => BigInt.asUintN(64, r * BigInt(d + 1))));
    new BigUint64Array(k.memory.buffer, 1280, d + 1).set(steps);
    const bits = Math.max(6, Math.ceil(Math.log2(P / 8)));
    const table = img + ((image.data.length + 127) & ~63);
    mark("input");
    M = k.locate(0, img, 3, width, height, simplex, bary, table, bits);
    mark("locate");
    if (M < 0) throw new Error("memory");
    const spare = k.tableEnd();
    let out = spare + 24 * M + 64;
    out = (out + 63) & ~63;
    const first = out;
    for (const step of steps) { out = k.writeRuns(BigInt.asIntN(64, step), out, spare); if (out === 0) throw new Error("memory"); }
    mark("neighbours");
    new Uint8Array(k.memory.buffer).copyWithin(img, first, out);
    runs = img; top = (img + (out - first) + 127) & ~63;
    A = take(M * stride); B = take(M * stride);
    k.defineLattice(corners, simplex, bary);
    // normalise
    f32(A, M).fill(0);
    k.defineVertices(A, A, 4);
    k.splatOnes(P); k.blur(corners, runs, A, 4); k.slicePixels(P, received);
    const n = f32(received, P);
    const w = params.appearanceWeight;
    if (sent) { const s = f32(sent, P); for (let i = 0; i < P; i++) { const r = 1 / Math.sqrt(n[i]!); s[i] = r; n[i] = w * r; } }
    else for (let i = 0; i < P; i++) n[i] = w / n[i]!;
    k.defineFactors(sent, received);
    mark("norm");
  } else k.defineLattice(0, 0, 0);
  if (hasS) {
    const sigma = params.smoothnessSigmaPx;
    let nodes = 0, margin = 0;
    [width, height].forEach((length, which) => {
      const r = Math.min(length - 1, Math.max(0, Math.ceil(4.71 * sigma) - 1));
      const taps = Float32Array.from({ length: 2 * r + 1 }, (_, i) => Math.exp(-((i - r) ** 2) / 2 / sigma / sigma));
      const t = take(taps.length * 4); f32(t, taps.length).set(taps);
      const se = take(length * 4), re = take(length * 4);
      const S = f32(se, length), Rr = f32(re, length);
      for (let x = 0; x < length; x++) {
        let n = 0; for (let i = Math.max(0, r - x); i <= Math.min(2 * r, length - 1 - x + r); i++) n += taps[i]!;
        const w = which === 1 ? params.smoothnessWeight : 1;
        if (params.normalisation === "symmetric") { S[x] = 1 / Math.sqrt(n); Rr[x] = w / Math.sqrt(n); } else { S[x] = 1; Rr[x] = w / n; }
      }
      if (which === 0) margin = r;
      k.defineDirection(which, length, length, r, t, se, re);
    });
    const rowS = take((width + 2 * margin) * stride + 64);
    f32(rowS, (width + 2 * margin) * C + 16).fill(0);
    k.defineSmoothness(stride, take(P * stride), take(P * stride), rowS, nodes, take(64 * stride + 64));
  } else k.defineSmoothness(0, 0, 0, 0, 0, 0);
  const energies = take(P * stride + 64), last = take(P * 4);
  const u = take(P * L * 4);
  f32(u, P * L).set(unary.data);
  const ok = L === 2 ? k.readTwo(u, P, energies) : k.readMany(u, L, P, stride, energies, last);
  if (!ok) throw new Error("unary");
  mark("unary");
  const update = (pass: number) => {
    if (L === 2) k.updateTwo(pass, width, height, energies, u);
    else k.updateMany(pass, width, height, L, stride, energies, last, u);
  };
  const T = params.iterations;
  k.defineVertices(B, A, stride);
  if (hasA) f32(A, M * C).fill(0);
  update(T === 0 ? 2 : 0);
  mark("first");
  for (let t = 1; t <= T; t++) {
    if (hasA) { k.blur(corners, runs, A, stride);
      mark("blur");
      k.defineVertices(A, B, stride);
      if (t < T) f32(B, M * C).fill(0); [A, B] = [B, A]; }
    mark("zero");
    if (hasS) k.spreadRows();
    mark("rows");
    update(t === T ? 2 : 1);
    mark(t === T ? "last" : "update");
  }
  const res = f32(u, P * L).slice();
  mark("output");
  return res;
}
