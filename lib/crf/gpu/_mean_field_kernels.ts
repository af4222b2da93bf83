/**
 * WGSL of a mean-field iteration around the filter of the lattice: messages of
 * the smoothness kernel, and the softmax that makes Q of messages and unary.
 *
 * Inside, arrays are `[P, channels]`; the last label is never filtered, as its
 * messages follow from the others' (_mean_field.ts).
 *
 * @module
 */
import { SLICED } from "./_filter_kernels.ts";
import { GROUP_SIZE, type KernelSource } from "./_kernel.ts";

/**
 * Between iterations, Q below e^this (1e-13) becomes 0: float32 cannot add so
 * little to 1. On the CPU it becomes e^this, which differs by as little.
 */
const LEAST_EXPONENT = "-30.0";

/**
 * Unary `[L, P]` to energies `[P, L]`, the least of each pixel 0: what all its
 * labels have in common would cost the digits in which they differ. Labels that
 * are ruled out have 1e30, as on the CPU, which no message makes up for.
 */
const turnUnary: KernelSource = {
  buffers: {
    planes: "read array<i32>",
    energies: "read_write array<f32>",
  },
  items: "params.pixels",
  code: /* wgsl */ `
// WGSL knows no ∞: read as bits, which order floats above 0 as floats do.
const INFINITE = 0x7f800000i;
const HALF_RULED_OUT = 5e29;

// Halved, so that differences of the largest numbers are numbers.
fn halved(bits: i32) -> f32 {
  return 0.5 * bitcast<f32>(min(bits, INFINITE - 1));
}

fn work(pixel: u32) {
  let inPicture = pixel % params.picturePixels;
  let first = (pixel - inPicture) * params.labels + inPicture;
  let to = pixel * params.labels;
  var least = halved(planes[first]);
  for (var label = 1u; label < params.labels; label++) {
    let at = first + label * params.picturePixels;
    least = min(least, halved(planes[at]));
  }
  for (var label = 0u; label < params.labels; label++) {
    let bits = planes[first + label * params.picturePixels];
    let above = min(halved(bits) - least, HALF_RULED_OUT);
    energies[to + label] =
      2.0 * select(above, HALF_RULED_OUT, bits >= INFINITE);
  }
}
`,
};

/** Q = 1 and factors of 1, to be filtered for the normalisation. */
const startFactors: KernelSource = {
  buffers: {
    factors: "read_write array<f32>",
    q: "read_write array<f32>",
  },
  items: "params.pixels",
  code: /* wgsl */ `
fn work(pixel: u32) {
  q[pixel] = 1.0;
  factors[pixel] = 1.0;
  factors[params.pixels + pixel] = 0.0;
  factors[2u * params.pixels + pixel] = 0.0;
}
`,
};

/** The smoothness kernel along the rows. */
const filterRows: KernelSource = {
  buffers: {
    sides: "read array<f32>",
    q: "read array<f32>",
    rows: "read_write array<f32>",
  },
  items: "params.pixels * params.channels",
  code: /* wgsl */ `
fn work(i: u32) {
  let inPicture = i / params.channels % params.picturePixels;
  let x = inPicture % params.width;
  let y = inPicture / params.width;
  let gaussian = 2u * (params.width + params.height);
  var sum = sides[2u * x] * q[i];
  for (var distance = 1u; distance <= params.radiusX; distance++) {
    var beside = 0.0;
    if (distance <= x) {
      let source = i - distance * params.channels;
      beside += sides[2u * (x - distance)] * q[source];
    }
    if (x + distance < params.width) {
      let source = i + distance * params.channels;
      beside += sides[2u * (x + distance)] * q[source];
    }
    sum += sides[gaussian + distance] * beside;
  }
  rows[i] = sum * sides[2u * x + 1u] * sides[2u * (params.width + y)];
}
`,
};

/** The smoothness kernel along the columns of what came along the rows. */
const SMOOTHNESS = /* wgsl */ `
fn smoothness(pixel: u32, channel: u32) -> f32 {
  let y = pixel % params.picturePixels / params.width;
  let i = pixel * params.channels + channel;
  let stride = params.width * params.channels;
  let gaussian = 2u * (params.width + params.height);
  var sum = rows[i];
  for (var distance = 1u; distance <= params.radiusY; distance++) {
    var beside = 0.0;
    if (distance <= y) { beside += rows[i - distance * stride]; }
    if (y + distance < params.height) { beside += rows[i + distance * stride]; }
    sum += sides[gaussian + distance] * beside;
  }
  return sum * sides[2u * (params.width + y) + 1u];
}
`;

/** What each pixel receives from the smoothness kernel if all send 1. */
const startTotals: KernelSource = {
  buffers: {
    rows: "read array<f32>",
    sides: "read array<f32>",
    factors: "read_write array<f32>",
  },
  items: "params.pixels",
  code: /* wgsl */ `
${SMOOTHNESS}
fn work(pixel: u32) {
  factors[2u * params.pixels + pixel] = smoothness(pixel, 0u);
}
`,
};

