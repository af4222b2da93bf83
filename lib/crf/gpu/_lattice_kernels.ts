/**
 * WGSL that builds the permutohedral lattice around the pixels of a batch.
 *
 * A vertex is found by its key in a hash table with open addressing, filled by
 * all pixels at once. Which corner stands for a vertex, and so the number of
 * the vertex, is left to chance; nothing that leaves the GPU depends on it.
 *
 * @module
 */
import type { KernelSource } from "./_kernel.ts";
import { CORNERS, DIMENSION, FRACTION_BITS } from "./_lattice_plan.ts";

/** Set in a slot that holds the number of a vertex, not a corner + 1. */
const NUMBERED = 0x80000000;

/** `hash(first)` of the key that starts at a word of an array. */
function hashOf(keys: string): string {
  return /* wgsl */ `
fn hash(first: u32) -> u32 {
  var mixed = 0u;
  for (var w = 0u; w < params.words; w++) {
    mixed = (mixed ^ ${keys}[first + w]) * 0x9e3779b1u;
    mixed ^= mixed >> 15u;
  }
  mixed *= 0x85ebca6bu;
  return (mixed ^ (mixed >> 13u)) & params.slotMask;
}
`;
}

/** Keys and weights of the corners of the simplex around each pixel. */
const locate: KernelSource = {
  buffers: {
    pictures: "read array<u32>",
    scaled: "read array<vec2i>",
    packing: "read array<u32>",
    keys: "read_write array<u32>",
    corners: "read_write array<vec2u>",
  },
  items: "params.pixels",
  code: /* wgsl */ `
const ONE = ${1 << FRACTION_BITS};
// Makes what is divided positive, as division rounds towards zero.
const OFFSET = 1 << 27u;

fn level(pixel: u32, channel: u32) -> u32 {
  let at = pixel * 3u + channel;
  return (pictures[at >> 2u] >> (8u * (at & 3u))) & 255u;
}

fn work(pixel: u32) {
  let inPicture = pixel % params.picturePixels;
  let levels = params.width + params.height;
  let features = array<vec2i, ${DIMENSION}>(
    scaled[inPicture % params.width],
    scaled[params.width + inPicture / params.width],
    scaled[levels + level(pixel, 0u)],
    scaled[levels + 256u + level(pixel, 1u)],
    scaled[levels + 512u + level(pixel, 2u)],
  );
  // Elevated, then rounded to multiples of d + 1.
  var origin: array<i32, ${CORNERS}>;
  var difference: array<i32, ${CORNERS}>;
  var excess = 0;
  var sum = vec2i(0);
  for (var i = ${DIMENSION}; i >= 0; i--) {
    var elevated = sum;
    if (i > 0) {
      elevated -= i * features[i - 1];
      sum += features[i - 1];
    }
    let whole = elevated.x + (elevated.y >> ${FRACTION_BITS}u);
    let nearest = (whole + 3 + ${CORNERS} * OFFSET) / ${CORNERS} - OFFSET;
    origin[i] = ${CORNERS} * nearest;
    difference[i] = (whole - origin[i]) * ONE + (elevated.y & (ONE - 1));
    excess += nearest;
  }
  // How many differences are larger; of equals the first leads.
  var rank: array<i32, ${CORNERS}>;
  for (var i = 0; i < ${CORNERS}; i++) {
    for (var j = i + 1; j < ${CORNERS}; j++) {
      if (difference[i] < difference[j]) { rank[i]++; } else { rank[j]++; }
    }
  }
  // Those rounded furthest move until the origin sums to 0.
  var order: array<i32, ${CORNERS}>;
  var sorted: array<i32, ${CORNERS}>;
  for (var i = 0; i < ${CORNERS}; i++) {
    var r = rank[i] + excess;
    if (r < 0) {
      r += ${CORNERS};
      origin[i] += ${CORNERS};
      difference[i] -= ${CORNERS} * ONE;
    } else if (r >= ${CORNERS}) {
      r -= ${CORNERS};
      origin[i] -= ${CORNERS};
      difference[i] += ${CORNERS} * ONE;
    }
    order[r] = i;
    sorted[r] = difference[i];
  }
  var key: array<u32, ${CORNERS}>;
  for (var i = 0; i < ${DIMENSION}; i++) {
    let digit = bitcast<u32>(origin[i]) - packing[i];
    key[packing[10 + i]] += digit * packing[5 + i];
  }
  key[packing[16]] += pixel / params.picturePixels * packing[15];
  for (var k = 0; k < ${CORNERS}; k++) {
    var units = ${CORNERS} * ONE + sorted[${DIMENSION}] - sorted[0];
    if (k > 0) {
      let moved = ${CORNERS} - k;
      units = sorted[moved - 1] - sorted[moved];
      for (var w = 0u; w < params.words; w++) {
        key[w] += packing[17u + u32(order[moved]) * params.words + w];
      }
    }
    let corner = pixel * ${CORNERS}u + u32(k);
    for (var w = 0u; w < params.words; w++) {
      keys[corner * params.words + w] = key[w];
    }
    let weight = f32(units) / f32(${CORNERS} * ONE);
    corners[corner] = vec2u(0u, bitcast<u32>(weight));
  }
}
`,
};

