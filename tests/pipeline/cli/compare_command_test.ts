/** `export` and `compare` as users call them, on trivial stages. */
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { tryLock } from "../../../pipeline/store/file_lock.ts";
import { EngineProject } from "../engine_project.ts";

const FLOW = `
workflow: w
steps:
  texts:
    stage: make_texts
    params: { count: 3, word: WORD }
  loud: { stage: shout, inputs: { texts: texts.texts } }
  letters: { stage: count_letters, inputs: { texts: loud.texts } }
`;

/** A project with run "short" of short words and "long" of longer ones. */
async function twoRuns(): Promise<EngineProject> {
  const project = new EngineProject(FLOW.replace("WORD", "ab"));
  project.write("p.yaml", "max_drop: { letters: 0 units }\n");
  strictEqual((await project.run("run", "--name", "short", "-q")).code, 0);
  project.writeWorkflow(FLOW.replace("WORD", "abcd"));
  strictEqual((await project.run("run", "--name", "long", "-q")).code, 0);
  return project;
}

/** Runs a command that must end with a code. */
async function ran(
  project: EngineProject,
  code: number,
  ...args: string[]
): Promise<{ out: string; err: string }> {
  const outcome = await project.run(...args);
  strictEqual(
    outcome.code,
    code,
    `${args.join(" ")}: ${outcome.out}${outcome.err}`,
  );
  return outcome;
}

Deno.test("a run is exported and compared, by name, folder, archive or manifest", async () => {
  using project = await twoRuns();
  const { out } = await ran(project, 0, "export", "short");
  match(out, /^short\.tar\.zst {2}\d[\d.]* KiB, 2 files\n$/);
  await ran(project, 0, "export", "long", "--to", "l.json");
  await ran(
    project,
    0,
    "export",
    "short",
    "--to",
    "s.tar.zst",
    "--with",
    "texts.texts",
  );

  const policy = ["--policy", "p.yaml"];
  for (const a of ["short", "runs/short", "short.tar.zst"]) {
    for (const b of ["long", "l.json"]) {
      const { out } = await ran(project, 0, "compare", a, b, ...policy);
      match(out, /^Within policy: 1 check passed\n/);
      match(out, /\nFirst parted: texts, as param word ab -> abcd\n/);
    }
  }
  const { out: worse } = await ran(
    project,
    1,
    "compare",
    "long",
    "s.tar.zst",
    ...policy,
  );
  match(
    worse,
    /\n {2}max_drop {2}letters {2}fell by 6 units, 0 units allowed: 21 -> 15\n/,
  );

  const bytes = () => Deno.readFileSync(`${project.folder}/short.tar.zst`);
  const before = bytes();
  await ran(project, 0, "run", "--name", "long", "-q");
  await ran(project, 0, "export", "short");
  deepStrictEqual(bytes(), before);
});