/** Messages of both kernels to a pixel, of one channel. */
const MESSAGE = /* wgsl */ `
${SLICED}
${SMOOTHNESS}
fn messageTo(pixel: u32, channel: u32) -> f32 {
  var sum = 0.0;
  if (params.appearanceWeight > 0.0) {
    sum = factors[params.pixels + pixel] * sliced(pixel, channel);
  }
  if (params.hasSmoothness == 1u) { sum += smoothness(pixel, channel); }
  return sum;
}

fn totalTo(pixel: u32) -> f32 {
  return factors[2u * params.pixels + pixel];
}
`;

/** Before the first iteration: none. */
const NO_MESSAGE = /* wgsl */ `
fn messageTo(pixel: u32, channel: u32) -> f32 { return 0.0; }
fn totalTo(pixel: u32) -> f32 { return 0.0; }
`;

const MESSAGE_BUFFERS = {
  corners: "read array<vec2u>",
  blurredOdd: "read array<f32>",
  rows: "read array<f32>",
  sides: "read array<f32>",
  factors: "read array<f32>",
};

/** To `[P, channels]`, for the next iteration. */
const KEEP_Q = /* wgsl */ `
fn oddOf(exponent: f32) -> f32 {
  return select(exp(exponent), 0.0, exponent < ${LEAST_EXPONENT});
}
fn keep(pixel: u32, channel: u32, value: f32) {
  q[pixel * params.channels + channel] = value;
}
fn keepLast(pixel: u32, value: f32) {}
`;

/** To `[L, P]`, for the caller. */
const KEEP_PLANES = /* wgsl */ `
fn oddOf(exponent: f32) -> f32 { return exp(exponent); }
fn keep(pixel: u32, channel: u32, value: f32) {
  let picture = pixel / params.picturePixels;
  let plane = picture * params.labels + channel;
  planes[plane * params.picturePixels + pixel % params.picturePixels] = value;
}
fn keepLast(pixel: u32, value: f32) { keep(pixel, params.channels, value); }
`;

/**
 * Softmax of messages less energies. A workgroup takes as many whole pixels as
 * fit, an invocation for each channel of each.
 */
function update(has: { messages: boolean; planes: boolean }): KernelSource {
  return {
    buffers: {
      energies: "read array<f32>",
      ...has.messages ? MESSAGE_BUFFERS : {},
      ...has.planes
        ? { planes: "read_write array<f32>" }
        : { q: "read_write array<f32>" },
    },
    items: null,
    code: `${has.messages ? MESSAGE : NO_MESSAGE}
${has.planes ? KEEP_PLANES : KEEP_Q}
${SOFTMAX}`,
  };
}

const SOFTMAX = /* wgsl */ `
var<workgroup> messages: array<f32, ${GROUP_SIZE}>;
var<workgroup> scores: array<f32, ${GROUP_SIZE}>;
var<workgroup> odds: array<f32, ${GROUP_SIZE}>;

@compute @workgroup_size(${GROUP_SIZE})
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let channels = params.channels;
  let together = ${GROUP_SIZE}u / channels;
  let tiles = (params.pixels + together - 1u) / together;
  let first = lane / channels * channels;
  let channel = lane % channels;
  for (var tile = group.x; tile < tiles; tile += groups.x) {
    let pixel = tile * together + lane / channels;
    let isBusy = lane / channels < together && pixel < params.pixels;
    if (isBusy) {
      let message = messageTo(pixel, channel);
      messages[lane] = message;
      scores[lane] = message - energies[pixel * params.labels + channel];
    }
    workgroupBarrier();
    var lastOdd = 0.0;
    if (isBusy) {
      var rest = totalTo(pixel);
      var best = scores[first];
      for (var at = first; at < first + channels; at++) {
        rest -= messages[at];
        best = max(best, scores[at]);
      }
      let last = rest - energies[pixel * params.labels + channels];
      best = max(best, last);
      lastOdd = oddOf(last - best);
      odds[lane] = oddOf(scores[lane] - best);
    }
    workgroupBarrier();
    if (isBusy) {
      var sum = lastOdd;
      for (var at = first; at < first + channels; at++) { sum += odds[at]; }
      keep(pixel, channel, odds[lane] / sum);
      if (channel == 0u) { keepLast(pixel, lastOdd / sum); }
    }
  }
}
`;

/** All that need no lattice, but for its filtered values. */
export const MEAN_FIELD_KERNELS = {
  turnUnary,
  startFactors,
  filterRows,
  startTotals,
  startQ: update({ messages: false, planes: false }),
  updateQ: update({ messages: true, planes: false }),
  startMarginals: update({ messages: false, planes: true }),
  updateMarginals: update({ messages: true, planes: true }),
};

/** Invocations that `update` has work for. */
export function updateItems(pixels: number, channels: number): number {
  return GROUP_SIZE * Math.ceil(pixels / Math.floor(GROUP_SIZE / channels));
}
