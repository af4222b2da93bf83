import {
  deepStrictEqual,
  ok,
  rejects,
  strictEqual,
  throws,
} from "node:assert/strict";
import type { CrfPicture } from "../../../lib/crf/crf_picture.ts";
import { type CrfPool, openCrfPool } from "../../../lib/crf/crf_pool.ts";
import { denseCrf, RESNET101_CRF } from "../../../lib/crf/dense_crf.ts";
import type { LabelPlanes } from "../../../lib/crf/label_planes.ts";
import { noisePicture } from "./crf_pictures.ts";

/** Pictures of many sizes, small ones after large ones; new arrays each time. */
function* pictures(count = 7): Generator<CrfPicture> {
  for (let i = 0; i < count; i++) {
    const size = i % 2 === 0 ? 32 : 2;
    yield noisePicture(i, { width: size + i, height: size, labelCount: 2 + i });
  }
}

/** One whose unary is no number at pixel (1, 0). */
function brokenPicture(): CrfPicture {
  const picture = noisePicture(1, { width: 2, height: 1 });
  picture.unary.data[1] = NaN;
  return picture;
}

async function allOf(
  pool: CrfPool,
  of: Iterable<CrfPicture> | AsyncIterable<CrfPicture>,
): Promise<LabelPlanes[]> {
  return await Array.fromAsync(pool.run(of, RESNET101_CRF));
}

for (const workers of [1, 2, 3]) {
  Deno.test(`a pool of ${workers} gives what denseCrf gives, in order`, async () => {
    await using pool = openCrfPool({ workers });
    const expected = [...pictures()].map(({ image, unary }) =>
      denseCrf(image, unary, RESNET101_CRF)
    );
    deepStrictEqual(await allOf(pool, pictures()), expected);
  });
}

Deno.test("a pool serves several runs, also at once", async () => {
  await using pool = openCrfPool({ workers: 2 });
  const [all, three, none] = await Promise.all([
    allOf(pool, pictures()),
    allOf(pool, pictures(3)),
    allOf(pool, []),
  ]);
  deepStrictEqual(all.slice(0, 3), three);
  deepStrictEqual(none, []);
  deepStrictEqual((await allOf(pool, pictures(3))).length, 3);
});

Deno.test("a pool leaves a listener aside, which no worker can call", async () => {
  await using pool = openCrfPool({ workers: 1 });
  const options = { ...RESNET101_CRF, onEvent: () => ok(false) };
  const results = pool.run(pictures(1), options);
  deepStrictEqual((await Array.fromAsync(results)).length, 1);
});

Deno.test("a pool takes pictures that come late", async () => {
  await using pool = openCrfPool({ workers: 2 });
  const late = async function* () {
    for (const picture of pictures(3)) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      yield picture;
    }
  };
  deepStrictEqual(
    await allOf(pool, late()),
    await allOf(pool, pictures(3)),
  );
});

Deno.test("a pool moves arrays, and copies those that share their memory", async () => {
  await using pool = openCrfPool({ workers: 1 });
  const whole = noisePicture(3, { width: 4, height: 4 });
  const bytes = new Uint8Array(100);
  bytes.set(whole.image.data, 9);
  const image = { ...whole.image, data: bytes.subarray(9, 9 + 48) };
  const shared = new Float32Array(new SharedArrayBuffer(4 * 32));
  shared.set(whole.unary.data);
  const unary = { ...whole.unary, data: shared };
  const [expected] = await allOf(pool, [whole]);
  deepStrictEqual(whole.image.data.length, 0, "moved");
  deepStrictEqual(await allOf(pool, [{ image, unary }]), [expected]);
  deepStrictEqual([bytes.length, shared.length], [100, 32], "copied");
});

Deno.test("a pool refuses arrays that it has been given before", async () => {
  await using pool = openCrfPool({ workers: 2 });
  const picture = noisePicture(3, { width: 4, height: 4 });
  await rejects(allOf(pool, [picture, picture]), {
    name: "RangeError",
    message: "Cannot run the dense CRF as no array may be given to a pool " +
      "twice: its memory has been moved to a worker before; picture 1",
  });
});

