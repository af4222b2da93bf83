/**
 * WGSL that filters by the lattice, and normalises the appearance kernel.
 *
 * Splat adds whole numbers, as WGSL has no atomic addition of others; it has
 * the merit that the sum, and with it every byte of the result, is the same
 * in whatever order a GPU adds. Each vertex has a unit of its own, chosen so
 * that all that can ever come is 2³¹ units: float32 is 128 times coarser where
 * few add. What is less than a unit is rounded up or down by a fixed dither of
 * the corner, so that many small values keep their sum. Units are powers of 2,
 * and the same for the normalisation, so that halves filter to exactly half of
 * what ones do: a pixel that nothing decides stays undecided.
 *
 * @module
 */
import type { KernelSource } from "./_kernel.ts";
import { BLUR_SIDE, blurOrder } from "../lattice_shape.ts";
import { CORNERS, DIMENSION } from "./_lattice_plan.ts";

/** Items of a kernel that runs over vertices. */
const VERTICES = "min(counts[0], params.capacity)";
/** 2³¹: units that a vertex may receive; an overflow is beyond twice that. */
const UNITS = "2147483648.0";

/** `sliced(i, pixel, channel)` of the filtered values. */
export const SLICED = /* wgsl */ `
fn sliced(pixel: u32, channel: u32) -> f32 {
  var sum = 0.0;
  for (var k = 0u; k < ${CORNERS}u; k++) {
    let corner = corners[pixel * ${CORNERS}u + k];
    sum += bitcast<f32>(corner.y) *
      blurredOdd[corner.x * params.channels + channel];
  }
  return sum;
}
`;

/** Before the weights are known: no corner weighs more than 1. */
const countUnits: KernelSource = {
  buffers: {
    counts: "read array<u32>",
    sharers: "read array<u32>",
    units: "read_write array<f32>",
  },
  items: VERTICES,
  code: /* wgsl */ `
fn work(vertex: u32) {
  units[vertex] = f32(sharers[vertex]) / ${UNITS};
}
`,
};

/** Sends Q, weighed, from each pixel to the corners around it. */
const splat: KernelSource = {
  buffers: {
    q: "read array<f32>",
    factors: "read array<f32>",
    corners: "read array<vec2u>",
    units: "read array<f32>",
    splatted: "read_write array<atomic<u32>>",
  },
  items: "params.pixels * params.channels",
  code: /* wgsl */ `
fn work(i: u32) {
  let pixel = i / params.channels;
  let channel = i % params.channels;
  let sent = q[i] * factors[pixel];
  if (sent == 0.0) { return; }
  for (var k = 0u; k < ${CORNERS}u; k++) {
    let corner = corners[pixel * ${CORNERS}u + k];
    // Multiples of the golden ratio fill 0…1 evenly.
    let ordinal = pixel % params.picturePixels * ${CORNERS}u + k;
    let dither = f32((ordinal * 0x9e3779b1u) >> 8u) / 16777216.0;
    let weighed = bitcast<f32>(corner.y) * sent / units[corner.x];
    let received = u32(weighed) + u32(fract(weighed) + dither);
    if (received > 0u) {
      atomicAdd(&splatted[corner.x * params.channels + channel], received);
    }
  }
}
`,
};

/** Units for 2³¹ of them to be this or a little more. */
const UNIT_OF = /* wgsl */ `
fn unitOf(most: f32) -> f32 {
  // The next power of 2: all bits of the fraction 0.
  let bits = (bitcast<u32>(most) + 0x7fffffu) & 0x7f800000u;
  return bitcast<f32>(bits) / ${UNITS};
}
`;

/** Units for values up to 1, from ones splatted; clears what was splatted. */
const weightUnits: KernelSource = {
  buffers: {
    counts: "read array<u32>",
    sharers: "read array<u32>",
    splatted: "read_write array<u32>",
    bounds: "read_write array<f32>",
    units: "read_write array<f32>",
  },
  items: VERTICES,
  code: /* wgsl */ `
${UNIT_OF}
fn work(vertex: u32) {
  // Each corner may have lost one unit to the dither.
  let received = f32(splatted[vertex]) + f32(sharers[vertex]);
  splatted[vertex] = 0u;
  bounds[vertex] = received * units[vertex];
  units[vertex] = unitOf(bounds[vertex]);
}
`,
};

