/** The CRF on its own: as one file for browsers and old Nodes, and as it is. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { denseCrf, mapLabels, RESNET101_CRF } from "../../../lib/crf/mod.ts";
import { testInBrowser, watch } from "../../chromium.ts";
import { noisePicture } from "./crf_pictures.ts";

const MODULE = new URL("../../../lib/crf/mod.ts", import.meta.url);
const SIZE = { width: 7, height: 5, labelCount: 3 };

/** What a program that uses the CRF must print: the labels of two pictures. */
const EXPECTED = JSON.stringify([1, 2].map((seed) => {
  const { image, unary } = noisePicture(seed, SIZE);
  return [...mapLabels(denseCrf(image, unary, RESNET101_CRF)).data];
}));

/** A module with the two pictures, and the means to print their labels. */
function program(module: string, body: string): string {
  const pictures = [1, 2].map((seed) => {
    const { image, unary } = noisePicture(seed, SIZE);
    return {
      image: [...image.data],
      unary: [...unary.data],
    };
  });
  return `
import { denseCrf, mapLabels, openCrfPool, RESNET101_CRF } from "${module}";
const size = ${JSON.stringify(SIZE)};
const pictures = ${JSON.stringify(pictures)}.map(({ image, unary }) => ({
  image: { ...size, data: Uint8Array.from(image) },
  unary: { ...size, data: Float32Array.from(unary) },
}));
const labels = [];
const add = (marginals) => labels.push([...mapLabels(marginals).data]);
${body}
console.log(JSON.stringify(labels));
`;
}

const ONE_BY_ONE = `
for (const { image, unary } of pictures) {
  add(denseCrf(image, unary, RESNET101_CRF));
}`;

const ON_WORKERS = `
const pool = openCrfPool({ workers: 2 });
for await (const each of pool.run(pictures, RESNET101_CRF)) add(each);
await pool[Symbol.asyncDispose]();`;

/** A folder with a bundle of the CRF, or null where none can be made. */
async function bundled(): Promise<Disposable & { path: string } | null> {
  const path = Deno.makeTempDirSync({ prefix: "crf_bundle_" });
  const { code, err } = await ended(Deno.execPath(), [
    ...["bundle", "--quiet", "--platform", "browser"],
    ...["--output", `${path}/crf.mjs`, MODULE.pathname],
  ]);
  const dispose = () => Deno.removeSync(path, { recursive: true });
  if (code === 0) return { path, [Symbol.dispose]: dispose };
  dispose();
  // deno bundle fetches its bundler when it is first used.
  ok(/error sending request|registry|not found/i.test(err), err);
  console.log(`No bundle can be made here: ${err}`);
  return null;
}

async function ended(command: string, args: readonly string[]) {
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    env: { NO_COLOR: "1" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  return { code, out: text(stdout), err: text(stderr) };
}

/** The version of Node on this machine as [22, 18]; null: there is none. */
async function nodeVersion(): Promise<[number, number] | null> {
  try {
    const { out } = await ended("node", ["--version"]);
    const [major, minor] = out.slice(1).split(".").map(Number);
    return [major!, minor!];
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    console.log("No Node here: its tests are skipped");
    return null;
  }
}

Deno.test("a bundle of the CRF is one file that asks nothing of its host", async () => {
  using folder = await bundled();
  if (folder === null) return;
  const text = Deno.readTextFileSync(`${folder.path}/crf.mjs`);
  deepStrictEqual(text.match(/\bDeno\b|\bnode:|\brequire\(|\bfrom "/g), null);
});

Deno.test("a bundle runs the CRF, and itself on workers", async () => {
  using folder = await bundled();
  if (folder === null) return;
  for (const [name, body] of Object.entries({ ONE_BY_ONE, ON_WORKERS })) {
    const main = `${folder.path}/${name}.mjs`;
    Deno.writeTextFileSync(main, program("./crf.mjs", body));
    const allowed = `--allow-read=${folder.path}`;
    const { out, err } = await ended(Deno.execPath(), [
      ...["run", "--no-prompt", "--no-config", allowed, main],
    ]);
    deepStrictEqual([out, err], [EXPECTED, ""], name);
  }
});

Deno.test("a bundle runs the CRF in Node, and says why no pool", async () => {
  using folder = await bundled();
  if (folder === null || await nodeVersion() === null) return;
  const main = `${folder.path}/main.mjs`;
  Deno.writeTextFileSync(main, program("./crf.mjs", ONE_BY_ONE));
  const { out, err } = await ended("node", [main]);
  deepStrictEqual([out, err], [EXPECTED, ""]);
  Deno.writeTextFileSync(main, program("./crf.mjs", ON_WORKERS));
  const pool = await ended("node", [main]);
  strictEqual(pool.code, 1);
  ok(
    pool.err.includes(
      "Error: Cannot open a CRF pool as there must be web workers, as " +
        "browsers have them: there are none",
    ),
    pool.err,
  );
});

/** Serves files to a browser: modules do not load from file addresses. */
function serve(files: Readonly<Record<string, string>>): Deno.HttpServer<
  Deno.NetAddr
> {
  const types: Readonly<Record<string, string>> = {
    mjs: "text/javascript",
    html: "text/html",
  };
  return Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    ({ url }) => {
      const name = new URL(url).pathname.slice(1);
      const type = types[name.split(".").at(-1)!];
      return type && name in files
        ? new Response(files[name], { headers: { "content-type": type } })
        : new Response(null, { status: name === "favicon.ico" ? 204 : 404 });
    },
  );
}

testInBrowser(
  "a bundle runs the CRF in a browser, and itself on workers",
  async (browser) => {
    using folder = await bundled();
    if (folder === null) return;
    const html = (body: string) =>
      `<!doctype html><title>CRF</title><script type="module">${
        program("./crf.mjs", body).replace("console.log(", "document.title = (")
      }</script>`;
    await using server = serve({
      "crf.mjs": Deno.readTextFileSync(`${folder.path}/crf.mjs`),
      "one_by_one.html": html(ONE_BY_ONE),
      "on_workers.html": html(ON_WORKERS),
    });
    const address = `http://127.0.0.1:${server.addr.port}`;
    for (const name of ["one_by_one", "on_workers"]) {
      const { page, complaints } = await watch(
        browser,
        `${address}/${name}.html`,
      );
      await page.waitForFunction('document.title !== "CRF"');
      strictEqual(await page.title(), EXPECTED, name);
      deepStrictEqual(complaints, []);
    }
  },
);

Deno.test("Node runs lib/crf as it is, from 22.18 on", async () => {
  const [major, minor] = await nodeVersion() ?? [0, 0];
  if (major < 22 || major === 22 && minor < 18) {
    return console.log(`Node is ${major}.${minor}: too old to read TypeScript`);
  }
  const folder = Deno.makeTempDirSync({ prefix: "crf_node_" });
  try {
    const main = `${folder}/main.mjs`;
    Deno.writeTextFileSync(main, program(MODULE.pathname, ONE_BY_ONE));
    const { code, out, err } = await ended("node", [main]);
    deepStrictEqual([code, out], [0, EXPECTED], err);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
