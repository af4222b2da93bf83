import { deepStrictEqual, rejects, strictEqual } from "node:assert";
import { createHash } from "node:crypto";
import fc from "fast-check";
import {
  download,
  type DownloadEvent,
  type DownloadOptions,
} from "../../../lib/dataset/download.ts";
import { checkFile, DownloadError } from "../../../lib/dataset/checked_file.ts";
import { freeDiskSpace } from "../../../lib/dataset/free_space.ts";
import {
  cutAfter,
  honestAnswer,
  type LyingServer,
  lyingServer,
  type Script,
} from "./_lying_server.ts";

const BODY = Uint8Array.from({ length: 1000 }, (_, i) => (i * 7) % 251);
const SHA256 = sha256(BODY);
const OTHER = BODY.map((value) => 255 - value);

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** What one test has: a server, a folder, and what was told on the way. */
interface Scene {
  readonly server: LyingServer;
  readonly folder: string;
  readonly path: string;
  /** All events but progress. */
  readonly events: DownloadEvent[];
  get(options?: Partial<DownloadOptions>): ReturnType<typeof download>;
  /** Rejects with exactly this; `{url}` and `{path}` are filled in. */
  refuses(
    reason: string,
    message: string,
    options?: Partial<DownloadOptions>,
  ): Promise<void>;
  /** Names in the folder. */
  files(): string[];
}

async function scene(
  script: Script,
  body: (scene: Scene) => Promise<void>,
): Promise<void> {
  await using server = lyingServer(script);
  const folder = await Deno.makeTempDir();
  const path = `${folder}/a.bin`;
  const events: DownloadEvent[] = [];
  const get: Scene["get"] = (options = {}) =>
    download(server.url, path, {
      bytes: BODY.length,
      sha256: SHA256,
      stallMs: 2000,
      attempts: 3,
      pauseMs: 1,
      onEvent: (event) => event.type === "progress" || events.push(event),
      ...options,
    });
  const refuses: Scene["refuses"] = async (reason, message, options) => {
    const full = message.replaceAll("{url}", server.url)
      .replaceAll("{path}", path).replaceAll("{folder}", folder);
    await rejects(() => get(options), (error) => {
      strictEqual((error as Error).message, full);
      strictEqual((error as DownloadError).reason, reason);
      return true;
    });
  };
  const files = () => [...Deno.readDirSync(folder)].map((f) => f.name).sort();
  try {
    await body({ server, folder, path, events, get, refuses, files });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const honest: Script = (request) => honestAnswer(request, BODY);
/** Honest, but the first answer ends after 400 bytes. */
const cutsOnce: Script = (request, index) =>
  index === 0
    ? cutAfter(400, honestAnswer(request, BODY))
    : honestAnswer(request, BODY);

function ranges({ server }: Scene): (string | null)[] {
  return server.requests.map((request) => request.get("range"));
}

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
  }));

