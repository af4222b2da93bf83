/**
 * A comparison in Markdown, for a pull request or the summary of a job: the
 * verdict first, what is long folded, nothing that a run's names could turn
 * into links, mentions or markup.
 *
 * @module
 */
import { escapeControls } from "../workflow/wording.ts";
import type { ComparedTable, Comparison, NotComparable } from "./comparison.ts";
import { comparisonPage, type PageSection } from "./comparison_page.ts";

/** As Markdown of GitHub's kind. */
export function comparisonMarkdown(of: Comparison | NotComparable): string {
  if (of.verdict === "not_comparable") {
    const reasons = of.reasons.flatMap((reason) => reason.split("\n"));
    return [
      "## Not comparable",
      "",
      ...reasons.map((reason) => `    ${escapeControls(reason)}`),
    ].join("\n") + "\n";
  }
  return comparisonPage(of).map(markdownSection).join("\n");
}

function markdownSection(section: PageSection): string {
  const { title, lines, tables, isAside } = section;
  if (title === null) {
    const [verdict, ...rest] = lines;
    return `## ${escape(verdict!)}\n\n${list(rest)}${
      tables.map(markdownTable).join("")
    }`;
  }
  const body = list(lines) + tables.map(markdownTable).join("");
  return isAside
    ? `<details><summary>${escape(title)}</summary>\n\n${body}\n</details>\n`
    : `### ${escape(title)}\n\n${body}`;
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${escape(line)}\n`).join("");
}

function markdownTable({ title, head, rows, left }: ComparedTable): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  return [
    `\n**${escape(title)}**\n\n`,
    line(head.map(escape)),
    line(head.map(() => "---")),
    ...rows.map((row) => line(row.map(code))),
    left === 0 ? "" : `\n_and ${left} more: \`--format json\` has all_\n`,
  ].join("");
}

/** A cell in which nothing is markup; a pipe would end it even so. */
function code(text: string): string {
  const plain = oneLine(text).replaceAll("`", "'").replaceAll("|", "\\|");
  return plain.trim() === "" ? "" : `\`${plain}\``;
}

/**
 * What GitHub makes a link or a mention of without any markup: addresses,
 * people, issues as `#1` or `GH-1`. A backslash does not keep it from that.
 */
const BEFORE_LINK = /:(?=\/\/)|@|#|\bGH(?=-)|\bwww(?=\.)/gi;

/** Text in which nothing is markup, a tag, a link or a mention. */
function escape(text: string): string {
  return oneLine(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll(/[\\`*_{}[\]|~$]/g, (mark) => `\\${mark}`)
    .replaceAll(BEFORE_LINK, (start) => `${start}<!-- -->`);
}

function oneLine(text: string): string {
  return escapeControls(text.replaceAll(/\s+/g, " "));
}
