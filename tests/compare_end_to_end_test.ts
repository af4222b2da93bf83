/**
 * The gate's own comparison: the whole method in small against the run that
 * was accepted last, then with another seed, then made worse on purpose.
 */
import { match, strictEqual } from "node:assert/strict";
import { BoxfillProject } from "./boxfill_project.ts";

const CI = new URL("../.ci/", import.meta.url).pathname;

/** Runs `.ci/small.yaml` under a name. */
async function run(
  project: BoxfillProject,
  name: string,
  ...set: string[]
): Promise<void> {
  const params = set.flatMap((each) => ["--set", each]);
  const named = ["--name", name, "--jobs", "2", "--quiet"];
  await project.boxfill("run", `${CI}small.yaml`, ...named, ...params);
}

/** Compares, which must end with a code; gives what is printed. */
async function compare(
  project: BoxfillProject,
  [a, b]: readonly [string, string],
  expected: number,
): Promise<string> {
  const policy = ["--policy", `${CI}policy.yaml`];
  const { code, out, err } = await project.run(
    "boxfill",
    "compare",
    a,
    b,
    ...policy,
  );
  strictEqual(
    code,
    expected,
    `${out}${err}\nIf this is meant: deno task baseline:accept (docs/ci.md)`,
  );
  return out;
}

Deno.test("the small run is no worse than the accepted one, nor with another seed, but with a bad filling rate", async () => {
  using project = new BoxfillProject();
  await run(project, "small");
  await compare(project, [`${CI}baseline.json`, "small"], 0);

  await run(project, "seed", "tuneSeed=2");
  const seeds = await compare(project, ["small", "seed"], 0);
  match(seeds, /\nFirst parted: tuned_model, as seed 1 -> 2\n/);
  match(
    seeds,
    /\n {2}scores\[crf=without,seed=1,variant=bcm_fr_refine\] .* … /,
  );

  await run(project, "worse", "selection={rate: 0.02}");
  const worse = await compare(project, ["small", "worse"], 1);
  match(worse, /^Regression: 2 of 13 checks failed\n/);
  match(
    worse,
    /\nFirst parted: tuned_model, as param selection\.rate sub_class -> 0\.02\n/,
  );
});