/** Puts a corner of each vertex, + 1, in a slot; each corner keeps the slot. */
const insert: KernelSource = {
  buffers: {
    keys: "read array<u32>",
    slots: "read_write array<atomic<u32>>",
    corners: "read_write array<vec2u>",
  },
  items: `params.pixels * ${CORNERS}u`,
  code: /* wgsl */ `
${hashOf("keys")}
fn isSame(a: u32, b: u32) -> bool {
  for (var w = 0u; w < params.words; w++) {
    if (keys[a * params.words + w] != keys[b * params.words + w]) {
      return false;
    }
  }
  return true;
}

fn work(corner: u32) {
  var slot = hash(corner * params.words);
  loop {
    var held = atomicLoad(&slots[slot]);
    if (held == 0u) {
      let tried = atomicCompareExchangeWeak(&slots[slot], 0u, corner + 1u);
      if (tried.exchanged) { break; }
      held = tried.old_value;
      // A weak exchange may fail for no reason.
      if (held == 0u) { continue; }
    }
    if (isSame(held - 1u, corner)) { break; }
    slot = (slot + 1u) & params.slotMask;
  }
  corners[corner].x = slot;
}
`,
};

/** Numbers the vertices; their slots then hold the number. */
const number: KernelSource = {
  buffers: {
    corners: "read array<vec2u>",
    keys: "read array<u32>",
    slots: "read_write array<atomic<u32>>",
    vertexKeys: "read_write array<u32>",
    counts: "read_write array<atomic<u32>>",
  },
  items: null,
  code: /* wgsl */ `
var<workgroup> found: atomic<u32>;
var<workgroup> first: u32;

@compute @workgroup_size(256)
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let cornerCount = params.pixels * ${CORNERS}u;
  for (
    var start = group.x * 256u;
    start < cornerCount;
    start += groups.x * 256u
  ) {
    if (lane == 0u) { atomicStore(&found, 0u); }
    workgroupBarrier();
    let corner = start + lane;
    var slot = 0u;
    var isChosen = false;
    var place = 0u;
    if (corner < cornerCount) {
      slot = corners[corner].x;
      isChosen = atomicLoad(&slots[slot]) == corner + 1u;
    }
    if (isChosen) { place = atomicAdd(&found, 1u); }
    workgroupBarrier();
    if (lane == 0u) { first = atomicAdd(&counts[0], atomicLoad(&found)); }
    workgroupBarrier();
    if (isChosen) { name(corner, slot, first + place); }
  }
}

// Beyond the capacity the count alone matters: the run is done again.
fn name(corner: u32, slot: u32, vertex: u32) {
  let kept = min(vertex, params.capacity - 1u);
  atomicStore(&slots[slot], ${NUMBERED}u | kept);
  for (var w = 0u; w < params.words; w++) {
    vertexKeys[kept * params.words + w] = keys[corner * params.words + w];
  }
}
`,
};

/** Each corner gets its vertex; each vertex the number of its corners. */
const place: KernelSource = {
  buffers: {
    slots: "read array<u32>",
    corners: "read_write array<vec2u>",
    sharers: "read_write array<atomic<u32>>",
  },
  items: `params.pixels * ${CORNERS}u`,
  code: /* wgsl */ `
fn work(corner: u32) {
  let vertex = slots[corners[corner].x] & ${NUMBERED - 1}u;
  corners[corner].x = vertex;
  atomicAdd(&sharers[vertex], 1u);
}
`,
};

/**
 * The two neighbours of each vertex along each axis, + 1; 0 for none. One
 * look-up finds both directions.
 */
const neighbour: KernelSource = {
  buffers: {
    counts: "read array<u32>",
    slots: "read array<u32>",
    packing: "read array<u32>",
    vertexKeys: "read array<u32>",
    neighbours: "read_write array<u32>",
  },
  items: `min(counts[0], params.capacity) * ${CORNERS}u`,
  code: /* wgsl */ `
var<private> sought: array<u32, ${CORNERS}>;
${hashOf("sought")}
fn work(i: u32) {
  let vertexCount = min(counts[0], params.capacity);
  let axis = i / vertexCount;
  let vertex = i % vertexCount;
  for (var w = 0u; w < params.words; w++) {
    sought[w] = vertexKeys[vertex * params.words + w] +
      packing[17u + axis * params.words + w];
  }
  var slot = hash(0u);
  loop {
    let held = slots[slot];
    if (held == 0u) { return; }
    let after = held & ${NUMBERED - 1}u;
    if (isSought(after)) {
      let row = axis * params.capacity;
      neighbours[2u * (row + vertex) + 1u] = after + 1u;
      neighbours[2u * (row + after)] = vertex + 1u;
      return;
    }
    slot = (slot + 1u) & params.slotMask;
  }
}

fn isSought(vertex: u32) -> bool {
  for (var w = 0u; w < params.words; w++) {
    if (vertexKeys[vertex * params.words + w] != sought[w]) { return false; }
  }
  return true;
}
`,
};

/** In the order in which they are run. */
export const LATTICE_KERNELS = { locate, insert, number, place, neighbour };
