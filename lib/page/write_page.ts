/**
 * The page of a run as a folder that can be opened, sent or served.
 *
 *   index.html              all but pictures
 *   figures/ID.svg          drawings
 *   pictures/SET/ID.jpg     pictures as they are
 *   thumbnails/SET/ID.jpg   smaller ones, of large pictures
 *   labels/SET/LAYER/N.js   label maps of a hundred pictures
 *
 * @module
 */
import { existsSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import type { Figure } from "../figure/figure.ts";
import { LeftOut } from "../figure/left_out.ts";
import type { Size } from "../geometry/size.ts";
import { runTables } from "../report/run_tables.ts";
import type { PageFigure } from "./page_content.ts";
import { isPage, PAGE } from "./made_of.ts";
import { pageScript, pageStyle } from "./page_script.ts";
import type { PageSource } from "./page_source.ts";
import { pictureSets } from "./picture_sets.ts";
import { renderPage } from "./render_page.tsx";
import { writePictures } from "./write_pictures.ts";

/** What a page is made of. */
export interface PageParts {
  /** What the run is called. */
  readonly name: string;
  /** Digest of the run's record; see made_of.ts. */
  readonly madeOf: string;
  readonly run: PageSource;
  readonly figures: AsyncIterable<Figure>;
  /** Of a set of pictures, at most so many. */
  readonly mostPictures?: number;
  /** Pictures and masks of the user's that cannot be shown; grows by these. */
  readonly leftOut?: LeftOut;
}

/**
 * Writes the page of a run. It is made beside its place and moved there when it
 * is whole; a page that was there before is gone then. Equal runs give equal
 * bytes.
 *
 * @param folder Where the page goes: nothing, an empty folder, or a page.
 * @throws {RangeError} When something else is in that folder, or the run lacks
 *   what its record says it has.
 */
export async function writePage(
  parts: PageParts,
  folder: string,
): Promise<void> {
  // Without a slash at its end, which would put what is made into its place.
  folder = resolve(folder);
  assertReplaceable(folder);
  removeAbandoned(folder);
  const aside = `${folder}.${Deno.pid}.tmp`;
  removeAll(aside);
  try {
    Deno.mkdirSync(aside, { recursive: true });
    await writeInto(aside, parts);
    moveInto(folder, aside);
  } catch (error) {
    removeAll(aside);
    throw error;
  }
}

async function writeInto(
  folder: string,
  { run, figures, mostPictures, leftOut = new LeftOut(), ...known }: PageParts,
): Promise<void> {
  const sets = await pictureSets(run, mostPictures);
  const pictures = await writePictures(sets, { folder, leftOut });
  const content = {
    ...known,
    record: run.record,
    tables: await runTables(run),
    figures: await writeFigures(figures, folder),
    pictures,
  };
  const assets = { script: pageScript(), style: pageStyle() };
  Deno.writeTextFileSync(`${folder}/${PAGE}`, renderPage(content, assets));
}

async function writeFigures(
  figures: AsyncIterable<Figure>,
  folder: string,
): Promise<PageFigure[]> {
  Deno.mkdirSync(`${folder}/figures`);
  const written: PageFigure[] = [];
  for await (const { svg, ...words } of figures) {
    const path = `figures/${words.id}.svg`;
    Deno.writeTextFileSync(`${folder}/${path}`, svg);
    written.push({ ...words, path, size: sizeOfSvg(svg) });
  }
  return written;
}

function sizeOfSvg(svg: string): Size | null {
  const root = /<svg\b[^>]*>/.exec(svg)?.[0] ?? "";
  const [width, height] = ["width", "height"].map((name) =>
    Math.round(Number(new RegExp(`\\s${name}="([\\d.]+)"`).exec(root)?.[1]))
  );
  return width && height ? { width, height } : null;
}

/** Longer than a page takes to be made. */
const ABANDONED_MS = 24 * 3600e3;

/** Removes what writers of this page left that were killed. */
function removeAbandoned(folder: string): void {
  const parent = dirname(folder);
  if (!existsSync(parent)) return;
  const before = Date.now() - ABANDONED_MS;
  for (const { name } of Deno.readDirSync(parent)) {
    const path = `${parent}/${name}`;
    const isOurs = name.startsWith(`${basename(folder)}.`) &&
      /\.\d+\.tmp(\.before)?$/.test(name);
    if (!isOurs) continue;
    const changedMs = Deno.statSync(path).mtime?.getTime() ?? Infinity;
    if (changedMs < before) removeAll(path);
  }
}

function assertReplaceable(folder: string): void {
  if (!existsSync(folder)) return;
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
  if (names.length === 0 || isPage(folder)) return;
  throw new RangeError(
    `Cannot write a page to "${folder}" as it must be empty or a page that ` +
      `may be replaced: it holds ${names.sort().slice(0, 3).join(", ")}`,
  );
}

/** No page is there for a moment, but never a part of one. */
function moveInto(folder: string, whole: string): void {
  const before = `${whole}.before`;
  const isThere = existsSync(folder);
  if (isThere) Deno.renameSync(folder, before);
  try {
    Deno.renameSync(whole, folder);
  } catch (error) {
    if (isThere) Deno.renameSync(before, folder);
    throw error;
  }
  if (isThere) removeAll(before);
}

function removeAll(path: string): void {
  if (existsSync(path)) Deno.removeSync(path, { recursive: true });
}
