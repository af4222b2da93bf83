import {
  deepStrictEqual,
  doesNotMatch,
  match,
  strictEqual,
} from "node:assert/strict";
import { mock } from "node:test";
import { answer } from "../../../pipeline/serve/run_server.tsx";

/** A server over two runs that have ended, one with a page, and one begun. */
class Server implements Disposable {
  readonly root = Deno.makeTempDirSync({ prefix: "server_" });

  constructor() {
    this.#run("first", { mean_iou: 0.5, loss: 1 });
    this.#run("second", { mean_iou: 0.625, rate: 2 });
    Deno.mkdirSync(`${this.root}/runs/begun/steps`, { recursive: true });
    Deno.mkdirSync(`${this.root}/runs/first/page/figures`, { recursive: true });
    this.write("runs/first/page/index.html", "<p>page</p>");
    this.write("runs/first/page/figures/a.svg", "<svg/>");
    this.write("runs/second/outputs.txt", "not to be served");
    this.write("secret.html", "secret");
  }

  #run(name: string, metrics: Record<string, number>): void {
    Deno.mkdirSync(`${this.root}/runs/${name}/steps`, { recursive: true });
    const record = {
      workflow: "w<i>",
      outcome: "succeeded",
      startedAt: "2026-01-02T03:04:05.000Z",
      seconds: 61,
      metrics,
      steps: [{ id: "a" }],
    };
    this.write(`runs/${name}/run.json`, JSON.stringify(record));
  }

  write(path: string, text: string): void {
    Deno.writeTextFileSync(`${this.root}/${path}`, text);
  }

  async ask(
    path: string,
    { method = "GET", host = "127.0.0.1:8787" } = {},
  ): Promise<{ status: number; headers: Headers; text: string }> {
    const request = new Request(`http://127.0.0.1:8787${path}`, {
      method,
      headers: { host },
    });
    const response = answer(request, {
      runs: `${this.root}/runs`,
      store: `${this.root}/store`,
      hostname: "127.0.0.1",
    });
    const { status, headers } = response;
    return { status, headers, text: await response.text() };
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.root, { recursive: true });
  }
}

Deno.test("the server lists runs, escapes what is in them and links their pages", async () => {
  using server = new Server();
  const { status, headers, text } = await server.ask("/");
  strictEqual(status, 200);
  strictEqual(headers.get("content-type"), "text/html; charset=utf-8");
  match(headers.get("content-security-policy")!, /^default-src 'none'; /);
  match(text, /<a href="\/run\/first\/">first<\/a>.*succeeded.*1 min 1 s/);
  match(text, /w&lt;i>|w&lt;i&gt;/);
  match(text, /<a href="\/run\/first\/page\/">page<\/a>/);
  match(text, /begun<\/a><\/th><td><span class="quiet">not ended/);
});

Deno.test("the server gives the pages of runs and nothing else of the folder", async () => {
  using server = new Server();
  const page = await server.ask("/run/first/page/");
  deepStrictEqual([page.status, page.text], [200, "<p>page</p>"]);
  const figure = await server.ask("/run/first/page/figures/a.svg");
  strictEqual(figure.headers.get("content-type"), "image/svg+xml");
  match(figure.headers.get("content-security-policy")!, /; sandbox$/);
  strictEqual(
    (await server.ask("/run/first")).headers.get("location"),
    "/run/first/",
  );
  const missing = [
    "/run/second/outputs.txt",
    "/run/first/run.json",
    "/run/first/page/figures/",
    "/run/first/page/%2e%2e%2frun.json",
    "/run/first/page/..%2f..%2f..%2fsecret.html",
    "/run/..%2f/page/",
    "/run/nope/",
    "/assets/serve.tsx",
    "/favicon.ico",
  ];
  for (const path of missing) {
    const { status, text } = await server.ask(path);
    strictEqual(status, 404, path);
    match(text, /There is nothing at this address/);
  }
});

Deno.test("a run without a page says how to make one", async () => {
  using server = new Server();
  const made = await server.ask("/run/second/");
  match(made.text, /<code>npx -y deno task report second<\/code>/);
  const begun = await server.ask("/run/begun/");
  match(begun.text, /can be made when it has ended/);
  const page = await server.ask("/run/second/page/");
  deepStrictEqual(
    [page.status, page.headers.get("location")],
    [302, "/run/second/"],
  );
});

Deno.test("the server compares metrics of two runs", async () => {
  using server = new Server();
  const { text } = await server.ask("/compare?a=first&b=second");
  match(text, /1 of 1 metrics that both have differ; 2 are in one of them/);
  strictEqual((await server.ask("/compare?a=first&b=begun")).status, 404);
  match(
    text,
    /mean_iou<\/th><td class="number">0\.5<\/td><td class="number">0\.625<\/td><td class="number">\+0\.125</,
  );
  match(text, /rate<\/th><td class="number">–<\/td>/);
  strictEqual((await server.ask("/compare?a=first&b=../x")).status, 404);
});

Deno.test("the server only reads, and answers its own hosts only", async () => {
  using server = new Server();
  for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"]) {
    const { status, headers } = await server.ask("/", { method });
    deepStrictEqual([status, headers.get("allow")], [405, "GET, HEAD"]);
  }
  const head = await server.ask("/", { method: "HEAD" });
  deepStrictEqual([head.status, head.text], [200, ""]);
  for (const host of ["localhost:1", "127.0.0.1", "[::1]:8787"]) {
    strictEqual((await server.ask("/", { host })).status, 200, host);
  }
  for (const host of ["evil.example", "127.0.0.1.evil.example", ""]) {
    strictEqual((await server.ask("/", { host })).status, 403, host);
  }
});

Deno.test("a record that is none of ours, or is a bomb, breaks no list", async () => {
  using server = new Server();
  server.write("runs/first/run.json", "{");
  server.write("runs/second/run.json", '{"metrics": {"a": "<b>"}}');
  const { status, text } = await server.ask("/");
  strictEqual(status, 200);
  strictEqual(text.match(/not ended/g)?.length, 3);
  Deno.removeSync(`${server.root}/runs/first/run.json`);
  Deno.mkdirSync(`${server.root}/runs/first/run.json`);
  strictEqual((await server.ask("/")).status, 200);
});

Deno.test("a run that was killed is not told as its last record has it", async () => {
  using server = new Server();
  const line = (at: string, type: string) =>
    JSON.stringify({ at, type }) + "\n";
  const log = "runs/first/events.jsonl";
  const broken = /first<\/a><\/th><td><span class="bad">broken off/;
  server.write(log, line("2026-01-02T05:00:00.000Z", "run_started"));
  const { text } = await server.ask("/");
  match(text, broken);
  doesNotMatch(text, /first<\/a>.*1 min 1 s.*second<\/a>/);
  // The next run found all fresh, and left the log as it was.
  server.write(log, line("2026-01-02T03:00:00.000Z", "run_started"));
  doesNotMatch((await server.ask("/")).text, broken);
  server.write(log, line("2026-01-02T05:00:00.000Z", "run_ended"));
  doesNotMatch((await server.ask("/")).text, broken);
});

Deno.test("the record is not read for every file of a page", async () => {
  using server = new Server();
  const read = mock.method(Deno, "readTextFileSync");
  try {
    for (const file of ["", "figures/a.svg"]) {
      strictEqual((await server.ask(`/run/first/page/${file}`)).status, 200);
    }
    strictEqual(read.mock.callCount(), 0);
    strictEqual((await server.ask("/run/first/")).status, 200);
    strictEqual(read.mock.callCount(), 1);
  } finally {
    read.mock.restore();
  }
});
