/** `export` as users call it, on trivial stages. */
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { EngineProject } from "../engine_project.ts";

/** A project with run "w". */
async function ended(): Promise<EngineProject> {
  const project = new EngineProject(`
workflow: w
steps:
  texts: { stage: make_texts, params: { count: 3, word: ab } }
  loud: { stage: shout, inputs: { texts: texts.texts } }
  letters: { stage: count_letters, inputs: { texts: loud.texts } }
`);
  strictEqual((await project.run("run", "-q")).code, 0);
  return project;
}

/** What an export that must end with a code says of it. */
async function exportOf(
  project: EngineProject,
  code: number,
  ...args: string[]
): Promise<{ err: string }> {
  const outcome = await project.run("export", "w", ...args);
  strictEqual(outcome.code, code, `${args.join(" ")}: ${outcome.err}`);
  return outcome;
}

Deno.test("wrong usage of export exits with 2 and says what is right", async () => {
  using project = await ended();
  const usage = async (...args: string[]) =>
    (await exportOf(project, 2, ...args)).err;
  const isNone = "Cannot export what is asked for as each must be an output " +
    "of the run, by OUTPUT, STEP.OUTPUT or STEP.OUTPUT/PART: ";
  strictEqual(
    await usage("--with", "texs,texts,texts.txets"),
    `${isNone}"texs" is none, did you mean "texts"?; ` +
      '"texts.txets" is none, did you mean "texts.texts"?\n',
  );
  strictEqual(
    await usage("--with", "nope"),
    `${isNone}"nope" is none, there is "texts", "letters", "metrics", ` +
      '"loud.texts", "texts.texts", "letters.letters", "letters.metrics"\n',
  );
  const name = await usage("--to", "x.zip");
  strictEqual(
    name,
    'Cannot export to "x.zip" as its name must end in .tar.zst or .json: ' +
      "it does not\n",
  );
  const both = await usage("--to", "x.json", "--with", "texts");
  strictEqual(
    both,
    'Cannot export to "x.json" as with --with its name must end in ' +
      ".tar.zst: a .json holds the record alone\n",
  );
  const folder = await usage("--to", "no/x.json");
  strictEqual(
    folder,
    'Cannot write "no/x.json" as its folder must exist: it does not\n',
  );
});

Deno.test("what no longer is what it was is not exported", async () => {
  using project = await ended();
  const exported = (...args: string[]) => exportOf(project, 1, ...args);
  const link = `${project.folder}/runs/w/outputs/texts.texts/t1.txt`;
  Deno.removeSync(link);
  Deno.writeTextFileSync(link, "other");
  const { err: changed } = await exported("--with", "texts.texts");
  match(
    changed,
    /^Cannot export ".*texts\.texts" as its SHA-256 must be [0-9a-f]{64}, as the run record tells: it is [0-9a-f]{64}; "verify" and "run" mend it\n$/,
  );
  Deno.removeSync(`${project.folder}/runs/w/outputs/letters.metrics.json`);
  const { err: gone } = await exported();
  match(
    gone,
    /^Cannot export ".*letters\.metrics\.json" as the run must show it: nothing is there; "run" brings it back\n$/,
  );
  const left = [...Deno.readDirSync(project.folder)].map(({ name }) => name);
  deepStrictEqual(left.filter((name) => name.includes(".zst")), []);
});

Deno.test("too large an export is refused by sizes, before anything is read", async () => {
  using project = await ended();
  const link = `${project.folder}/runs/w/outputs/texts.texts/t1.txt`;
  Deno.removeSync(link);
  Deno.writeTextFileSync(link, "");
  Deno.truncateSync(link, 2 ** 31);
  // Read, it would be found to be another text.
  const { err } = await exportOf(project, 1, "--with", "texts.texts");
  match(
    err,
    /^Cannot export so much as an export may hold 100000 files and 1\.00 GiB: these are 5 and 2\.00 GiB\n$/,
  );
});

Deno.test("a record is exported alone, whatever became of the outputs", async () => {
  using project = await ended();
  Deno.removeSync(`${project.folder}/runs/w/outputs/letters.metrics.json`);
  await exportOf(project, 0, "--to", "w.json");
  deepStrictEqual(JSON.parse(project.read("w.json")).members, []);
});
