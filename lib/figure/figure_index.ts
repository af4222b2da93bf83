/**
 * A page of figures in Markdown: what each is, and its numbers as a table.
 *
 * @module
 */
import { markdownTable } from "../report/markdown_table.ts";
import type { Figure } from "./figure.ts";

/**
 * The page; the figures lie beside it as `ID.svg`.
 *
 * @param title Plain text.
 *
 * @example
 * ```ts
 * import { figureIndex } from "./figure_index.ts";
 * import { match } from "node:assert";
 *
 * const words = { title: "Dot", caption: "One_dot.", alt: "A dot." };
 * const page = figureIndex("Run", [{ id: "dot", svg: "<svg/>", ...words }]);
 * match(page, /## Dot\n\n!\[A dot\.\]\(dot\.svg\)\n\nOne\\_dot\.\n/);
 * ```
 */
export function figureIndex(
  title: string,
  figures: readonly Figure[],
): string {
  return [`# ${escaped(title)}\n`, ...figures.map(sectionOf)].join("\n");
}

function sectionOf({ id, title, caption, alt, table }: Figure): string {
  const rows = table === undefined ? "" : "\n" + markdownTable(
    table.columns.map(escaped),
    table.rows.map((cells) => cells.map(escaped)),
  );
  return `## ${escaped(title)}\n\n![${escaped(alt)}](${id}.svg)\n\n` +
    `${escaped(caption)}\n${rows}`;
}

/** Plain text for Markdown, which also takes HTML; `|` is the table's affair. */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
    .replaceAll(/[\\`*_[\]#]/g, "\\$&").replaceAll(/\s+/g, " ");
}