Deno.test("a pool names the first picture that fails, and stays usable", async () => {
  await using pool = openCrfPool({ workers: 2 });
  const given = [...pictures(3), brokenPicture(), ...pictures(3)];
  let count = 0;
  await rejects(async () => {
    for await (const _ of pool.run(given, RESNET101_CRF)) count++;
  }, {
    name: "RangeError",
    message: "Cannot run the dense CRF as a unary must be −ln p, a number " +
      "above −∞: NaN of label 0 at pixel (1, 0); picture 3",
  });
  strictEqual(count, 3);
  strictEqual((await allOf(pool, pictures(3))).length, 3);
});

Deno.test("a pool throws what its source throws", async () => {
  await using pool = openCrfPool({ workers: 2 });
  const source = function* () {
    yield* pictures(1);
    throw new Error("disk");
  };
  await rejects(allOf(pool, source()), { message: "disk" });
});

Deno.test("a pool holds so many pictures and no more", async () => {
  await using pool = openCrfPool({ workers: 2, ahead: 1 });
  let taken = 0;
  let used = 0;
  const counted = function* () {
    for (const picture of pictures(12)) {
      taken++;
      // Not yet handed over; the user has one more in hand.
      ok(taken - used <= 3 + 1, `${taken} taken, ${used} used`);
      yield picture;
    }
  };
  for await (const _ of pool.run(counted(), RESNET101_CRF)) {
    await new Promise((resolve) => setTimeout(resolve, 2));
    used++;
  }
  strictEqual(taken, 12);
});

Deno.test("a pool does no more for a user who leaves", async () => {
  await using pool = openCrfPool({ workers: 2, ahead: 1 });
  let isClosed = false;
  const source = function* () {
    try {
      yield* pictures(50);
    } finally {
      isClosed = true;
    }
  };
  for await (const _ of pool.run(source(), RESNET101_CRF)) break;
  strictEqual((await allOf(pool, pictures(2))).length, 2);
  ok(isClosed);
});

Deno.test("a signal ends a run at once, not its pool", async () => {
  await using pool = openCrfPool({ workers: 2 });
  const hour = { ...RESNET101_CRF, iterations: 1e9 };
  const abort = new AbortController();
  const slow = pool.run(pictures(9), hour, { signal: abort.signal });
  const first = slow.next();
  // Another run is behind it, and gets the workers.
  const quick = allOf(pool, pictures(2));
  setTimeout(() => abort.abort(new Error("stop")), 50);
  await rejects(first, { name: "Error", message: "stop" });
  strictEqual((await quick).length, 2);
  await rejects(
    pool.run(pictures(1), hour, { signal: abort.signal }).next(),
    { message: "stop" },
  );
});

Deno.test("disposing ends the workers in the midst of their pictures", async () => {
  const shut = "Cannot run the dense CRF as its pool must be open: it is shut";
  const pool = openCrfPool({ workers: 2 });
  const hour = { ...RESNET101_CRF, iterations: 1e9 };
  const first = pool.run(pictures(9), hour).next();
  setTimeout(() => pool[Symbol.asyncDispose](), 50);
  await rejects(first, { message: shut });
  await rejects(allOf(pool, pictures(1)), { message: shut });
});

Deno.test("a pool that is never used starts nothing", async () => {
  await using _ = openCrfPool({ workers: 99 });
});

Deno.test("a pool names its worker that cannot start, and tries again", async () => {
  const fall = "throw new Error('no room')";
  await using pool = openCrfPool({
    workers: 1,
    workerUrl: `data:text/javascript,${encodeURIComponent(fall)}`,
  });
  const died =
    /^Cannot run the dense CRF on a worker as it must start and live on: .*no room.*; picture 0$/;
  await rejects(allOf(pool, pictures(2)), { message: died });
  await rejects(allOf(pool, pictures(2)), { message: died });
});

Deno.test("openCrfPool refuses counts that are none", () => {
  throws(() => openCrfPool({ workers: 0 }), {
    name: "RangeError",
    message: "Cannot open a CRF pool as workers must be a whole number " +
      "from 1: 0",
  });
  throws(() => openCrfPool({ workers: 1, ahead: 0.5 }), {
    message: "Cannot open a CRF pool as ahead must be a whole number from 0: " +
      "0.5",
  });
});
