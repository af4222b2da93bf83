/**
 * Neighbouring lattice vertices along an axis, and the blur along them.
 *
 * Along an axis the vertices form lines with gaps: runs. Most are short, and
 * one vertex in five has no neighbour at all: it needs no blur and is left
 * out. A run is blurred in place, as each vertex is in one run only.
 *
 * An axis is stored as uint32: how many runs of 2, of 3 and of 4 vertices
 * there are and how many words the longer ones take; then the vertices of the
 * runs of 2, of 3, of 4, and for each longer one its length and its vertices.
 *
 * @module
 */
import { SIDES } from "./addresses.ts";
import {
  findVertex,
  keysAddress,
  MISSING,
  reserve,
  vertexCount,
} from "./vertex_table.ts";

/**
 * Writes the runs along one axis.
 *
 * @param step What a lattice step along the axis is worth in a key.
 * @param out Where the axis is stored.
 * @param spare Memory that may be overwritten, uint32 `[6, M]` and no less
 *   than 64 bytes; lies before `out`.
 * @returns The address behind the axis; 0: no memory.
 */
export function writeRuns(step: u64, out: usize, spare: usize): usize {
  const count = vertexCount();
  const size = <usize> count << 2;
  const next = spare;
  // 1 at a vertex that another one leads to.
  const isLedTo = next + size;
  if (!reserve(<u64> out + 2 * <u64> size + 64)) return 0;
  linkVertices(step, next, isLedTo);
  const twos = out + 16;
  let ofTwo = twos;
  const threes = isLedTo + size;
  let ofThree = threes;
  const fours = threes + size;
  let ofFour = fours;
  const others = fours + size;
  let ofMore = others;
  for (let vertex: u32 = 0; vertex < count; vertex++) {
    const second = load<u32>(next + (<usize> vertex << 2));
    if (second == MISSING || load<u8>(isLedTo + vertex)) continue;
    const third = load<u32>(next + (<usize> second << 2));
    if (third == MISSING) {
      store<u32>(ofTwo, vertex);
      store<u32>(ofTwo, second, 4);
      ofTwo += 8;
      continue;
    }
    const fourth = load<u32>(next + (<usize> third << 2));
    if (fourth == MISSING) {
      store<u32>(ofThree, vertex);
      store<u32>(ofThree, second, 4);
      store<u32>(ofThree, third, 8);
      ofThree += 12;
      continue;
    }
    let more = load<u32>(next + (<usize> fourth << 2));
    if (more == MISSING) {
      store<u32>(ofFour, vertex);
      store<u32>(ofFour, second, 4);
      store<u32>(ofFour, third, 8);
      store<u32>(ofFour, fourth, 12);
      ofFour += 16;
      continue;
    }
    const length = ofMore;
    store<u32>(ofMore, vertex, 4);
    store<u32>(ofMore, second, 8);
    store<u32>(ofMore, third, 12);
    store<u32>(ofMore, fourth, 16);
    ofMore += 20;
    while (more != MISSING) {
      store<u32>(ofMore, more);
      ofMore += 4;
      more = load<u32>(next + (<usize> more << 2));
    }
    store<u32>(length, <u32> ((ofMore - length) >> 2) - 1);
  }
  memory.copy(ofTwo, threes, ofThree - threes);
  let end = ofTwo + (ofThree - threes);
  memory.copy(end, fours, ofFour - fours);
  end += ofFour - fours;
  memory.copy(end, others, ofMore - others);
  end += ofMore - others;
  store<u32>(out, <u32> ((ofTwo - twos) >> 3));
  store<u32>(out, <u32> ((ofThree - threes) / 12), 4);
  store<u32>(out, <u32> ((ofFour - fours) >> 4), 8);
  store<u32>(out, <u32> ((ofMore - others) >> 2), 12);
  return end;
}

/** The vertex one step further, for each; marks those that are. */
function linkVertices(step: u64, next: usize, isLedTo: usize): void {
  const count = vertexCount();
  const keys = keysAddress();
  memory.fill(isLedTo, 0, count);
  for (let vertex: u32 = 0; vertex < count; vertex++) {
    const after = findVertex(load<u64>(keys + (<usize> vertex << 3)) + step);
    store<u32>(next + (<usize> vertex << 2), after);
    if (after != MISSING) store<u8>(isLedTo + after, 1);
  }
}

/** What a blur takes of each neighbour: BLUR_SIDE in lattice_shape.ts. */
const SIDE: f32 = 1.0 / 3.0;
// In memory, as the numbers of exponential.ts are.
v128.store(SIDES, f32x4.splat(SIDE));

/** Address of the value of the vertex whose number is stored at `at`. */
// @ts-ignore: decorator
@inline
function one(values: usize, at: usize): usize {
  return values + (<usize> load<u32>(at) << 2);
}

/**
 * [1/3, 1, 1/3] along one axis, one value a vertex; returns the address behind
 * the axis.
 */