/** Units for values up to 1, sent with the factors now known. */
const sentUnits: KernelSource = {
  buffers: {
    counts: "read array<u32>",
    bounds: "read array<f32>",
    strongest: "read array<u32>",
    units: "read_write array<f32>",
  },
  items: VERTICES,
  code: /* wgsl */ `
${UNIT_OF}
fn work(vertex: u32) {
  units[vertex] = unitOf(bounds[vertex] * bitcast<f32>(strongest[vertex]));
}
`,
};

const BLUR_ORDER = blurOrder(DIMENSION);

/**
 * [1/3, 1, 1/3] along an axis. The first takes what was splatted, the second
 * leaves it 0 for the next splat.
 */
function blur(turn: number): KernelSource {
  const from = turn % 2 === 0 ? "blurredOdd" : "blurredEven";
  const to = turn % 2 === 0 ? "blurredEven" : "blurredOdd";
  const value = turn === 0
    ? "f32(splatted[vertex * params.channels + channel]) * units[vertex]"
    : `${from}[vertex * params.channels + channel]`;
  return {
    buffers: {
      counts: "read array<u32>",
      neighbours: "read array<vec2u>",
      [to]: "read_write array<f32>",
      ...turn === 0
        ? { splatted: "read array<u32>", units: "read array<f32>" }
        : { [from]: "read array<f32>" },
      ...turn === 1 ? { splatted: "read_write array<u32>" } : {},
    },
    items: `${VERTICES} * params.channels`,
    code: /* wgsl */ `
fn value(vertex: u32, channel: u32) -> f32 {
  return ${value};
}

fn work(i: u32) {
  let vertex = i / params.channels;
  let channel = i % params.channels;
  let beside = neighbours[${BLUR_ORDER[turn]}u * params.capacity + vertex];
  var sides = 0.0;
  if (beside.x > 0u) { sides += value(beside.x - 1u, channel); }
  if (beside.y > 0u) { sides += value(beside.y - 1u, channel); }
  ${to}[i] = value(vertex, channel) + ${BLUR_SIDE} * sides;
  ${turn === 1 ? "splatted[i] = 0u;" : ""}
}
`,
  };
}

/** Splits 1 / n, from ones filtered, into what is sent and received. */
const normalise: KernelSource = {
  buffers: {
    corners: "read array<vec2u>",
    blurredOdd: "read array<f32>",
    factors: "read_write array<f32>",
    strongest: "read_write array<atomic<u32>>",
  },
  items: "params.pixels",
  code: /* wgsl */ `
${SLICED}
fn work(pixel: u32) {
  let sum = sliced(pixel, 0u);
  if (params.isSymmetric == 0u) {
    factors[params.pixels + pixel] = params.appearanceWeight / sum;
    return;
  }
  let sent = 1.0 / sqrt(sum);
  factors[pixel] = sent;
  factors[params.pixels + pixel] = params.appearanceWeight * sent;
  for (var k = 0u; k < ${CORNERS}u; k++) {
    let vertex = corners[pixel * ${CORNERS}u + k].x;
    // Floats of 0 or more are in the order of their bits.
    atomicMax(&strongest[vertex], bitcast<u32>(sent));
  }
}
`,
};

/** What each pixel receives if all send 1, from that filtered. */
const addTotals: KernelSource = {
  buffers: {
    corners: "read array<vec2u>",
    blurredOdd: "read array<f32>",
    factors: "read_write array<f32>",
  },
  items: "params.pixels",
  code: /* wgsl */ `
${SLICED}
fn work(pixel: u32) {
  factors[2u * params.pixels + pixel] +=
    factors[params.pixels + pixel] * sliced(pixel, 0u);
}
`,
};

/** All that need the lattice. */
export const FILTER_KERNELS = {
  countUnits,
  splat,
  weightUnits,
  sentUnits,
  blur0: blur(0),
  blur1: blur(1),
  blur2: blur(2),
  blur3: blur(3),
  blur4: blur(4),
  blur5: blur(5),
  normalise,
  addTotals,
};

/** The blurs in their order; the result is in `blurredOdd`. */
export const BLURS = [
  "blur0",
  "blur1",
  "blur2",
  "blur3",
  "blur4",
  "blur5",
] as const;
