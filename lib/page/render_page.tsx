/**
 * The page of a run as HTML.
 *
 * @module
 */
/** @jsxImportSource preact */
import { createHash } from "node:crypto";
import { renderToString } from "preact-render-to-string";
import { PageDocument } from "./_document.tsx";
import type { PageContent } from "./page_content.ts";

/** What the page runs and looks like; parts of it, so that no file is fetched. */
export interface PageAssets {
  readonly script: string;
  readonly style: string;
}

/**
 * HTML of a page, whole. All texts are escaped; its policy lets a browser run
 * and style by `assets` alone, and load files beside the page but nothing from
 * elsewhere.
 *
 * @example
 * ```ts
 * import { renderPage } from "./render_page.tsx";
 * import { match } from "node:assert";
 *
 * const record = {
 *   workflow: "a<b",
 *   file: "a.yaml",
 *   params: {},
 *   outcome: "succeeded",
 *   startedAt: "2026-01-01T00:00:00.000Z",
 *   seconds: 1,
 *   stepsDigest: "",
 *   versions: {},
 *   packages: {},
 *   commit: null,
 *   host: { name: "", os: "", arch: "", cpus: 1, memoryBytes: 1 },
 *   metrics: {},
 *   steps: [],
 * };
 * const pictures = {
 *   sets: [],
 *   colours: [],
 *   shardSize: 100,
 *   headLength: 44,
 *   palette: "",
 * };
 * const html = renderPage(
 *   { name: "a", madeOf: "", record, tables: [], figures: [], pictures },
 *   { script: "", style: "" },
 * );
 * match(html, /^<!DOCTYPE html>\n<html lang="en">/);
 * match(html, /Workflow a&lt;b/);
 * ```
 */
export function renderPage(content: PageContent, assets: PageAssets): string {
  const frame = { ...assets, policy: policyOf(assets) };
  const html = renderToString(
    <PageDocument content={content} frame={frame} />,
  );
  return `<!DOCTYPE html>\n${html}\n`;
}

/**
 * `file:` beside `'self'` as a page in a folder has no origin of its own to
 * some browsers. Scripts with label maps are trusted as our own script adds them.
 */
function policyOf({ script, style }: PageAssets): string {
  return [
    "default-src 'none'",
    `script-src ${hashOf(script)} 'strict-dynamic'`,
    `style-src ${hashOf(style)}`,
    "img-src 'self' file: data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
