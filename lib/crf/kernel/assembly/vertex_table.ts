/**
 * Lattice points by their keys: a hash table in linear memory.
 *
 * A key is a sum of the point's coordinates, each times a 64-bit number of its
 * own, so that a lattice step is one addition (`lattice_keys.ts` chooses them).
 *
 * @module
 */

/** What `findVertex` answers for a point that the table does not hold. */
export const MISSING: u32 = 0xffffffff;

// A slot is 4 bytes: number of the vertex + 1, 0 when free, in as many low bits
// as number the slots, and bits of its hash in the rest. Below the slots lie the
// keys, 8 bytes each, in the order of numbers.
let keys: usize = 0;
let slots: usize = 0;
/** log2 of the number of slots. */
let slotBits: u64 = 0;
let count: u32 = 0;

/** Opens an empty table of 2^bits slots at an address; false: no memory. */
export function openTable(at: usize, bits: u32): bool {
  keys = at;
  count = 0;
  return layOut(bits);
}

/** Keys of half as many vertices, then the slots. */
function layOut(bits: u32): bool {
  slotBits = bits;
  const keyBytes: u64 = (<u64> 8) << (bits - 1);
  const end: u64 = keys + 2 * keyBytes;
  if (!reserve(end)) return false;
  slots = keys + <usize> keyBytes;
  memory.fill(slots, 0, <usize> keyBytes);
  return true;
}

/** Pages of 64 KiB that may be in use. */
let mostPages: u64 = 65536;

/** Sets how many pages of 64 KiB may be in use: up to 65536. */
export function limitMemory(pages: u32): void {
  mostPages = pages;
}

/** Makes the memory reach to this address; false: there is not as much. */
export function reserve(end: u64): bool {
  const pages: u64 = (end + 0xffff) >> 16;
  if (pages > mostPages) return false;
  const more = <i32> pages - memory.size();
  return more <= 0 || memory.grow(more) >= 0;
}

/** Vertices in the table. */
export function vertexCount(): u32 {
  return count;
}

/** Address of the keys, uint64 `[M]`. */
// @ts-ignore: decorator
@inline
export function keysAddress(): usize {
  return keys;
}

/** Where the memory of the table ends. */
export function tableEnd(): usize {
  return slots + (<usize> 4 << <usize> slotBits);
}

// @ts-ignore: decorator
@inline
function hashOf(key: u64): u64 {
  return key * 0x9e3779b97f4a7c15;
}

/** The bits of a hash that a slot holds. */
// @ts-ignore: decorator
@inline
function tagOf(hash: u64): u32 {
  return <u32> (hash << slotBits >> (slotBits + 32));
}

/** Number of the vertex, a new one if needed; MISSING: no memory. */
// @ts-ignore: decorator
@inline
export function addVertex(key: u64): u32 {
  const hash = hashOf(key);
  const mask = (<u32> 1 << <u32> slotBits) - 1;
  let slot = <u32> (hash >> (64 - slotBits));
  const tag = tagOf(hash);
  while (true) {
    const held = load<u32>(slots + (<usize> slot << 2));
    if (held == 0) return append(key, slot, tag);
    if (held >> <u32> slotBits == tag) {
      const vertex = (held & mask) - 1;
      if (load<u64>(keys + (<usize> vertex << 3)) == key) return vertex;
    }
    slot = (slot + 1) & mask;
  }
}

function append(key: u64, slot: u32, tag: u32): u32 {
  const vertex = count++;
  store<u64>(keys + (<usize> vertex << 3), key);
  store<u32>(slots + (<usize> slot << 2), tag << <u32> slotBits | count);
  if (count < <u32> 1 << (<u32> slotBits - 1)) return vertex;
  return grow() ? vertex : MISSING;
}

/** Twice as many slots. The keys stay; the slots are made anew. */
function grow(): bool {
  if (!layOut(<u32> slotBits + 1)) return false;
  const mask = (<u32> 1 << <u32> slotBits) - 1;
  for (let vertex: u32 = 0; vertex < count; vertex++) {
    const hash = hashOf(load<u64>(keys + (<usize> vertex << 3)));
    let slot = <u32> (hash >> (64 - slotBits));
    while (load<u32>(slots + (<usize> slot << 2)) != 0) slot = (slot + 1) & mask;
    store<u32>(
      slots + (<usize> slot << 2),
      tagOf(hash) << <u32> slotBits | (vertex + 1),
    );
  }
  return true;
}

/** Number of the vertex, or MISSING. */
// @ts-ignore: decorator
@inline
export function findVertex(key: u64): u32 {
  const hash = hashOf(key);
  const mask = (<u32> 1 << <u32> slotBits) - 1;
  let slot = <u32> (hash >> (64 - slotBits));
  const tag = tagOf(hash);
  while (true) {
    const held = load<u32>(slots + (<usize> slot << 2));
    if (held == 0) return MISSING;
    if (held >> <u32> slotBits == tag) {
      const vertex = (held & mask) - 1;
      if (load<u64>(keys + (<usize> vertex << 3)) == key) return vertex;
    }
    slot = (slot + 1) & mask;
  }
}
