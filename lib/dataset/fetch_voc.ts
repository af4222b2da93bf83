/**
 * Fetches the data set and the first weights, for people with a network.
 *
 * Under the data folder it lays out
 *
 *   VOC2012/JPEGImages, Annotations, ImageSets/Segmentation
 *   VOC2012/SegmentationClass       masks of VOC, with void: for val
 *   VOC2012/SegmentationClassAug    masks of SBD and VOC, no void: for train_aug
 *   weights/vgg16_imagenet.safetensors
 *   downloads/                      the archives; may be deleted afterwards
 *
 * It can be stopped at any point and run again: what is complete is not fetched
 * again. What comes from where is in `voc_sources.json`.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { type CheckedFile, checkFile, DownloadError } from "./checked_file.ts";
import { formatCount } from "./_format_count.ts";
import { download, type DownloadOptions } from "./download.ts";
import type { FetchEvent } from "./fetch_event.ts";
import { assertFree, freeDiskSpace } from "./free_space.ts";
import { unpack, UnpackError } from "./unpack.ts";
import { checkVoc, folderProblem, parseImageIds } from "./voc_check.ts";
import {
  VOC_GROUPS,
  VOC_SOURCES,
  type VocGroup,
  type VocSource,
  type VocSources,
} from "./voc_sources.ts";

export { describeFetchEvent, type FetchEvent } from "./fetch_event.ts";
export { VOC_GROUPS, type VocGroup } from "./voc_sources.ts";

/** What to fetch, and where to. */
export interface FetchVocOptions extends
  Pick<
    DownloadOptions,
    "signal" | "stallMs" | "attempts" | "pauseMs" | "fetch" | "freeSpace"
  > {
  /** The data folder; made when it is not there. */
  readonly folder: string;
  /** Default: all groups. */
  readonly only?: readonly VocGroup[];
  /** Says what would be fetched and whether there is room, fetches nothing. */
  readonly dryRun?: boolean;
  readonly onEvent: (event: FetchEvent) => void;
  /** Default: `voc_sources.json`. */
  readonly sources?: VocSources;
}

/** The ids of the sources. */
export interface FetchSummary {
  readonly present: readonly string[];
  /** Fetched, or to be fetched in a dry run. */
  readonly fetched: readonly string[];
}

type Run = FetchVocOptions & Required<Pick<FetchVocOptions, "freeSpace">>;
type ArchivePlace = Extract<VocSource["place"], { kind: "tar" | "zip" }>;
type ListPlace = Extract<VocSource["place"], { kind: "list" }>;

/** Where no length is known, how far a file may exceed the rough one. */
const ROUGHNESS = 10;
const UNPACKED_PER_EVENT = 1_000;

/**
 * Fetches what is not there yet, unpacks it and checks that it fits together.
 *
 * @throws {DownloadError} When a file cannot be had from any address, or when
 *   the disk is too full.
 * @throws {UnpackError} When an archive is broken or unsafe.
 * @throws {RangeError} When the data set is not whole; the message lists why.
 * @throws {DOMException} When `signal` aborts.
 *
 * @example
 * ```ts
 * import { fetchVoc } from "./fetch_voc.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const { fetched } = await fetchVoc({
 *   folder: "not/yet/there",
 *   only: ["vgg16"],
 *   dryRun: true,
 *   onEvent: () => {},
 * });
 * deepStrictEqual(fetched, ["vgg16_imagenet"]);
 * ```
 */
export async function fetchVoc(
  options: FetchVocOptions,
): Promise<FetchSummary> {
  const run = { freeSpace: freeDiskSpace, ...options };
  const { only = VOC_GROUPS, sources = VOC_SOURCES, onEvent } = run;
  const wanted = sources.files.filter(({ group }) => only.includes(group));
  const missing: VocSource[] = [];
  for (const source of wanted) {
    const { id } = source;
    const isThere = await isComplete(run, source);
    if (!isThere) missing.push(source);
    onEvent(
      isThere ? { type: "present", id } : { type: "planned", id, source },
    );
  }
  if (missing.length > 0) await checkRoom(run, missing);
  if (!run.dryRun) {
    for (const source of missing) await fetchSource(run, source);
    await verify(run, wanted, sources.dataset);
  }
  const present = wanted.filter((source) => !missing.includes(source));
  const ids = (list: VocSource[]) => list.map(({ id }) => id);
  return { present: ids(present), fetched: ids(missing) };
}

/** Whether a source is in its place, so that nothing need be fetched. */
async function isComplete(run: Run, source: VocSource): Promise<boolean> {
  const { place } = source;
  if (place.kind === "tar" || place.kind === "zip") {
    const checks = place.holds.map((facts) => folderProblem(run.folder, facts));
    return (await Promise.all(checks)).every((problem) => problem === null);
  }
  const path = join(
    run.folder,
    place.kind === "list" ? place.to : source.saveAs,
  );
  if (await sizeOf(path) === 0) return false;
  if (place.kind === "list") {
    return parseImageIds(await Deno.readTextFile(path)).length === place.ids;
  }
  try {
    await checkFile(path, source, { signal: run.signal });
    return true;
  } catch (error) {
    if (error instanceof DownloadError) return false;
    throw error;
  }
}

