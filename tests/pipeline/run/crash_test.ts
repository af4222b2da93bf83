/** What is left after kill -9, with two runs at once, on damage. */
import {
  deepStrictEqual,
  match,
  notStrictEqual,
  strictEqual,
} from "node:assert/strict";
import { ended, EngineProject, until } from "../engine_project.ts";

const SLOW = `
workflow: slow
steps:
  texts:
    stage: make_texts
    params: { count: 24, word: hi, tally: TALLY }
  loud:
    stage: shout
    inputs: { texts: texts.texts }
    params: { sleepMs: 40, tally: TALLY }
  letters:
    stage: count_letters
    inputs: { texts: loud.texts }
    params: { tally: TALLY }
`;

/** Digests of all outputs, as `ls` prints them. */
async function digests(project: EngineProject): Promise<string> {
  return (await project.run("ls", "slow")).out;
}

Deno.test("kill -9 at any moment: the next run resumes to the same bytes", async () => {
  using undisturbed = new EngineProject(SLOW);
  strictEqual((await undisturbed.run("run")).code, 0);
  const all = undisturbed.tally();
  const expected = await digests(undisturbed);

  for (const delayMs of [0, 150, 400]) {
    using project = new EngineProject(SLOW);
    const process = project.spawn("run");
    await until(() => shards(project).length > 0 || delayMs === 0);
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    process.kill("SIGKILL");
    await ended(process);

    const { code, out } = await project.run("run");
    strictEqual(code, 0, out);
    strictEqual(await digests(project), expected);
    strictEqual((await project.run("verify")).code, 0);
    // What was finished was not done again: at most the two shards that ran
    // and the two whose results were being written.
    const twice = shards(project).length - all.filter(isShard).length;
    strictEqual(twice <= 4, true, `${twice} repeated`);
    const left = [...Deno.readDirSync(`${project.folder}/.store/work`)];
    deepStrictEqual(left, []);
  }
});

function shards(project: EngineProject): string[] {
  return lines(project).filter(isShard);
}

