/**
 * The pictures of a run as files that a page can show: pictures, thumbnails,
 * and scripts with label maps.
 *
 * @module
 */
import type { Box } from "../geometry/box.ts";
import type { Size } from "../geometry/size.ts";
import { type LeftOut, whyUnreadable } from "../figure/left_out.ts";
import { decodeImage } from "../image/decode_image.ts";
import { imageFormat, imageSize } from "../image/image_size.ts";
import { encodeJpeg } from "../image/jpeg.ts";
import { UnreadableFileError } from "../image/unreadable_file.ts";
import { type LabelMap, VOID } from "../label/label_map.ts";
import { VOC_PALETTE } from "../label/palette.ts";
import {
  type BrowserData,
  type BrowserPicture,
  type BrowserSet,
  SHARD_SIZE,
} from "./browser_data.ts";
import {
  OVERLAY_HEAD_LENGTH,
  OVERLAY_PALETTE,
  overlayBase64,
} from "./overlay_png.ts";
import type { PageItems } from "./page_source.ts";
import type { PictureSet } from "./picture_sets.ts";
import { scorePicture } from "../metric/picture_score.ts";
import { fittedSize, shrinkImage } from "../image/shrink_image.ts";

/** Longer side of thumbnails, px: the cells of the grid on a fine screen. */
const THUMBNAIL_PX = 320;

/** Pictures that are no longer than a thumbnail and no larger need none. */
const SMALL_BYTES = 32_768;

/** Of thumbnails. */
const JPEG_QUALITY = 72;

/** Ground truth among layers, whose keys begin with a letter. */
const TRUTH_KEY = "_truth";

/**
 * Writes all pictures of some sets into `pictures/`, `thumbnails/` and
 * `labels/` of a folder, and gives what the page's script must know of them.
 *
 * A picture or mask that cannot be read is left out, which a note says.
 *
 * @param leftOut Grows by these.
 * @throws {Deno.errors.NotFound} When the folder is not there.
 */
export async function writePictures(
  sets: readonly PictureSet[],
  { folder, leftOut }: { folder: string; leftOut: LeftOut },
): Promise<BrowserData> {
  const written: BrowserSet[] = [];
  for (const set of sets) {
    written.push(await writeSet(set, { folder, leftOut }));
  }
  const labelCount = 1 +
    Math.max(0, ...sets.map(({ classes }) => classes.length));
  return {
    sets: written,
    colours: VOC_PALETTE.slice(0, labelCount)
      .map((colour) => `rgb(${colour.join(" ")})`),
    shardSize: SHARD_SIZE,
    headLength: OVERLAY_HEAD_LENGTH,
    palette: OVERLAY_PALETTE,
  };
}

/** A set while it is written. */
interface Writing {
  readonly set: PictureSet;
  readonly folder: string;
  readonly shards: LabelShards;
  /** Grows by what could not be shown. */
  readonly notes: string[];
  /** Of it, what lies in folders of the user's. */
  readonly leftOut: LeftOut;
}

async function writeSet(
  set: PictureSet,
  { folder, leftOut }: { folder: string; leftOut: LeftOut },
): Promise<BrowserSet> {
  const { key, title, classes } = set;
  for (const kind of set.pictures ? ["pictures", "thumbnails"] : []) {
    Deno.mkdirSync(`${folder}/${kind}/${key}`, { recursive: true });
  }
  const shards = new LabelShards(folder, key);
  const notes = [...set.notes];
  const pictures: BrowserPicture[] = [];
  for (const [i, id] of set.ids.entries()) {
    if (i % SHARD_SIZE === 0) shards.flush();
    const writing = { set, folder, shards, notes, leftOut };
    pictures.push(await writePicture(id, writing));
  }
  shards.flush();
  const layers = set.layers.map(({ key, title }) => ({ key, title }));
  const truth = set.truth === null ? null : TRUTH_KEY;
  return { key, title, classes, layers, truth, pictures, notes };
}

async function writePicture(
  id: string,
  writing: Writing,
): Promise<BrowserPicture> {
  const { set } = writing;
  const { width, height, boxes } = await set.boxes.read(id) as Size & {
    boxes: Box[];
  };
  const truth = await addLabels(
    id,
    { key: TRUTH_KEY, items: set.truth },
    writing,
  );
  const scores: LabelScore[] = [];
  for (const layer of set.layers) {
    const labels = await addLabels(id, layer, writing);
    scores.push(scoreOf(id, { truth, labels, ...writing }));
  }
  const shown = [boxes.map(({ classId }) => classId), classesIn(truth)].flat();
  return {
    id,
    width,
    height,
    ...await writeImage(id, { width, height }, writing),
    boxes: boxes.map((
      { classId, x0, y0, x1, y1 },
    ) => [classId, x0, y0, x1, y1]),
    iou: scores.map(({ meanIou }) => perMille(meanIou)),
    classIou: scores.map(({ classIous }) => inPerMille(classIous)),
    classes: [...new Set(shown)].sort((a, b) => a - b),
  };
}

/** What a picture is shown by: paths, null when it cannot be shown. */
type Shown = Pick<BrowserPicture, "picture" | "thumbnail">;