/** Room for all that is missing, before the first byte. */
async function checkRoom(run: Run, missing: VocSource[]): Promise<void> {
  const { folder, freeSpace, onEvent } = run;
  let neededBytes = 0;
  for (const { bytes, roughBytes, saveAs, place } of missing) {
    const path = join(folder, saveAs);
    const size = bytes ?? roughBytes;
    const here = Math.max(await sizeOf(path), await sizeOf(`${path}.part`));
    neededBytes += Math.max(0, size - here);
    // Pictures hardly shrink in archives: unpacked, they take as much again.
    if (place.kind === "tar" || place.kind === "zip") neededBytes += size;
  }
  const ids = missing.map(({ id }) => id).join(", ");
  const disk = { folder, freeSpace };
  const free = await assertFree(`fetch ${ids}`, neededBytes, disk);
  onEvent({ type: "space", folder, neededBytes, free });
}

async function fetchSource(run: Run, source: VocSource): Promise<void> {
  const file = await downloadFromAny(run, source);
  run.onEvent({ type: "downloaded", id: source.id, ...file });
  const { place } = source;
  if (place.kind === "list") await placeList(run, source.id, place, file);
  else if (place.kind !== "file") await placeArchive(run, source, place, file);
}

/** Tries one address after the other. */
async function downloadFromAny(
  run: Run,
  source: VocSource,
): Promise<CheckedFile> {
  const { id, urls, saveAs } = source;
  const path = join(run.folder, saveAs);
  const failures: string[] = [];
  for (const url of urls) {
    run.onEvent({ type: "downloading", id, url, path });
    try {
      return await download(url, path, downloadOptions(run, source));
    } catch (error) {
      if (!(error instanceof DownloadError)) throw error;
      if (error.reason === "noSpace" || error.reason === "busy") throw error;
      failures.push(`  ${error.message}`);
      run.onEvent({ type: "addressFailed", id, message: error.message });
    }
  }
  throw new DownloadError(
    "gaveUp",
    [
      `Cannot fetch ${id} as one of its addresses must serve it: none does`,
      ...failures,
      `  Or save it as "${path}" by hand and run this again`,
    ].join("\n"),
  );
}

function downloadOptions(run: Run, source: VocSource): DownloadOptions {
  const { id, bytes, sha256, roughBytes, place } = source;
  const { signal, stallMs, attempts, pauseMs, fetch, freeSpace } = run;
  return {
    bytes,
    sha256,
    maxBytes: ROUGHNESS * roughBytes,
    inspect: async (file) => {
      if (place.kind === "list") await readList(file, place);
    },
    onEvent: (event) => run.onEvent({ id, ...event }),
    ...{ signal, stallMs, attempts, pauseMs, fetch, freeSpace },
  };
}

async function readList(file: string, place: ListPlace): Promise<string[]> {
  const ids = parseImageIds(await Deno.readTextFile(file));
  if (ids.length === place.ids) return ids;
  throw new DownloadError(
    "content",
    `Cannot use "${file}" as it must list ${formatCount(place.ids)} images: ` +
      `lists ${formatCount(ids.length)}`,
  );
}

async function placeList(
  run: Run,
  id: string,
  place: ListPlace,
  file: CheckedFile,
): Promise<void> {
  const ids = await readList(file.path, place);
  const path = join(run.folder, place.to);
  await Deno.mkdir(dirname(path), { recursive: true });
  await Deno.writeTextFile(`${path}.part`, ids.join("\n") + "\n");
  await Deno.rename(`${path}.part`, path);
  run.onEvent({ type: "listed", id, path, ids: ids.length });
}

async function placeArchive(
  run: Run,
  { id, sha256 }: VocSource,
  { kind, folders, maxBytes, maxEntries }: ArchivePlace,
  { path }: CheckedFile,
): Promise<void> {
  const { folder, signal, onEvent } = run;
  const limits = { maxBytes, maxEntries };
  const onProgress = (written: { files: number; bytes: number }) => {
    if (written.files % UNPACKED_PER_EVENT > 0) return;
    onEvent({ type: "unpacking", id, ...written });
  };
  const options = { kind, folders, ...limits, signal, onProgress };
  try {
    const written = await unpack(path, folder, options);
    onEvent({ type: "unpacked", id, ...written });
  } catch (error) {
    if (!(error instanceof UnpackError) || sha256 !== null) throw error;
    // Trusted on first use, and wrongly: the next run had better fetch it anew.
    await Deno.rename(path, `${path}.wrong`);
    await Deno.remove(`${path}.sha256`);
    throw new UnpackError(`${error.message}, kept as "${path}.wrong"`);
  }
}

/** Counts what was asked for, and compares all parts that are there. */
async function verify(
  { folder, onEvent }: Run,
  wanted: readonly VocSource[],
  { root, splits }: VocSources["dataset"],
): Promise<void> {
  if (wanted.every(({ place }) => place.kind === "file")) return;
  const facts = wanted.flatMap(({ place }) =>
    place.kind === "tar" || place.kind === "zip" ? place.holds : []
  );
  const wrong = facts.map((fact) => folderProblem(folder, fact));
  const dataset = join(folder, root);
  const { counts, problems } = await checkVoc(dataset, splits);
  const all = [...await Promise.all(wrong), ...problems]
    .filter((problem) => problem !== null);
  if (all.length === 0) {
    return onEvent({ type: "verified", folder: dataset, counts });
  }
  const lines = all.map((problem) => `\n  ${problem}`).join("");
  throw new RangeError(
    `Cannot use "${dataset}" as it must be whole: it is not${lines}`,
  );
}

/** Bytes of a file; 0 when there is none. */
async function sizeOf(path: string): Promise<number> {
  try {
    return (await Deno.stat(path)).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}
