/**
 * All that a run's page shows.
 *
 * @module
 */
import type { Figure } from "../figure/figure.ts";
import type { Size } from "../geometry/size.ts";
import type { RunTable } from "../report/run_tables.ts";
import type { BrowserData } from "./browser_data.ts";
import type { PageRecord } from "./page_source.ts";

/** A figure, its drawing in a file beside the page. */
export interface PageFigure extends Omit<Figure, "svg"> {
  /** Relative to the page. */
  readonly path: string;
  /** Of the drawing, px, so that a page need not wait for it; or null. */
  readonly size: Size | null;
}

/** What the page is made of. */
export interface PageContent {
  /** Of the run. */
  readonly name: string;
  /** Digest of the run's record, by which one knows what the page is of. */
  readonly madeOf: string;
  readonly record: PageRecord;
  readonly tables: readonly RunTable[];
  readonly figures: readonly PageFigure[];
  readonly pictures: BrowserData;
}