/** What stages have noted so far. */
function lines(project: EngineProject): string[] {
  try {
    return Deno.readTextFileSync(project.tallyFile).trimEnd().split("\n");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

function isShard(line: string): boolean {
  return line.startsWith("shout");
}

Deno.test("kill -9 in a step: it goes on from its own checkpoint", async () => {
  using project = new EngineProject(`
workflow: slow
steps:
  count:
    stage: count_slowly
    params: { to: 12, sleepMs: 60, tally: TALLY }
`);
  const process = project.spawn("run");
  await until(() => lines(project).length >= 4);
  process.kill("SIGKILL");
  await ended(process);
  const { code, out } = await project.run("run");
  strictEqual(code, 0, out);
  strictEqual(project.read("runs/slow/outputs/count.number.json"), "12\n");
  // One number may have been counted whose checkpoint was not yet written.
  strictEqual(lines(project).length <= 13, true, lines(project).join());
  deepStrictEqual(filesUnder(`${project.folder}/.store/scratch`), []);
});

Deno.test("two runs at once compute each step once", async () => {
  using project = new EngineProject(SLOW);
  const both = [project.spawn("run"), project.spawn("run", "--name", "second")];
  const [first, second] = await Promise.all(both.map(ended));
  strictEqual(first!.code, 0, first!.out + first!.err);
  strictEqual(second!.code, 0, second!.out + second!.err);
  const runs = project.tally();
  deepStrictEqual(runs, [...new Set(runs)]);
  const list = async (run: string) => (await project.run("ls", run)).out;
  strictEqual(await list("slow"), await list("second"));
});

Deno.test("two runs of one name at once do no damage", async () => {
  using project = new EngineProject(SLOW);
  const both = [project.spawn("run"), project.spawn("run")];
  const [first, second] = await Promise.all(both.map(ended));
  strictEqual(first!.code, 0, first!.out + first!.err);
  strictEqual(second!.code, 0, second!.out + second!.err);
  match((await project.run("run")).out, /^all 3 steps fresh/);
  strictEqual((await project.run("verify")).code, 0);
});

/** Flips a bit in an object; `seal` keeps its time of change. */
function damage(project: EngineProject, path: string, seal: boolean): void {
  const full = `${project.folder}/${path}`;
  const { mtime } = Deno.statSync(full);
  const bytes = Deno.readFileSync(full);
  bytes[0]! ^= 1;
  Deno.chmodSync(full, 0o644);
  Deno.writeFileSync(full, bytes);
  Deno.chmodSync(full, 0o444);
  if (seal) Deno.utimeSync(full, mtime!, mtime!);
}

const DAMAGED = "runs/slow/outputs/loud.texts/t7.txt";

Deno.test("a flipped byte is found by plan and made again by that shard", async () => {
  using project = new EngineProject(SLOW);
  await project.run("run");
  project.tally();
  const expected = await digests(project);
  damage(project, DAMAGED, false);

  match(
    (await project.run("plan")).out,
    /loud .*output damaged: texts\/t7\.txt/,
  );
  const { code, out } = await project.run("run");
  strictEqual(code, 0, out);
  const [shard, ...others] = project.tally();
  deepStrictEqual(others, []);
  match(shard!, /^shout .*\bt7\b/);
  strictEqual(await digests(project), expected);
});

Deno.test("a flipped byte under an intact seal is found by verify", async () => {
  using project = new EngineProject(SLOW);
  await project.run("run");
  project.tally();
  damage(project, DAMAGED, true);

  const found = await project.run("verify");
  strictEqual(found.code, 3);
  match(found.out, /damaged .* slow\/outputs\/loud\.texts\/t7\.txt/);
  match((await project.run("plan")).out, /output damaged: texts\/t7\.txt/);
  strictEqual((await project.run("run")).code, 0);
  strictEqual(project.tally().length, 1);
  strictEqual((await project.run("verify")).code, 0);
});

Deno.test("a step that reads a damaged input has it made again", async () => {
  using project = new EngineProject(SLOW);
  await project.run("run");
  project.tally();
  damage(project, DAMAGED, true);

  const { code, out } = await project.run("run", "--force", "letters");
  strictEqual(code, 0, out);
  match(out, /damaged {3}object .*: what needs it is made again/);
  strictEqual(project.read(DAMAGED), "HI 7!");
});

Deno.test("a damaged object is never restored, whatever its seal says", async () => {
  using project = new EngineProject(SLOW);
  await project.run("run");
  project.tally();
  damage(project, DAMAGED, true);

  const { code, out } = await project.run("run", "--name", "copy");
  strictEqual(code, 0, out);
  match(out, /damaged {3}object .*: what needs it is made again/);
  const [shard, ...others] = project.tally();
  deepStrictEqual(others, []);
  match(shard!, /^shout .*\bt7\b/);
  strictEqual(project.read("runs/copy/outputs/loud.texts/t7.txt"), "HI 7!");
});

Deno.test("a damaged list of a folder is made again", async () => {
  using project = new EngineProject(SLOW);
  await project.run("run");
  project.tally();
  const expected = await digests(project);
  const state = JSON.parse(project.read("runs/slow/steps/loud.json"));
  const { digest } = state.outputs.texts;
  damage(
    project,
    `.store/objects/${digest.slice(0, 2)}/${digest.slice(2)}`,
    true,
  );

  match((await project.run("plan")).out, /loud .*output damaged: texts/);
  const { code, out } = await project.run("run");
  strictEqual(code, 0, out);
  strictEqual(await digests(project), expected);
  strictEqual((await project.run("verify")).code, 0);
});

Deno.test("verify finds a damaged list of a folder under an intact seal", async () => {
  using project = new EngineProject(SLOW);
  await project.run("run");
  const state = JSON.parse(project.read("runs/slow/steps/loud.json"));
  const { digest } = state.outputs.texts;
  damage(
    project,
    `.store/objects/${digest.slice(0, 2)}/${digest.slice(2)}`,
    true,
  );
  const { code, out, err } = await project.run("verify");
  strictEqual(code, 3, out + err);
  match(out, /damaged .* slow\/outputs\/loud\.texts/);
  strictEqual((await project.run("run")).code, 0);
  strictEqual((await project.run("verify")).code, 0);
});

Deno.test("gc keeps what runs in another folder use", async () => {
  using project = new EngineProject(SLOW);
  await project.run("run");
  const { out } = await project.run("gc", "--runs", "nowhere", "--json");
  strictEqual(JSON.parse(out).objects, 0);
  match((await project.run("run")).out, /^all 3 steps fresh/);
});

Deno.test("gc keeps the finished shards of an interrupted run", async () => {
  using project = new EngineProject(SLOW);
  const process = project.spawn("run");
  await until(() => shards(project).length >= 4);
  process.kill("SIGINT");
  await ended(process);
  const before = shards(project).length;
  strictEqual((await project.run("gc")).code, 0);
  strictEqual((await project.run("run")).code, 0);
  const all = shards(project).length;
  strictEqual(all <= 8 + 2 && all >= before, true, `${before} ${all}`);
});

Deno.test("records cut short by a crash are ignored", async () => {
  using project = new EngineProject(SLOW);
  await project.run("run");
  project.tally();
  for (const path of filesUnder(`${project.folder}/.store/results`)) {
    Deno.truncateSync(path, 20);
  }
  for (const path of filesUnder(`${project.folder}/runs/slow/steps`)) {
    Deno.truncateSync(path, 20);
  }
  for (const path of filesUnder(`${project.folder}/.store/code`)) {
    Deno.truncateSync(path, 20);
  }
  const { code, out } = await project.run("run");
  strictEqual(code, 0, out);
  notStrictEqual(project.tally().length, 0);
});

function filesUnder(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesUnder(`${folder}/${name}`) : [`${folder}/${name}`]
  );
}

Deno.test("gc removes what no run uses and keeps what one does", async () => {
  using project = new EngineProject(SLOW);
  await project.run("run");
  await project.run("run", "--name", "other", "--set", "x=1");
  project.write(
    "workflow.yaml",
    project.read("workflow.yaml").replace("hi", "ho"),
  );
  await project.run("run", "--name", "other");
  project.tally();

  const dry = await project.run("gc", "--dry-run", "--json");
  strictEqual(JSON.parse(dry.out).objects, 0);

  await project.run("clean", "other");
  const { objects, results } = JSON.parse(
    (await project.run("gc", "--json")).out,
  );
  strictEqual(objects > 24 && results > 3, true, `${objects} ${results}`);

  project.write(
    "workflow.yaml",
    project.read("workflow.yaml").replace("ho", "hi"),
  );
  match((await project.run("run")).out, /^all 3 steps fresh/);
  strictEqual((await project.run("verify")).code, 0);
});

Deno.test("gc refuses while a run is going on", async () => {
  using project = new EngineProject(SLOW);
  const process = project.spawn("run");
  await until(() => shards(project).length > 0);
  const { code, err } = await project.run("gc");
  strictEqual(code, 1);
  match(err, /Cannot collect garbage in ".*\.store" as no run may be using it/);
  strictEqual((await ended(process)).code, 0);
});
