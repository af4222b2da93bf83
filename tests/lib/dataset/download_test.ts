import { deepStrictEqual, rejects, strictEqual } from "node:assert";
import { DownloadError } from "../../../lib/dataset/checked_file.ts";
import { download, type DownloadEvent } from "../../../lib/dataset/download.ts";
import {
  BODY,
  honest,
  OTHER,
  scene,
  SHA256,
  sha256,
} from "./_download_scene.ts";
import { honestAnswer, lyingServer } from "./_lying_server.ts";

Deno.test("download fetches a whole file and leaves nothing beside it", () =>
  scene(honest, async (s) => {
    const got = await s.get();
    deepStrictEqual(got, {
      path: s.path,
      bytes: 1000,
      sha256: SHA256,
      check: "recorded",
    });
    deepStrictEqual(await Deno.readFile(s.path), BODY);
    deepStrictEqual(s.files(), ["a.bin"]);
    strictEqual(s.server.requests[0]!.get("accept-encoding"), "identity");
  }));

Deno.test("download does not fetch a right file again", () =>
  scene(honest, async (s) => {
    await Deno.writeFile(s.path, BODY);
    strictEqual((await s.get()).check, "recorded");
    strictEqual(s.server.requests.length, 0);
  }));

Deno.test("download replaces a wrong file and keeps it aside", () =>
  scene(honest, async (s) => {
    await Deno.writeFile(s.path, OTHER);
    await s.get();
    deepStrictEqual(s.files(), ["a.bin", "a.bin.wrong"]);
    deepStrictEqual(s.events, [{
      type: "restarting",
      why: `Cannot accept "${s.path}" as its SHA-256 must be ${SHA256}: ` +
        `is ${sha256(OTHER)}`,
    }]);
  }));

Deno.test("download stops waiting for a retry when aborted", () =>
  scene(() => ({ status: "503 Busy" }), async (s) => {
    const stop = new AbortController();
    const waiting = s.get({
      pauseMs: 30_000,
      signal: stop.signal,
      onEvent: () => stop.abort(),
    });
    await rejects(() => waiting, { name: "AbortError" });
  }));

Deno.test("download gives up on a server that never answers", () =>
  scene(() => ({ status: null, stalls: true }), (s) =>
    s.refuses(
      "gaveUp",
      'Cannot download "{url}" as one of 2 attempts in a row must bring new ' +
        "bytes: no byte came for 40 ms",
      { stallMs: 40, attempts: 2 },
    )));

Deno.test("download refuses an announced length that is too short", () =>
  scene(
    () => ({ headers: { "content-length": "999" }, body: BODY }),
    (s) =>
      s.refuses(
        "length",
        'Cannot download "{url}" as it must have 1,000 bytes: server announces 999',
      ),
  ));

Deno.test("download refuses an announced length that is too long", () =>
  scene(
    () => ({ headers: { "content-length": "1001" }, body: BODY }),
    (s) =>
      s.refuses(
        "length",
        'Cannot download "{url}" as it must have 1,000 bytes: server announces ' +
          "1,001",
      ),
  ));

Deno.test("download gives up when less comes than announced", () =>
  scene(
    () => ({
      headers: { "content-length": "1000" },
      body: BODY.subarray(0, 900),
    }),
    async (s) => {
      await rejects(() => s.get(), (error: DownloadError) => {
        const start =
          `Cannot download "${s.server.url}" as one of 3 attempts in a row must ` +
          "bring new bytes: the connection failed at 900 of 1,000 bytes: ";
        strictEqual(error.message.slice(0, start.length), start);
        return error.reason === "gaveUp";
      });
    },
  ));

Deno.test("download refuses an unannounced body that is too long", () =>
  scene(() => ({ body: new Uint8Array(1001) }), async (s) => {
    await s.refuses(
      "length",
      'Cannot download "{url}" as it must have at most 1,000 bytes: server ' +
        "sends more",
    );
    deepStrictEqual(s.files(), []);
  }));

Deno.test("download refuses an endless body at maxBytes", () =>
  scene(() => ({ body: new Uint8Array(4000) }), (s) =>
    s.refuses(
      "length",
      'Cannot download "{url}" as it must have at most 3,000 bytes: server ' +
        "sends more",
      { bytes: null, sha256: null, maxBytes: 3000 },
    )));

Deno.test("download takes an unannounced body that is right", () =>
  scene(() => ({ body: BODY }), async (s) => {
    await s.get({ bytes: null });
    deepStrictEqual(await Deno.readFile(s.path), BODY);
  }));

Deno.test("download refuses wrong bytes and keeps them aside", () =>
  scene((request) => honestAnswer(request, OTHER), async (s) => {
    await s.refuses(
      "content",
      `Cannot accept "{url}" as its SHA-256 must be ${SHA256}: ` +
        `is ${sha256(OTHER)}, kept as "{path}.wrong"`,
    );
    deepStrictEqual(s.files(), ["a.bin.wrong"]);
  }));

