/**
 * A figure of a run: an SVG with the words that belong to it.
 *
 * @module
 */

/** The numbers that a figure shows, for those who would rather read them. */
export interface FigureTable {
  readonly columns: readonly string[];
  /** As many cells as columns in each; the first names the row. */
  readonly rows: readonly (readonly string[])[];
}

/**
 * A figure that is whole in itself: no font, style or picture is fetched.
 *
 * Its neutral parts have `currentColor`, its background is clear: by itself it
 * follows the viewer's colour scheme, and in a page the page's text colour wins
 * (`svg { color: … }`). Its ids begin with the figure's own and a digest of
 * what is drawn, so that any number of figures can stand in one page.
 */
export interface Figure {
  /** snake_case; the name of its file. */
  readonly id: string;
  /** Plain text, as are `caption` and `alt`: whoever shows them escapes them. */
  readonly title: string;
  /** What is to be seen, from which steps, and how it was chosen. */
  readonly caption: string;
  /** What it shows in words, for those who do not see it. */
  readonly alt: string;
  readonly svg: string;
  /** What a chart or a table holds; pictures have none. */
  readonly table?: FigureTable;
}
