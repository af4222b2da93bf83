/**
 * A real browser for tests: Debian's Chromium, where there is one.
 *
 * @module
 */
import { deepStrictEqual } from "node:assert/strict";
import axe from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";

const PATH = "/usr/bin/chromium";

/** Why tests in a browser are skipped, or null when they are not. */
export const NO_CHROMIUM: string | null = isThere(PATH)
  ? null
  : `no ${PATH}: apt-get install chromium`;

if (NO_CHROMIUM !== null) {
  console.log(`Tests in a browser are skipped: ${NO_CHROMIUM}`);
}

/** What is waited for at most; a loaded machine is slow, not wrong. */
const PATIENCE_MS = 60_000;

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** A test that gets a browser, closed in the end. */
export function testInBrowser(
  name: string,
  run: (browser: Browser, context: Deno.TestContext) => Promise<void>,
): void {
  Deno.test({
    name,
    ignore: NO_CHROMIUM !== null,
    // Playwright holds on to pipes and timers of the browser until it is gone.
    sanitizeOps: false,
    sanitizeResources: false,
    async fn(context) {
      const browser = await chromium.launch({
        executablePath: PATH,
        // Root has no sandbox; pages are our own.
        args: ["--no-sandbox", "--disable-dev-shm-usage"],
        timeout: PATIENCE_MS,
      });
      try {
        await run(browser, context);
      } finally {
        await browser.close();
      }
    },
  });
}

/** A page, and what went wrong in it. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors of scripts, refused and failed loads, and addresses elsewhere. */
  readonly complaints: string[];
}

/** Opens an address and notes all that a page should not do. */
export async function watch(
  browser: Browser,
  address: string,
  options: Parameters<Browser["newPage"]>[0] = {},
): Promise<WatchedPage> {
  const page = await browser.newPage(options);
  page.setDefaultTimeout(PATIENCE_MS);
  const complaints: string[] = [];
  const { origin, protocol } = new URL(address);
  const isOurs = (url: string) =>
    url.startsWith("data:") ||
    (protocol === "file:" ? url.startsWith("file:") : url.startsWith(origin));
  page.on("pageerror", ({ message }) => complaints.push(message));
  page.on("console", (message) => {
    if (message.type() !== "log") complaints.push(message.text());
  });
  page.on("requestfailed", (request) => complaints.push(request.url()));
  page.on("request", (request) => {
    if (!isOurs(request.url())) complaints.push(`elsewhere: ${request.url()}`);
  });
  await page.goto(address);
  return { page, complaints };
}

/** Waits until something has a value; fails with what it had at last. */
export async function becomes<T>(
  read: () => Promise<T>,
  expected: T,
): Promise<void> {
  const endMs = performance.now() + PATIENCE_MS;
  let found = await read();
  while (performance.now() < endMs && !isEqual(found, expected)) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    found = await read();
  }
  deepStrictEqual(found, expected);
}

function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** What axe-core has against a page: rule and element, one a line. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return await page.evaluate(async () => {
    // deno-lint-ignore no-explicit-any -- put there by the line above
    const { violations } = await (globalThis as any).axe.run();
    return violations.flatMap((violation: {
      id: string;
      nodes: { html: string; failureSummary: string }[];
    }) =>
      violation.nodes.map(({ html, failureSummary }) =>
        `${violation.id}: ${html.slice(0, 200)} ${failureSummary}`
      )
    );
  });
}
