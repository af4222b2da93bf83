/**
 * What the page's own script reads: the pictures of a run, as JSON.
 *
 * Label maps are not in it: they come in scripts of {@link SHARD_SIZE} pictures
 * each, loaded when one of them is to be seen, as a page that lies in a folder
 * may load scripts and nothing else.
 *
 * @module
 */

/** Pictures whose label maps come in one script. */
export const SHARD_SIZE = 100;

/** Labels of the pictures of a set, by one step. */
export interface BrowserLayer {
  /** Part of file names: letters, digits, `-` and `_`. */
  readonly key: string;
  /** For people: `bcm, with CRF`. */
  readonly title: string;
}

/** One picture; paths are relative to the page's folder. */
export interface BrowserPicture {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  /** Null when the picture is gone or cannot be read. */
  readonly picture: string | null;
  readonly thumbnail: string | null;
  /** Class id, then x0, y0, x1, y1 in px, half-open. */
  readonly boxes: readonly (readonly number[])[];
  /** By layer: mean IoU in per mille, or null. */
  readonly iou: readonly (number | null)[];
  /** By layer: IoU in per mille, or null, by id of each class in its labels. */
  readonly classIou: readonly Readonly<Record<number, number | null>>[];
  /** Ids of the classes in its boxes or truth, ascending. */
  readonly classes: readonly number[];
}

/** The pictures of one split of a data set. */
export interface BrowserSet {
  /** The step that lists them; part of file names. */
  readonly key: string;
  readonly title: string;
  /** By class id less 1. */
  readonly classes: readonly string[];
  readonly layers: readonly BrowserLayer[];
  /** The layer of the ground truth's files; null when there is none. */
  readonly truth: string | null;
  readonly pictures: readonly BrowserPicture[];
  /** What could not be shown, for people. */
  readonly notes: readonly string[];
}

/** All that the script reads. */
export interface BrowserData {
  readonly sets: readonly BrowserSet[];
  /** CSS colours by class id, background first. */
  readonly colours: readonly string[];
  /** `SHARD_SIZE`, and of overlay_png.ts what joins its texts to pictures. */
  readonly shardSize: number;
  readonly headLength: number;
  readonly palette: string;
}