Deno.test("download asks for unencoded bytes", () =>
  scene(honest, async (s) => {
    await s.get();
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

Deno.test("download goes on after a cut, with Range and If-Range", () =>
  scene(cutsOnce, async (s) => {
    await s.get();
    deepStrictEqual(ranges(s), [null, "bytes=400-"]);
    strictEqual(s.server.requests[1]!.get("if-range"), '"one"');
    deepStrictEqual(await Deno.readFile(s.path), BODY);
    deepStrictEqual(s.events.map((event) => event.type), [
      "retrying",
      "resuming",
    ]);
  }));

Deno.test("download says where a connection was cut", () =>
  scene(cutsOnce, async (s) => {
    await s.get();
    const why = (s.events[0] as { why: string }).why;
    strictEqual(
      why.replace(/: .*/, ""),
      "the connection failed at 400 of 1,000 bytes",
    );
  }));

Deno.test("download goes on in a later call", () =>
  scene(cutsOnce, async (s) => {
    await rejects(() => s.get({ attempts: 1 }), DownloadError);
    deepStrictEqual(s.files(), ["a.bin.part", "a.bin.part.json"]);
    await s.get();
    deepStrictEqual(ranges(s), [null, "bytes=400-"]);
    deepStrictEqual(s.files(), ["a.bin"]);
  }));

Deno.test("download goes on after an abort in the middle", () =>
  scene(
    (request, index) =>
      index === 0
        ? { ...cutAfter(400, honestAnswer(request, BODY)), stalls: true }
        : honestAnswer(request, BODY),
    async (s) => {
      const stop = new AbortController();
      const aborted = s.get({ signal: stop.signal });
      while (!await hasBytes(`${s.path}.part`, 400)) await pause(2);
      stop.abort();
      await rejects(() => aborted, { name: "AbortError" });
      await s.get();
      deepStrictEqual(ranges(s), [null, "bytes=400-"]);
      deepStrictEqual(await Deno.readFile(s.path), BODY);
    },
  ));

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

Deno.test("download starts over when the server ignores Range", () =>
  scene(
    (_, index) =>
      index === 0
        ? cutAfter(400, honestAnswer(new Headers(), BODY))
        : honestAnswer(new Headers(), BODY),
    async (s) => {
      await s.get();
      deepStrictEqual(ranges(s), [null, "bytes=400-"]);
      deepStrictEqual(await Deno.readFile(s.path), BODY);
      deepStrictEqual(s.events.at(-1), {
        type: "restarting",
        why: "the server sends the file from its start",
      });
    },
  ));

Deno.test("download gives up on a server that ignores Range and cuts", () =>
  scene(
    () => cutAfter(400, honestAnswer(new Headers(), BODY)),
    async (s) => {
      await rejects(() => s.get(), (error: DownloadError) => {
        strictEqual(error.reason, "gaveUp");
        return true;
      });
      strictEqual(s.server.requests.length, 3);
    },
  ));

Deno.test("download starts over when the ETag changed, by If-Range", () =>
  scene(
    (request, index) =>
      index === 0
        ? cutAfter(400, honestAnswer(request, OTHER, '"old"'))
        : honestAnswer(request, BODY, '"new"'),
    async (s) => {
      await s.get();
      deepStrictEqual(await Deno.readFile(s.path), BODY);
    },
  ));

Deno.test("download starts over when a 206 has another ETag", () =>
  scene(
    (request, index) => {
      if (index === 0) return cutAfter(400, honestAnswer(request, OTHER));
      request.delete("if-range"); // as if the server did not know it
      return honestAnswer(request, BODY, '"new"');
    },
    async (s) => {
      await s.get();
      deepStrictEqual(ranges(s), [null, "bytes=400-", null]);
      deepStrictEqual(await Deno.readFile(s.path), BODY);
    },
  ));

Deno.test("download starts over when a 206 begins at another byte", () =>
  scene(
    (request, index) => {
      if (index !== 1) return cutsOnce(request, index);
      return honestAnswer(new Headers({ range: "bytes=100-" }), BODY);
    },
    async (s) => {
      await s.get();
      deepStrictEqual(ranges(s), [null, "bytes=400-", null]);
      deepStrictEqual(await Deno.readFile(s.path), BODY);
    },
  ));

Deno.test("download starts over when the file got shorter (416)", () =>
  scene(
    (request, index) =>
      index === 0
        ? cutAfter(400, honestAnswer(request, OTHER))
        : honestAnswer(request, BODY.subarray(0, 300)),
    async (s) => {
      const short = BODY.subarray(0, 300);
      await rejects(() => s.get({ bytes: null, sha256: null, attempts: 1 }));
      await s.get({ bytes: null, sha256: null });
      deepStrictEqual(await Deno.readFile(s.path), short);
    },
  ));

Deno.test("download does not mix files when nothing could tell it", () =>
  scene(
    (_, index) => {
      const body = index === 0 ? OTHER : BODY;
      const headers = { "content-length": "1000" }; // no ETag, no date
      return index === 0 ? cutAfter(400, { headers, body }) : { headers, body };
    },
    async (s) => {
      const unknown = { bytes: null, sha256: null };
      await rejects(() => s.get({ ...unknown, attempts: 1 }));
      await s.get(unknown);
      deepStrictEqual(ranges(s), [null, null]);
      deepStrictEqual(await Deno.readFile(s.path), BODY);
    },
  ));

Deno.test("download goes on from another address when the hash is known", () =>
  scene(cutsOnce, async (s) => {
    await rejects(() => s.get({ attempts: 1 }));
    await using mirror = lyingServer(honest);
    const facts = { bytes: 1000, sha256: SHA256 };
    await download(mirror.url, s.path, facts);
    strictEqual(mirror.requests[0]!.get("range"), "bytes=400-");
    strictEqual(mirror.requests[0]!.get("if-range"), null);
    deepStrictEqual(await Deno.readFile(s.path), BODY);
  }));

Deno.test("download retries after a stall", () =>
  scene(
    (request, index) =>
      index === 0
        ? { ...cutAfter(400, honestAnswer(request, BODY)), stalls: true }
        : honestAnswer(request, BODY),
    async (s) => {
      await s.get({ stallMs: 60 });
      strictEqual(
        (s.events[0] as { why: string }).why,
        "no byte came for 60 ms at 400 of 1,000 bytes",
      );
      deepStrictEqual(ranges(s), [null, "bytes=400-"]);
    },
  ));

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

Deno.test("download gets over one 503", () =>
  scene(
    (request, index) =>
      index === 0 ? { status: "503 Busy" } : honestAnswer(request, BODY),
    async (s) => {
      await s.get();
      deepStrictEqual(await Deno.readFile(s.path), BODY);
    },
  ));

Deno.test("download follows a redirect, and resumes through it", () =>
  scene(cutsOnce, async (s) => {
    await using door = lyingServer(() => ({
      status: "302 Found",
      headers: { location: s.server.url, "content-length": "0" },
    }));
    const facts = { bytes: 1000, sha256: SHA256, pauseMs: 1 };
    await download(door.url, s.path, facts);
    deepStrictEqual(ranges(s), [null, "bytes=400-"]);
    deepStrictEqual(await Deno.readFile(s.path), BODY);
  }));

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
      (error: DownloadError) => error.reason === "gaveUp",
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

Deno.test("download needs room only for what is missing", () =>
  scene(cutsOnce, async (s) => {
    await rejects(() => s.get({ attempts: 1 }));
    const freeSpace = () => Promise.resolve({ bytes: 600 });
    strictEqual((await s.get({ freeSpace })).bytes, 1000);
  }));

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

Deno.test("download ends right however often and wherever it is cut", () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 6 }),
      fc.boolean(),
      (cuts, takesRange) =>
        scene(
          (request, index) => {
            if (!takesRange) request.delete("range");
            const answer = honestAnswer(request, BODY);
            const cut = cuts[index];
            return cut === undefined ? answer : cutAfter(cut, answer);
          },
          async (s) => {
            await s.get({ attempts: 8 });
            deepStrictEqual(await Deno.readFile(s.path), BODY);
            deepStrictEqual(s.files(), ["a.bin"]);
          },
        ),
    ),
    { numRuns: 25 },
  ));

Deno.test("checkFile refuses another length before it reads", () =>
  scene(honest, async (s) => {
    await Deno.writeFile(s.path, BODY);
    await rejects(() => checkFile(s.path, { bytes: 2000, sha256: null }), {
      message: `Cannot accept "${s.path}" as it must have 2,000 bytes: ` +
        "has 1,000",
    });
  }));

Deno.test({
  name: "freeDiskSpace says why it does not know",
  permissions: { read: true, sys: false },
  async fn() {
    deepStrictEqual(await freeDiskSpace("."), {
      bytes: null,
      why:
        'Requires sys access to "statfs", run again with the --allow-sys flag',
    });
  },
});

async function hasBytes(path: string, bytes: number): Promise<boolean> {
  try {
    return (await Deno.stat(path)).size >= bytes;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
