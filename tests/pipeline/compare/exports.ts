/**
 * Exports by hand.
 *
 * @module
 */
import type { Export } from "../../../pipeline/compare/archive.ts";
import {
  encodeManifest,
  type Manifest,
  manifestOf,
} from "../../../pipeline/compare/manifest.ts";
import { digestOf } from "../../../pipeline/store/digest.ts";
import { record, step } from "./run_records.ts";

/** Text as bytes. */
export const bytesOf = (text: string) => new TextEncoder().encode(text);

/** An export of files with these texts. */
export function exportOf(texts: Record<string, string>): Export {
  const files = new Map(
    Object.entries(texts).map(([path, text]) => [path, bytesOf(text)]),
  );
  const members = [...files].map(([path, bytes]) => ({
    path,
    sizeBytes: bytes.length,
    sha256: digestOf(bytes),
  }));
  const steps = [step({ id: "a", outputs: { text: "one" } })];
  return { manifest: manifestOf(record(steps), members), files };
}

/** One of two files. */
export const SMALL = exportOf({
  "outputs/a.text.txt": "one",
  "outputs/b.texts/x.txt": "two",
});

/** A manifest as it is written. */
export function manifestText({ manifest }: { manifest: Manifest }): string {
  return new TextDecoder().decode(encodeManifest(manifest));
}
