/**
 * VOC 2012 of four images, served from loopback.
 *
 * @module
 */
import { createHash } from "node:crypto";
import {
  type FetchEvent,
  fetchVoc,
  type FetchVocOptions,
} from "../../../lib/dataset/fetch_voc.ts";
import {
  VOC_SOURCES,
  type VocSources,
} from "../../../lib/dataset/voc_sources.ts";
import { makeTar, makeZip } from "./_archives.ts";

/** Image ids of each split. */
export const TRAIN = ["2007_000001", "2007_000002"];
const VAL = ["2007_000003"];
export const TRAIN_AUG = ["2007_000001", "2007_000002", "2008_000004"];
const ALL = [...TRAIN_AUG, ...VAL];
const VOC = "VOCdevkit/VOC2012";
export const SETS = "ImageSets/Segmentation";

/** VOC, made small. */
export const TAR = await makeTar([
  ...ALL.map((id) => ({ name: `${VOC}/JPEGImages/${id}.jpg`, text: "jpg" })),
  ...ALL.map((id) => ({ name: `${VOC}/Annotations/${id}.xml`, text: "<a/>" })),
  ...[...TRAIN, ...VAL].map((id) => ({
    name: `${VOC}/SegmentationClass/${id}.png`,
    text: "png",
  })),
  { name: `${VOC}/${SETS}/train.txt`, text: lines(TRAIN) },
  { name: `${VOC}/${SETS}/val.txt`, text: lines(VAL) },
  { name: `${VOC}/SegmentationObject/2007_000001.png`, text: "not wanted" },
]);
/** Masks for all ids. */
export const ZIP = makeZip([
  ...ALL.map((id) => ({ name: `SegmentationClassAug/${id}.png`, text: "aug" })),
  { name: "__MACOSX/._SegmentationClassAug", text: "clutter" },
]);
export const LIST = new TextEncoder().encode(
  // As DeepLab writes it, for Windows.
  TRAIN_AUG.map((id) => `/JPEGImages/${id}.jpg /x/${id}.png\r\n`).join(""),
);
export const WEIGHTS = new Uint8Array(5000).fill(7);

type Content = Uint8Array<ArrayBuffer> | number;
type Page = Content | (() => Content);

/** A site on loopback, a folder, and sources that point to the site. */
export interface Scene {
  readonly pages: Record<string, Page>;
  readonly sources: VocSources;
  readonly folder: string;
  readonly url: string;
  /** Paths asked for, with `+` for those that go on. */
  readonly asked: string[];
  readonly events: FetchEvent[];
  run(options?: Partial<FetchVocOptions>): ReturnType<typeof fetchVoc>;
  /** All files in the folder, sorted. */
  files(): string[];
}

/** Runs a test in a new folder, against a new site. */
export async function scene(
  body: (scene: Scene) => Promise<void>,
): Promise<void> {
  const pages: Record<string, Page> = {
    "/voc.tar": TAR,
    "/aug.zip": ZIP,
    "/list.txt": LIST,
    "/vgg": WEIGHTS,
  };
  const asked: string[] = [];
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => answer(request, pages, asked),
  );
  const url = `http://127.0.0.1:${server.addr.port}`;
  const folder = `${await Deno.makeTempDir()}/data`;
  const events: FetchEvent[] = [];
  const sources = sourcesAt(url);
  const run: Scene["run"] = (options = {}) =>
    fetchVoc({
      folder,
      sources,
      attempts: 2,
      pauseMs: 1,
      onEvent: (event) => events.push(event),
      ...options,
    });
  const files = () => filesIn(folder);
  try {
    await body({ pages, sources, folder, url, asked, events, run, files });
  } finally {
    await Deno.remove(folder.slice(0, -"/data".length), { recursive: true });
  }
}

function answer(
  request: Request,
  pages: Record<string, Page>,
  asked: string[],
): Response {
  const { pathname } = new URL(request.url);
  const start = /^bytes=(\d+)-$/.exec(request.headers.get("range") ?? "")?.[1];
  asked.push(pathname + (start === undefined ? "" : "+"));
  const there = pages[pathname] ?? 404;
  const page = typeof there === "function" ? there() : there;
  if (typeof page === "number") return new Response(null, { status: page });
  const headers = { etag: `"${sha256(page)}"` };
  if (start === undefined) return new Response(page, { headers });
  const range = `bytes ${start}-${page.length - 1}/${page.length}`;
  return new Response(page.subarray(Number(start)), {
    status: 206,
    headers: { ...headers, "content-range": range },
  });
}

/** The real list of sources, made small. */
function sourcesAt(url: string): VocSources {
  const files = [TAR, ZIP, LIST, WEIGHTS];
  const paths = ["/voc.tar", "/aug.zip", "/list.txt", "/vgg"];
  const sources = structuredClone(VOC_SOURCES);
  sources.files.forEach((source, i) => {
    const file = files[i]!;
    source.urls = [`${url}${paths[i]}`];
    source.bytes = source.bytes && file.length;
    source.roughBytes = file.length;
    source.sha256 = source.sha256 && sha256(file);
    if (source.place.kind === "list") source.place.ids = TRAIN_AUG.length;
    if ("holds" in source.place) {
      const counts = source.id === "sbd_masks" ? [4] : [4, 4, 3, 2];
      source.place.holds.forEach((facts, at) => {
        facts.min = counts[at]!;
        facts.max &&= counts[at]!;
      });
    }
  });
  sources.dataset.splits = { train: 2, val: 1, "train_aug": 3 };
  return sources;
}

/** Lower-case hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** One on a line. */
export function lines(ids: readonly string[]): string {
  return ids.join("\n") + "\n";
}

function filesIn(folder: string, prefix = ""): string[] {
  return [...Deno.readDirSync(`${folder}/${prefix}`)].flatMap((entry) =>
    entry.isDirectory
      ? filesIn(folder, `${prefix}${entry.name}/`)
      : [prefix + entry.name]
  ).sort();
}

/** All that a whole run leaves. */
export const EVERYTHING = [
  ...ALL.map((id) => `VOC2012/Annotations/${id}.xml`),
  ...["train", "train_aug", "val"].map((s) => `VOC2012/${SETS}/${s}.txt`),
  ...ALL.map((id) => `VOC2012/JPEGImages/${id}.jpg`),
  ...[...TRAIN, ...VAL].map((id) => `VOC2012/SegmentationClass/${id}.png`),
  ...ALL.map((id) => `VOC2012/SegmentationClassAug/${id}.png`),
  "downloads/SegmentationClassAug.zip",
  "downloads/SegmentationClassAug.zip.sha256",
  "downloads/VOCtrainval_11-May-2012.tar",
  "downloads/train_aug.txt",
  "downloads/train_aug.txt.sha256",
  "weights/vgg16_imagenet.safetensors",
].sort();
