/**
 * Trees that were read or made not long ago: planning looks at the same ones
 * several times, and reading one means hashing and decoding its list.
 *
 * @module
 */
import type { Digest } from "./digest.ts";
import type { Tree } from "./tree.ts";

/** Entries kept, about 200 bytes each. */
const MAX_ENTRIES = 500_000;

/** Trees by digest; all are forgotten when they have become too many. */
export class TreeMemory {
  readonly #trees = new Map<Digest, Tree>();
  #entries = 0;

  get(digest: Digest): Tree | undefined {
    return this.#trees.get(digest);
  }

  set(digest: Digest, tree: Tree): void {
    if (this.#entries + tree.length > MAX_ENTRIES) this.#clear();
    if (!this.#trees.has(digest)) this.#entries += tree.length;
    this.#trees.set(digest, tree);
  }

  delete(digest: Digest): void {
    this.#entries -= this.#trees.get(digest)?.length ?? 0;
    this.#trees.delete(digest);
  }

  #clear(): void {
    this.#trees.clear();
    this.#entries = 0;
  }
}