export function blurOne(axis: usize, values: usize): usize {
  const side = load<f32>(SIDES);
  let at = axis + 16;
  let end = at + (<usize> load<u32>(axis) << 3);
  for (; at < end; at += 8) {
    const pa = one(values, at);
    const pb = one(values, at + 4);
    const a = load<f32>(pa);
    const b = load<f32>(pb);
    store<f32>(pa, a + side * b);
    store<f32>(pb, b + side * a);
  }
  end = at + <usize> load<u32>(axis, 4) * 12;
  for (; at < end; at += 12) {
    const pa = one(values, at);
    const pb = one(values, at + 4);
    const pc = one(values, at + 8);
    const a = load<f32>(pa);
    const b = load<f32>(pb);
    const c = load<f32>(pc);
    store<f32>(pa, a + side * b);
    store<f32>(pb, b + side * (a + c));
    store<f32>(pc, c + side * b);
  }
  end = at + (<usize> load<u32>(axis, 8) << 4);
  for (; at < end; at += 16) {
    const pa = one(values, at);
    const pb = one(values, at + 4);
    const pc = one(values, at + 8);
    const pd = one(values, at + 12);
    const a = load<f32>(pa);
    const b = load<f32>(pb);
    const c = load<f32>(pc);
    const d = load<f32>(pd);
    store<f32>(pa, a + side * b);
    store<f32>(pb, b + side * (a + c));
    store<f32>(pc, c + side * (b + d));
    store<f32>(pd, d + side * c);
  }
  end = at + (<usize> load<u32>(axis, 12) << 2);
  while (at < end) {
    const last = at + (<usize> load<u32>(at) << 2);
    let here = one(values, at + 4);
    let value = load<f32>(here);
    let before: f32 = 0;
    for (at += 8; at <= last; at += 4) {
      const there = one(values, at);
      const after = load<f32>(there);
      store<f32>(here, value + side * (before + after));
      before = value;
      value = after;
      here = there;
    }
    store<f32>(here, value + side * before);
  }
  return end;
}

/** The same for a multiple of four values a vertex, `stride` bytes. */
export function blurMany(axis: usize, values: usize, stride: usize): usize {
  const side = v128.load(SIDES);
  let at = axis + 16;
  let end = at + (<usize> load<u32>(axis) << 3);
  for (; at < end; at += 8) {
    const pa = values + <usize> load<u32>(at) * stride;
    const pb = values + <usize> load<u32>(at, 4) * stride;
    for (let c: usize = 0; c < stride; c += 16) {
      const a = v128.load(pa + c);
      const b = v128.load(pb + c);
      v128.store(pa + c, f32x4.add(a, f32x4.mul(side, b)));
      v128.store(pb + c, f32x4.add(b, f32x4.mul(side, a)));
    }
  }
  end = at + <usize> load<u32>(axis, 4) * 12;
  for (; at < end; at += 12) {
    const pa = values + <usize> load<u32>(at) * stride;
    const pb = values + <usize> load<u32>(at, 4) * stride;
    const pc = values + <usize> load<u32>(at, 8) * stride;
    for (let i: usize = 0; i < stride; i += 16) {
      const a = v128.load(pa + i);
      const b = v128.load(pb + i);
      const c = v128.load(pc + i);
      v128.store(pa + i, f32x4.add(a, f32x4.mul(side, b)));
      v128.store(pb + i, f32x4.add(b, f32x4.mul(side, f32x4.add(a, c))));
      v128.store(pc + i, f32x4.add(c, f32x4.mul(side, b)));
    }
  }
  end = at + (<usize> load<u32>(axis, 8) << 4);
  for (; at < end; at += 16) {
    const pa = values + <usize> load<u32>(at) * stride;
    const pb = values + <usize> load<u32>(at, 4) * stride;
    const pc = values + <usize> load<u32>(at, 8) * stride;
    const pd = values + <usize> load<u32>(at, 12) * stride;
    for (let i: usize = 0; i < stride; i += 16) {
      const a = v128.load(pa + i);
      const b = v128.load(pb + i);
      const c = v128.load(pc + i);
      const d = v128.load(pd + i);
      v128.store(pa + i, f32x4.add(a, f32x4.mul(side, b)));
      v128.store(pb + i, f32x4.add(b, f32x4.mul(side, f32x4.add(a, c))));
      v128.store(pc + i, f32x4.add(c, f32x4.mul(side, f32x4.add(b, d))));
      v128.store(pd + i, f32x4.add(d, f32x4.mul(side, c)));
    }
  }
  end = at + (<usize> load<u32>(axis, 12) << 2);
  while (at < end) {
    const last = at + (<usize> load<u32>(at) << 2);
    for (let i: usize = 0; i < stride; i += 16) {
      let here = values + <usize> load<u32>(at, 4) * stride + i;
      let value = v128.load(here);
      let before = f32x4.splat(0);
      for (let next = at + 8; next <= last; next += 4) {
        const there = values + <usize> load<u32>(next) * stride + i;
        const after = v128.load(there);
        const sides = f32x4.add(before, after);
        v128.store(here, f32x4.add(value, f32x4.mul(side, sides)));
        before = value;
        value = after;
        here = there;
      }
      v128.store(here, f32x4.add(value, f32x4.mul(side, before)));
    }
    at = last + 4;
  }
  return end;
}