Deno.test("--format and --output write a file and print the verdict", async () => {
  using project = await twoRuns();
  const compare = ["compare", "long", "short", "--policy", "p.yaml"];
  const { out } = await ran(
    project,
    1,
    ...compare,
    ...["--format", "junit", "--output", "junit.xml"],
  );
  strictEqual(out, "Regression: 1 of 1 check failed\n");
  match(project.read("junit.xml"), /failures="1"/);
  const { out: markdown } = await ran(
    project,
    1,
    ...compare,
    "--format",
    "markdown",
  );
  match(markdown, /^## Regression: 1 of 1 check failed\n/);
  const { out: json } = await ran(project, 1, ...compare, "--json");
  strictEqual(JSON.parse(json).verdict, "regression");
  const { err } = await ran(project, 2, ...compare, "--output", "no/x.md");
  strictEqual(
    err,
    'Cannot write "no/x.md" as its folder must exist: it does not\n',
  );
});

Deno.test("what cannot be read or compared exits with 2 and says why", async () => {
  using project = await twoRuns();
  await ran(project, 0, "export", "short");
  const whole = Deno.readFileSync(`${project.folder}/short.tar.zst`);
  Deno.writeFileSync(`${project.folder}/cut.tar.zst`, whole.subarray(0, -9));
  const compare = (a: string, b: string, ...more: string[]) =>
    ran(project, 2, "compare", a, b, "--policy", "p.yaml", ...more);
  const { out, err } = await compare("cut.tar.zst", "gone.json", "--json");
  const reasons = [
    'Cannot read "cut.tar.zst" as it must be one whole zstd frame: ' +
    "it is cut short",
    'Cannot read "gone.json" as it must exist: nothing is there',
  ];
  deepStrictEqual(JSON.parse(out), {
    schema: 1,
    verdict: "not_comparable",
    reasons,
  });
  strictEqual(err, `${reasons.join("\n")}\n`);

  project.write("short.zip", "PK");
  const { err: foreign } = await compare("short.zip", "long");
  strictEqual(
    foreign,
    'Cannot read "short.zip" as the name of an export must end in .tar.zst or ' +
      ".json: it does not\n",
  );

  const { err: unknown } = await compare("short", "lomg");
  match(
    unknown,
    /^Cannot find run "lomg" as it must be in .*did you mean "long"\?\n$/,
  );
  project.write("runs/half/run.json", "{}");
  const { err: half } = await compare("short", "half");
  match(half, /^Cannot read run "half" as ".*" must hold steps: it holds none/);

  const record = project.read("runs/long/run.json");
  project.write(
    "runs/long/run.json",
    record.replace('"schema": 2', '"schema": 1'),
  );
  const { err: old } = await compare("short", "long");
  strictEqual(
    old,
    'Cannot read "long" as its run record must be of form 2: ' +
      'it is of form 1; remove run.json, and "run" writes it anew\n',
  );
});

Deno.test("what is read is never written over", async () => {
  using project = await twoRuns();
  await ran(project, 0, "export", "short", "--to", "s.json");
  const files = ["s.json", "p.yaml", "runs/long/run.json"];
  const before = files.map((file) => project.read(file));
  for (const output of [...files, "./runs/../s.json"]) {
    const args = ["s.json", "long", "--policy", "p.yaml", "--output", output];
    const { err } = await ran(project, 2, "compare", ...args);
    match(err, /^Cannot write ".+" as it must be another file than what is/);
  }
  const args = ["long", "--to", "runs/long/run.json"];
  const { err } = await ran(project, 2, "export", ...args);
  match(
    err,
    /another file than what is read: it is ".*runs\/long\/run\.json"\n$/,
  );
  deepStrictEqual(files.map((file) => project.read(file)), before);
});

Deno.test("nothing but a regression exits with 1", async () => {
  using project = await twoRuns();
  const policy = ["--policy", "p.yaml"];
  const { err } = await ran(project, 2, "compare", "", "long", ...policy);
  match(err, /^Cannot find run "" as it must be in /);
  const empty = ["compare", "short", "long", "--policy", ""];
  const { err: none } = await ran(project, 2, ...empty);
  strictEqual(none, 'Cannot read policy "" as it must be a file: it is none\n');
  // Too long a name: what not even root can write.
  const output = ["--output", "x".repeat(300)];
  const args = ["compare", "short", "long", ...policy, ...output];
  const { err: system } = await ran(project, 2, ...args);
  match(system, /^Cannot .+ as its disk must take names that long: /);
  const long = ["compare", "x".repeat(300), "long", ...policy];
  const { err: run } = await ran(project, 2, ...long);
  match(run, /^Cannot .+ as its disk must take names that long: /);
});

Deno.test("a run that goes on, or was killed, is not taken for the one before", async () => {
  using project = await twoRuns();
  const compare = ["compare", "short", "long", "--policy", "p.yaml"];
  {
    const lock = `${project.folder}/runs/long/events.jsonl.lock`;
    using _run = tryLock(lock)!;
    const { err } = await ran(project, 2, ...compare);
    strictEqual(
      err,
      'Cannot read "long" as it must be a run that has ended: it goes on\n',
    );
  }
  const state = "runs/long/steps/loud.json";
  const before = project.read(state);
  project.write(state, before.replace(/"fingerprint":"./, '"fingerprint":"-'));
  for (const args of [compare, ["export", "long"]]) {
    const { err } = await ran(project, args === compare ? 2 : 1, ...args);
    strictEqual(
      err,
      'Cannot read "long" as its folder must hold what its run record tells ' +
        'of: step loud is of another run; "run" brings this one to its end\n',
    );
  }
});

Deno.test("a policy that is wrong, away or missing exits with 2", async () => {
  using project = await twoRuns();
  project.write("bad.yaml", "max_dorp: {}\n");
  const compare = ["compare", "short", "long"];
  const { err } = await ran(project, 2, ...compare, "--policy", "bad.yaml");
  strictEqual(
    err,
    'bad.yaml:1:1 Cannot read the policy as it has no key "max_dorp": did ' +
      'you mean "max_drop"?\nmax_dorp: {}\n~~~~~~~~\n',
  );
  const { err: away } = await ran(project, 2, ...compare, "--policy", "x.yaml");
  strictEqual(
    away,
    'Cannot read policy "x.yaml" as it must be a file: it is none\n',
  );
  const { err: none } = await ran(project, 2, ...compare);
  strictEqual(
    none,
    "Cannot judge the runs as there must be a policy: name one by --policy\n",
  );
});