/** @param size That it had when the run read it. */
async function writeImage(
  id: string,
  size: Size,
  { set, folder, notes, leftOut }: Writing,
): Promise<Shown> {
  const { key, pictures } = set;
  const hidden = { picture: null, thumbnail: null };
  if (pictures === null) return hidden;
  try {
    const path = pictures.path(id);
    const bytes = Deno.readFileSync(path);
    const format = imageFormat(bytes, path);
    assertSize(imageSize(bytes, path), size, path);
    // Small ones too, as none may be cut short.
    const image = await decodeImage(bytes, path);
    const picture = `pictures/${key}/${id}.${format === "png" ? "png" : "jpg"}`;
    // Browsers know no PPM.
    const kept = format === "ppm" ? await encodeJpeg(image, 90) : bytes;
    Deno.writeFileSync(`${folder}/${picture}`, kept);
    if (kept.length <= SMALL_BYTES) return { picture, thumbnail: picture };
    const thumbnail = `thumbnails/${key}/${id}.jpg`;
    const small = shrinkImage(image, fittedSize(image, THUMBNAIL_PX));
    const jpeg = await encodeJpeg(small, JPEG_QUALITY);
    Deno.writeFileSync(`${folder}/${thumbnail}`, jpeg);
    return { picture, thumbnail };
  } catch (error) {
    notes.push(leftOut.add("Picture", id, whyUnreadable(error)));
    return hidden;
  }
}

/** Labels and boxes would lie anywhere on another picture. */
function assertSize(found: Size, size: Size, path: string): void {
  if (found.width === size.width && found.height === size.height) return;
  throw new UnreadableFileError(path, {
    rule: `it must be ${size.width} × ${size.height} px, as the run read it`,
    found: `it is ${found.width} × ${found.height} px`,
  });
}

/** Label maps by layer, until there are enough for a script. */
class LabelShards {
  #written = 0;
  readonly #pending = new Map<string, (string | null)[]>();

  constructor(readonly folder: string, readonly set: string) {}

  add(layer: string, overlay: string | null): void {
    const pending = this.#pending.get(layer) ?? [];
    this.#pending.set(layer, [...pending, overlay]);
  }

  /** Writes what there is; nothing when nothing is. */
  flush(): void {
    if (this.#pending.size === 0) return;
    for (const [layer, overlays] of this.#pending) {
      const path = `labels/${this.set}/${layer}`;
      Deno.mkdirSync(`${this.folder}/${path}`, { recursive: true });
      const name = `${path}/${this.#written}.js`;
      const call = `boxfillLabels("${name}", ${JSON.stringify(overlays)});\n`;
      Deno.writeTextFileSync(`${this.folder}/${name}`, call);
    }
    this.#written++;
    this.#pending.clear();
  }
}

async function addLabels(
  id: string,
  { key, items }: { key: string; items: PageItems | null },
  writing: Writing,
): Promise<LabelMap | null> {
  const labels = items?.has(id)
    ? await readLabels(id, { key, items }, writing)
    : null;
  const path = labels === null ? null : items!.path(id);
  const overlay = path && overlayBase64(Deno.readFileSync(path), path);
  writing.shards.add(key, overlay);
  return labels;
}

async function readLabels(
  id: string,
  { key, items }: { key: string; items: PageItems },
  { notes, leftOut }: Writing,
): Promise<LabelMap | null> {
  try {
    return await items.read(id) as LabelMap;
  } catch (error) {
    const why = whyUnreadable(error);
    notes.push(
      key === TRUTH_KEY
        ? leftOut.add("Truth", id, why)
        : `Labels of ${id} are not shown: ${why}`,
    );
    return null;
  }
}

/** Of labels in a picture; null where there is no truth to score them by. */
interface LabelScore {
  readonly meanIou: number | null;
  /** By id of each class in the labels or the truth. */
  readonly classIous: Readonly<Record<number, number | null>>;
}

function scoreOf(
  imageId: string,
  { truth, labels, set, notes }: {
    truth: LabelMap | null;
    labels: LabelMap | null;
    set: PictureSet;
    notes: string[];
  },
): LabelScore {
  const nulls = classesIn(labels).map((label) => [label, null]);
  const unscored = { meanIou: null, classIous: Object.fromEntries(nulls) };
  if (truth === null || labels === null) return unscored;
  try {
    const maps = { imageId, truth, prediction: labels };
    const score = scorePicture(maps, set.classes.length + 1);
    // A class may be labelled only where the truth is void.
    return {
      ...score,
      classIous: { ...unscored.classIous, ...score.classIous },
    };
  } catch (error) {
    notes.push(whyUnreadable(error));
    return unscored;
  }
}

function classesIn(labels: LabelMap | null): number[] {
  // Flags: a set of all pixels takes longer than to score them.
  const isSeen = new Uint8Array(VOID + 1);
  const data = labels?.data ?? new Uint8Array();
  for (let p = 0; p < data.length; p++) isSeen[data[p]!] = 1;
  return [...isSeen.keys()].filter((label) =>
    isSeen[label] === 1 && label !== 0 && label !== VOID
  );
}

function inPerMille(
  shares: LabelScore["classIous"],
): Record<number, number | null> {
  return Object.fromEntries(
    Object.entries(shares).map(([label, share]) => [label, perMille(share)]),
  );
}

function perMille(share: number | null): number | null {
  return share === null ? null : Math.round(share * 1000);
}
