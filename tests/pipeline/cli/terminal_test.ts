/** A run in a real terminal: a pseudo-terminal, made by `script`. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { EngineProject, until } from "../engine_project.ts";

const MAIN = new URL("../engine_main.ts", import.meta.url).pathname;

/** Whether there is a `script` that gives its command's exit code. */
function hasScript(): boolean {
  try {
    const args = ["-qec", "true", "/dev/null"];
    const { success } = new Deno.Command("script", {
      args,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).outputSync();
    return success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Starts a command in a terminal of so many columns, as a rule a run. */
function start(project: EngineProject, columns: number, args = "run") {
  const command = `stty cols ${columns} rows 10 && ` +
    `exec ${Deno.execPath()} run --allow-all ${MAIN} ${args}`;
  const process = new Deno.Command("script", {
    args: ["-qec", command, "/dev/null"],
    cwd: project.folder,
    env: { TERM: "xterm" },
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const keys = process.stdin.getWriter();
  let out = "";
  const drained = (async () => {
    const text = process.stdout.pipeThrough(new TextDecoderStream());
    for await (const chunk of text) out += chunk;
  })();
  return {
    /** What was written so far, without colours and moves of the cursor. */
    out: () => stripVTControlCharacters(out),
    press: (key: string) => keys.write(new TextEncoder().encode(key)),
    async ended(): Promise<number> {
      await drained;
      await keys.close().catch(() => {});
      return (await process.status).code;
    },
  };
}

Deno.test({
  name: "in a terminal, lines of what runs are as wide as it and no wider",
  ignore: !hasScript(),
  async fn() {
    using project = new EngineProject(`
workflow: texts
steps:
  texts: { stage: make_texts, params: { count: 8, word: hi } }
  a_step_of_a_long_name:
    stage: shout
    inputs: { texts: texts.texts }
    params: { sleepMs: 200 }
`);
    const terminal = start(project, 40);
    strictEqual(await terminal.ended(), 0, terminal.out());
    const lines = terminal.out().split(/[\r\n]+/);
    const shown = lines.filter((line) => line.startsWith("  a_step"));
    ok(shown.length > 1, terminal.out());
    deepStrictEqual(shown.filter((line) => line.length > 40), []);
    // The unit gives way to the time left.
    match(
      shown.join("\n"),
      /^ {2}a_step_of_a_long_name {2}[1-7]\/8 {2}\d+ s left$/m,
    );
    match(lines.filter((line) => line !== "").at(-1)!, /^succeeded: 2 run /);
  },
});

Deno.test({
  name: "Ctrl-C in a terminal lets steps stop by themselves",
  ignore: !hasScript(),
  async fn() {
    using project = new EngineProject(`
workflow: slow
steps: { hang: { stage: misbehave, params: { how: hang, tally: TALLY } } }
`);
    const terminal = start(project, 80);
    const log = `${project.folder}/runs/slow/logs/hang.log`;
    await until(() => project.tally().length > 0);
    await until(() => terminal.out().includes("1 running"));
    await until(() => Deno.readTextFileSync(log).includes("about to hang"));
    await terminal.press("\x03");
    strictEqual(await terminal.ended(), 130, terminal.out());
    match(terminal.out(), /stopped: 1 not reached/);
    // A killed one could not have said so.
    match(Deno.readTextFileSync(log), /The run was stopped/);
  },
});

Deno.test({
  name: "why runs cannot be compared is told once in a terminal",
  ignore: !hasScript(),
  async fn() {
    using project = new EngineProject("");
    project.write("p.yaml", "max_drop: { x: 1 }\n");
    const args = "compare a.json b.json --policy p.yaml";
    const terminal = start(project, 80, args);
    strictEqual(await terminal.ended(), 2, terminal.out());
    const because = (name: string) =>
      `Cannot read "${name}" as it must exist: nothing is there`;
    deepStrictEqual(terminal.out().trim().split(/[\r\n]+/), [
      "Not comparable",
      because("a.json"),
      because("b.json"),
    ]);
  },
});