Deno.test("download trusts an unknown hash once, then holds to it", () =>
  scene(
    (request, index) => honestAnswer(request, index === 0 ? BODY : OTHER),
    async (s) => {
      const unknown = { bytes: null, sha256: null };
      strictEqual((await s.get(unknown)).check, "firstUse");
      strictEqual(
        await Deno.readTextFile(`${s.path}.sha256`),
        `${SHA256}  a.bin\n`,
      );
      strictEqual((await s.get(unknown)).check, "sameAsFirst");
      await Deno.remove(s.path);
      await s.refuses(
        "content",
        `Cannot accept "{url}" as its SHA-256 must be ${SHA256} as first seen ` +
          '(in "{path}.sha256"; delete it to trust the new file): is ' +
          `${sha256(OTHER)}, kept as "{path}.wrong"`,
        unknown,
      );
    },
  ));

Deno.test("download keeps aside what inspect refuses, and trusts it not", () =>
  scene(honest, async (s) => {
    await s.refuses(
      "content",
      'Cannot use it, kept as "{path}.wrong"',
      {
        sha256: null,
        inspect: () =>
          Promise.reject(new DownloadError("content", "Cannot use it")),
      },
    );
    deepStrictEqual(s.files(), ["a.bin.wrong"]);
  }));

Deno.test("download refuses 404 at once", () =>
  scene(() => ({ status: "404 Not Found" }), async (s) => {
    await s.refuses(
      "refused",
      'Cannot download "{url}" as the server must answer 200, or 206 to a ' +
        "range: status is 404 Not Found",
    );
    strictEqual(s.server.requests.length, 1);
  }));

Deno.test("download retries 500 and then gives up", () =>
  scene(() => ({ status: "500 Internal Server Error" }), async (s) => {
    await s.refuses(
      "gaveUp",
      'Cannot download "{url}" as one of 3 attempts in a row must bring new ' +
        "bytes: status is 500 Internal Server Error",
    );
    strictEqual(s.server.requests.length, 3);
    deepStrictEqual(
      s.events.map((event) => event.type === "retrying" && event.waitMs),
      [1, 2],
    );
  }));

Deno.test("download waits as long as the server asks, in reason", () =>
  scene(
    () => ({ status: "429 Slow", headers: { "retry-after": "3600" } }),
    async (s) => {
      const stop = new AbortController();
      const waits: number[] = [];
      const onEvent = (event: DownloadEvent) => {
        if (event.type === "retrying") waits.push(event.waitMs);
        stop.abort();
      };
      await rejects(() => s.get({ onEvent, signal: stop.signal }));
      deepStrictEqual(waits, [30_000]);
    },
  ));

Deno.test("download refuses what comes compressed unasked", () =>
  scene(() => ({ headers: { "content-encoding": "gzip" } }), (s) =>
    s.refuses(
      "refused",
      'Cannot download "{url}" as it must come as it is: content-encoding is ' +
        "gzip",
    )));

Deno.test("download gets over one 503", () =>
  scene(
    (request, index) =>
      index === 0 ? { status: "503 Busy" } : honestAnswer(request, BODY),
    async (s) => {
      await s.get();
      deepStrictEqual(await Deno.readFile(s.path), BODY);
    },
  ));

Deno.test("download refuses a web page", () =>
  scene(
    () => ({ headers: { "content-type": "text/html; charset=utf-8" } }),
    (s) =>
      s.refuses(
        "refused",
        'Cannot download "{url}" as it must be a file: server sends a web page ' +
          "(text/html)",
      ),
  ));

Deno.test("download gives up on a closed port", () =>
  scene(honest, async (s) => {
    const gone = lyingServer(honest);
    await gone[Symbol.asyncDispose]();
    const options = { bytes: null, sha256: null, attempts: 2, pauseMs: 1 };
    await rejects(
      () => download(gone.url, s.path, options),
      (error: DownloadError) => /Connection refused/.test(error.message),
    );
  }));

Deno.test("download refuses to start when the disk is too full", () =>
  scene(honest, (s) =>
    s.refuses(
      "noSpace",
      'Cannot download "{url}" as 1,000 bytes must be free in "{folder}": ' +
        "999 are",
      { freeSpace: () => Promise.resolve({ bytes: 999 }) },
    )));

Deno.test("download goes ahead where free space is unknown", () =>
  scene(honest, async (s) => {
    const freeSpace = () =>
      Promise.resolve({ bytes: null, why: "asked not to" });
    strictEqual((await s.get({ freeSpace })).bytes, 1000);
  }));

Deno.test("download refuses a file that another process is writing", () =>
  scene(honest, async (s) => {
    using other = await Deno.open(`${s.path}.part`, {
      write: true,
      create: true,
    });
    await other.lock(true);
    await s.refuses(
      "busy",
      'Cannot download "{url}" as no other process may be writing ' +
        '"{path}.part": it is locked',
    );
  }));

Deno.test("download passes on that Deno may not reach a host", () =>
  scene(honest, (s) =>
    s.refuses(
      "refused",
      'Cannot download "{url}" as Deno must allow it: Requires net access',
      {
        fetch: () =>
          Promise.reject(new Deno.errors.NotCapable("Requires net access")),
      },
    )));
