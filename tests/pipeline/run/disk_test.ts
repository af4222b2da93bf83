/** Stores and runs on disks that are full, read-only or no folders. */
import { match, strictEqual } from "node:assert/strict";
import type { Job } from "../../../pipeline/run/job.ts";
import { runJob } from "../../../pipeline/run/run_job.ts";
import { giveNumber } from "../engine_stages.ts";
import { EngineProject } from "../engine_project.ts";

const TEXTS = `
workflow: texts
steps:
  texts:
    stage: make_texts
    params: { count: 24, word: hi }
  loud: { stage: shout, inputs: { texts: texts.texts } }
`;

/** Mounting a small disk needs root, which not every machine gives. */
function canMount(): boolean {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return false;
  const folder = Deno.makeTempDirSync();
  const ok = mount(folder, "64k");
  if (ok) unmount(folder);
  Deno.removeSync(folder);
  return ok;
}

function mount(folder: string, size: string): boolean {
  return new Deno.Command("mount", {
    args: ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder],
    stderr: "null",
  }).outputSync().success;
}

function unmount(folder: string): void {
  new Deno.Command("umount", { args: [folder] }).outputSync();
}

Deno.test({
  name: "a run is shown on another file system than the store's",
  ignore: !canMount(), // needs root and mount(2)
  async fn() {
    using project = new EngineProject(TEXTS);
    const disk = `${project.folder}/disk`;
    Deno.mkdirSync(disk);
    mount(disk, "8m");
    try {
      const at = ["--runs", `${disk}/runs`];
      const { code, out } = await project.run("run", ...at);
      strictEqual(code, 0, out);
      const path = `disk/runs/texts/outputs/loud.texts/t3.txt`;
      strictEqual(project.read(path), "HI 3!");
      match((await project.run("run", ...at)).out, /^all 2 steps fresh/);
      Deno.removeSync(`${project.folder}/${path}`);
      await project.run("run", ...at);
      strictEqual(project.read(path), "HI 3!");
    } finally {
      unmount(disk);
    }
  },
});

Deno.test({
  name: "a full disk is a clear error, and the store stays whole",
  ignore: !canMount(), // needs root and mount(2)
  async fn() {
    using project = new EngineProject(TEXTS.replace("24", "400"));
    const disk = `${project.folder}/disk`;
    Deno.mkdirSync(disk);
    mount(disk, "1m");
    try {
      const at = ["--store", `${disk}/store`, "--runs", `${disk}/runs`];
      const { code, out, err } = await project.run("run", ...at);
      strictEqual(code, 1);
      match(
        out + err,
        /Cannot \w+( to)? "\/.+" as its disk must have room: No space left/,
      );
      const { code: verified } = await project.run("verify", ...at);
      strictEqual(verified, 0);
      // With room again, the run goes on from what it had.
      new Deno.Command("mount", {
        args: ["-o", "remount,size=64m", disk],
      }).outputSync();
      const again = await project.run("run", ...at);
      strictEqual(again.code, 0, again.out + again.err);
    } finally {
      unmount(disk);
    }
  },
});

Deno.test({
  name: "a store on a read-only disk is a clear error",
  ignore: !canMount(), // needs root and mount(2)
  async fn() {
    using project = new EngineProject(TEXTS);
    const disk = `${project.folder}/disk`;
    Deno.mkdirSync(disk);
    mount(disk, "1m,ro");
    try {
      const { code, err } = await project.run("run", "--store", disk);
      strictEqual(code, 1);
      strictEqual(
        err,
        `Cannot make "${disk}/workflows" as it must be on a disk that can be ` +
          `written to: Read-only file system\n`,
      );
    } finally {
      unmount(disk);
    }
  },
});

Deno.test("a store that is a file is a clear error", async () => {
  using project = new EngineProject(TEXTS);
  const file = `${project.folder}/workflow.yaml`;
  const { code, err } = await project.run("run", "--store", file);
  strictEqual(code, 1);
  match(
    err,
    /^Cannot \w+ ".+" as all above it must be folders: ".+\.yaml" is a file$/m,
  );
});

Deno.test("a stage's own file without room is told by its folder", async () => {
  const message = "No space left on device (os error 28)";
  const full = Object.assign(new Error(message), { code: "ENOSPC" });
  strictEqual(
    await failureBy(full),
    `Cannot write to "SCRATCH" as its disk must have room: ` +
      "No space left on device",
  );
});

Deno.test("an explained error over several lines has no stack trace", async () => {
  const message = "Cannot start as they must be alike:\n  one is not";
  strictEqual(await failureBy(new RangeError(message)), message);
});

/** What is told of a stage that throws, its scratch folder as SCRATCH. */
async function failureBy(error: Error): Promise<string> {
  const folder = Deno.makeTempDirSync();
  const stage = { ...giveNumber, run: () => Promise.reject(error) };
  try {
    const exit = await runJob(folder, jobIn(folder), stage, {
      log: () => {},
      progress: () => {},
      signal: new AbortController().signal,
    });
    if (exit.ok) throw new Error("The stage did not fail");
    return exit.message.replace(`${folder}/scratch`, "SCRATCH");
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function jobIn(folder: string): Job {
  return {
    schema: 1,
    fingerprint: "0",
    name: "number",
    stage: "give_number",
    module: "",
    params: {},
    seed: 0,
    cpus: 1,
    inputs: {},
    objects: `${folder}/objects`,
    scratch: `${folder}/scratch`,
    log: `${folder}/log`,
  };
}
