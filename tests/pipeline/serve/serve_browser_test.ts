/** The local server as its readers meet it: in a browser. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { RunEvent } from "../../../pipeline/run/event.ts";
import { answer } from "../../../pipeline/serve/run_server.tsx";
import { writePage } from "../../../lib/page/write_page.ts";
import {
  accessibilityProblems,
  becomes,
  testInBrowser,
  watch,
} from "../../chromium.ts";
import { SmallRun } from "../../lib/page/small_run.ts";

/** A server over `runs` in a folder, at a port of its own. */
function serve(folder: string): { url: string } & AsyncDisposable {
  const served = {
    runs: `${folder}/runs`,
    store: `${folder}/store`,
    hostname: "127.0.0.1",
  };
  // Ends streams too, which readers would never leave.
  const stop = new AbortController();
  const server = Deno.serve({
    hostname: served.hostname,
    port: 0,
    signal: stop.signal,
    onListen: () => {},
  }, (request) => answer(request, served));
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await server.finished;
    },
  };
}

testInBrowser(
  "a run that goes on is followed while it does",
  async (browser) => {
    using run = await SmallRun.make(1);
    Deno.mkdirSync(`${run.folder}/runs/a/steps`, { recursive: true });
    const log = `${run.folder}/runs/a/events.jsonl`;
    const tell = (event: RunEvent) =>
      Deno.writeTextFileSync(
        log,
        JSON.stringify({ at: "2026-01-01T00:00:00.000Z", ...event }) + "\n",
        { append: true },
      );
    tell({ type: "run_started", run: "a", steps: 3, cpus: 2 });
    tell({ type: "step_fresh", step: "draw" });
    tell({ type: "step_started", step: "train", reasons: [], shards: 1 });
    const lock = Deno.openSync(`${log}.lock`, { create: true, write: true });
    lock.lockSync(true);
    await using server = serve(run.folder);
    const { page, complaints } = await watch(browser, `${server.url}run/a/`);
    const rows = () => page.locator("#open tr").allInnerTexts();
    await becomes(rows, ["train\trunning\t\t"]);
    const progress = { done: 1, total: 4, unit: "epochs" };
    tell({
      type: "step_progress",
      step: "train",
      progress,
      rate: null,
      secondsLeft: null,
    });
    await becomes(rows, ["train\trunning\t\t1/4 epochs"]);
    const bar = page.locator("#open progress");
    strictEqual(await bar.getAttribute("value"), "0.25");
    strictEqual(await page.locator("#whole").getAttribute("value"), "1");
    deepStrictEqual(await accessibilityProblems(page), []);
    const step = "tuned_model[seed=1,variant=bcm_fr_refine]";
    tell({ type: "step_progress", step, progress, rate: 1, secondsLeft: 180 });
    await becomes(() => page.locator("#open tr").count(), 2);
    await page.setViewportSize({ width: 400, height: 800 });
    const spill = await page.locator(".scroll").first().evaluate((it) =>
      it.scrollWidth - it.clientWidth
    );
    strictEqual(Math.max(0, spill), 0);
    tell({ type: "step_skipped", step, because: "train" });
    lock.close();
    await becomes(rows, ["train\tbroken off\t\t1/4 epochs"]);
    tell({
      type: "step_failed",
      step: "train",
      message: "<b>loss</b> is NaN",
      log: "",
      logTail: [],
    });
    await becomes(rows, ["train\tfailed\t\t<b>loss</b> is NaN"]);
    deepStrictEqual(complaints, []);
  },
);

testInBrowser("a run's page works when it is served", async (browser) => {
  using run = await SmallRun.make(3);
  Deno.mkdirSync(`${run.folder}/runs/a/steps`, { recursive: true });
  const parts = {
    name: "a",
    madeOf: "",
    run: run.source(),
    figures: run.figures(),
  };
  await writePage(parts, `${run.folder}/runs/a/page`);
  await using server = serve(run.folder);
  const { page, complaints } = await watch(browser, server.url);
  deepStrictEqual(await accessibilityProblems(page), []);
  await page.locator("a", { hasText: "page" }).click();
  const overlay = page.locator("#grid img.overlay").last();
  await becomes(
    () => overlay.evaluate((it) => (it as HTMLElement).hidden),
    false,
  );
  await page.locator("#figures img").scrollIntoViewIfNeeded();
  const figure = page.locator("#figures img");
  await becomes(
    () => figure.evaluate((it) => (it as HTMLImageElement).naturalWidth),
    40,
  );
  deepStrictEqual(complaints, []);
});
