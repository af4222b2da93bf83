/**
 * Markdown that steps wrote, as HTML that a strict page may hold.
 *
 * @module
 */
import MarkdownIt from "markdown-it";

/** How far below a page's own headings those of a text stand. */
const HEADING_SHIFT = 2;

/**
 * HTML of a Markdown text: HTML in the text is shown as text, pictures are left
 * as links, and nothing has a style of its own. Tables can be scrolled by
 * keyboard; their numbers have class `number`.
 *
 * @param label What the text is about, for those who hear its tables' names.
 *
 * @example
 * ```ts
 * import { markdownHtml } from "./markdown_html.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(markdownHtml("# A <b>", "a"), "<h3>A &lt;b&gt;</h3>\n");
 * ```
 */
export function markdownHtml(text: string, label: string): string {
  const markdown = new MarkdownIt("commonmark", { html: false })
    .enable("table").disable("image");
  const { rules } = markdown.renderer;
  const name = markdown.utils.escapeHtml(`Table: ${label}`);
  rules["table_open"] = () =>
    `<div class="scroll" role="region" tabindex="0" aria-label="${name}">` +
    "<table>\n";
  rules["table_close"] = () => "</table></div>\n";
  rules["heading_open"] = (tokens, i) => `<${lower(tokens[i]!.tag)}>`;
  rules["heading_close"] = (tokens, i) => `</${lower(tokens[i]!.tag)}>\n`;
  rules["th_open"] = (tokens, i) =>
    `<th scope="col"${numberClass(tokens[i]!)}>`;
  rules["td_open"] = (tokens, i) => `<td${numberClass(tokens[i]!)}>`;
  return markdown.render(text);
}

/** Columns that are aligned to the right hold numbers. */
function numberClass(cell: { attrGet(name: string): unknown }): string {
  return cell.attrGet("style") === "text-align:right" ? ' class="number"' : "";
}

function lower(tag: string): string {
  return `h${Math.min(6, Number(tag.slice(1)) + HEADING_SHIFT)}`;
}
