/** What a CI job sees on standard output and standard error. */
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { EngineProject } from "../engine_project.ts";

const GOOD = `
workflow: good
steps:
  number: { stage: give_number, params: { number: 1 } }
  next: { stage: add_one, inputs: { number: number.number } }
`;

const BAD = `
workflow: bad
steps:
  number: { stage: give_number, params: { number: 1 } }
  bad: { stage: misbehave, params: { how: throw } }
  next: { stage: add_one, inputs: { number: bad.number } }
`;

/** With what differs from time to time left out. */
function plain(text: string): string {
  return text.replace(/\d+(\.\d+)? s\b/g, "0 s");
}

Deno.test("run --quiet prints one line when all is well", async () => {
  using project = new EngineProject(GOOD);
  const first = await project.run("run", "--quiet", "--report");
  deepStrictEqual(
    { ...first, out: plain(first.out) },
    { code: 0, out: "succeeded: 2 run (0 s)\n", err: "" },
  );
  const fresh = "all 2 steps fresh: nothing to do (0 s)\n";
  const again = await project.run("run", "--quiet");
  strictEqual(plain(again.out), fresh);
  const loud = await project.run("run", "--report");
  strictEqual(plain(loud.out), `${fresh}report of good\n`);
});

Deno.test("run --quiet prints what failed, why, and the end", async () => {
  using project = new EngineProject(BAD);
  const { code, out, err } = await project.run("run", "--quiet", "-k");
  deepStrictEqual([code, err], [1, ""]);
  const lines = plain(out).trimEnd().split("\n");
  strictEqual(lines[0], "failed    bad");
  strictEqual(lines[1], "    Error: Thrown on purpose");
  strictEqual(
    lines.at(-1),
    "failed: 1 run, 1 failed, 1 not reached (0 s)",
  );
});

Deno.test("run --json prints JSON and nothing else, as in the run's log", async () => {
  for (const [text, code] of [[GOOD, 0], [BAD, 1]] as const) {
    using project = new EngineProject(text);
    const args = ["run", "--json", "--quiet", "--report"];
    const outcome = await project.run(...args);
    deepStrictEqual([outcome.code, outcome.err], [code, ""]);
    const events = outcome.out.trimEnd().split("\n").map((line) =>
      JSON.parse(line)
    );
    const run = code === 0 ? "good" : "bad";
    const logged = project.read(`runs/${run}/events.jsonl`).trimEnd()
      .split("\n").map((line) => JSON.parse(line));
    const typesOf = (all: { type: string }[]) => all.map(({ type }) => type);
    deepStrictEqual(typesOf(events), typesOf(logged));
    strictEqual(events.at(-1).type, "run_ended");
  }
});

Deno.test("run --json says what is wrong with a workflow on standard error", async () => {
  using project = new EngineProject("workflow: w\nsteps: { a: { stage: no } }");
  const { code, out, err } = await project.run("run", "--json");
  deepStrictEqual([code, out], [2, ""]);
  match(err, /^workflow\.yaml:2:\d+ Cannot /);
});

Deno.test("run --json --dry-run prints the plan as one JSON text", async () => {
  using project = new EngineProject(GOOD);
  const { code, out, err } = await project.run("run", "--json", "--dry-run");
  deepStrictEqual([code, err], [0, ""]);
  strictEqual(JSON.parse(out).steps.length, 2);
});
