/**
 * Stores in folders that are removed after the test.
 *
 * @module
 */
import { Store } from "../../pipeline/store/store.ts";

/** A store in a temporary folder, with room for other files beside it. */
export class TemporaryStore implements Disposable {
  readonly folder = Deno.realPathSync(
    Deno.makeTempDirSync({ prefix: "store_" }),
  );
  readonly store = new Store(`${this.folder}/.store`);

  /** Writes a file beside the store; gives its path. */
  write(path: string, content: string): string {
    const full = `${this.folder}/${path}`;
    Deno.mkdirSync(full.slice(0, full.lastIndexOf("/")), { recursive: true });
    Deno.writeTextFileSync(full, content);
    return full;
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.folder, { recursive: true });
  }
}

/** Text as bytes. */
export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
