import { deepStrictEqual, rejects, strictEqual } from "node:assert";
import fc from "fast-check";
import { DownloadError } from "../../../lib/dataset/checked_file.ts";
import { download } from "../../../lib/dataset/download.ts";
import {
  BODY,
  cutsOnce,
  honest,
  OTHER,
  ranges,
  scene,
  SHA256,
} from "./_download_scene.ts";
import { cutAfter, honestAnswer, lyingServer } from "./_lying_server.ts";

Deno.test("download goes on after a cut, with Range and If-Range", () =>
  scene(cutsOnce, async (s) => {
    await s.get();
    deepStrictEqual(ranges(s), [null, "bytes=400-"]);
    strictEqual(s.server.requests[1]!.get("if-range"), '"one"');
    deepStrictEqual(await Deno.readFile(s.path), BODY);
    const [retry, resume] = s.events as [{ why: string }, unknown];
    const place = "the connection failed at 400 of 1,000 bytes: ";
    strictEqual(retry.why.slice(0, place.length), place);
    deepStrictEqual(resume, { type: "resuming", haveBytes: 400 });
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
      const aborted = s.get({ signal: stop.signal, attempts: 1 });
      while (!await hasBytes(`${s.path}.part`, 400)) await pause(2);
      stop.abort();
      await rejects(() => aborted, { name: "AbortError" });
      await s.get();
      deepStrictEqual(ranges(s), [null, "bytes=400-"]);
      deepStrictEqual(await Deno.readFile(s.path), BODY);
    },
  ));

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

Deno.test("download starts over when a 206 has another total", () =>
  scene(
    (request, index) => {
      if (index !== 1) return cutsOnce(request, index);
      return honestAnswer(request, new Uint8Array(2000));
    },
    async (s) => {
      await s.get();
      deepStrictEqual(ranges(s), [null, "bytes=400-", null]);
    },
  ));

Deno.test("download takes a file in ranges shorter than asked for", () =>
  scene(
    (request, index) => {
      if (index === 0) return cutsOnce(request, index);
      const start = Number(/\d+/.exec(request.get("range")!)![0]);
      const body = BODY.subarray(start, start + 250);
      const range = `bytes ${start}-${start + body.length - 1}/1000`;
      const length = `${body.length}`;
      const headers = { "content-range": range, "content-length": length };
      return { status: "206 Partial Content", headers, body };
    },
    async (s) => {
      await s.get();
      deepStrictEqual(ranges(s).slice(1), [
        "bytes=400-",
        "bytes=650-",
        "bytes=900-",
      ]);
      deepStrictEqual(await Deno.readFile(s.path), BODY);
      strictEqual(
        (s.events.at(-2) as { why: string }).why,
        "the connection ended at 900 of 1,000 bytes",
      );
    },
  ));

Deno.test("download asks for nothing when only the rename is missing", () =>
  scene(honest, async (s) => {
    await Deno.writeFile(`${s.path}.part`, BODY);
    const origin = { url: s.server.url, validator: null, totalBytes: 1000 };
    await Deno.writeTextFile(`${s.path}.part.json`, JSON.stringify(origin));
    await s.get();
    strictEqual(s.server.requests.length, 0);
    deepStrictEqual(s.files(), ["a.bin"]);
  }));

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

Deno.test("download does not go on by a weak ETag", () =>
  scene(
    (request, index) => {
      const answer = honestAnswer(request, index === 0 ? OTHER : BODY, 'W/"1"');
      return index === 0 ? cutAfter(400, answer) : answer;
    },
    async (s) => {
      await s.get({ bytes: null, sha256: null });
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

Deno.test("download needs room only for what is missing", () =>
  scene(cutsOnce, async (s) => {
    await rejects(() => s.get({ attempts: 1 }));
    const freeSpace = () => Promise.resolve({ bytes: 600 });
    strictEqual((await s.get({ freeSpace })).bytes, 1000);
  }));

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
