/**
 * Boxfill in a folder of its own, driven by the commands of `deno.json`'s tasks
 * with the permissions that those give.
 *
 * @module
 */
import { strictEqual } from "node:assert/strict";
import config from "../deno.json" with { type: "json" };

const ROOT = new URL("../", import.meta.url).pathname;

/** Tasks that start main.ts with permissions of their own. */
export type Task = "boxfill" | "crf" | "evaluate" | "fetch:voc";

/** How a command ended and what it printed. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A temporary folder to work in; disposing removes it. */
export class BoxfillProject implements Disposable {
  readonly folder = Deno.makeTempDirSync({ prefix: "boxfill_" });

  /** Writes a file; a text as it is. */
  write(path: string, content: string | Uint8Array): void {
    const full = `${this.folder}/${path}`;
    Deno.mkdirSync(full.slice(0, full.lastIndexOf("/")), { recursive: true });
    if (typeof content === "string") Deno.writeTextFileSync(full, content);
    else Deno.writeFileSync(full, content);
  }

  /** Writes the workflow `labels`, changed, and gives its path. */
  writeLabels(change: (text: string) => string): string {
    const text = Deno.readTextFileSync(`${ROOT}workflows/labels.yaml`);
    this.write("workflows/labels.yaml", change(text));
    return "workflows/labels.yaml";
  }

  /** Reads a file as text. */
  read(path: string): string {
    return Deno.readTextFileSync(`${this.folder}/${path}`);
  }

  /** Names in a folder, sorted; none when it is not there. */
  names(path = "."): string[] {
    try {
      return [...Deno.readDirSync(`${this.folder}/${path}`)]
        .map(({ name }) => name).sort();
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return [];
      throw error;
    }
  }

  /** Starts a task with arguments, as `deno task` would in the repository. */
  spawn(task: Task, ...args: string[]): Deno.ChildProcess {
    return new Deno.Command(Deno.execPath(), {
      args: [...argumentsOf(task), ...args],
      cwd: this.folder,
      env: { NO_COLOR: "1" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  }

  /** Runs a task to its end. */
  async run(task: Task, ...args: string[]): Promise<Outcome> {
    return await ended(this.spawn(task, ...args));
  }

  /** Runs a command of task `boxfill` that must succeed; what it printed. */
  async boxfill(...args: string[]): Promise<string> {
    const { code, out, err } = await this.run("boxfill", ...args);
    strictEqual(code, 0, `boxfill ${args.join(" ")}: ${out}${err}`);
    return out;
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.folder, { recursive: true });
  }
}

/** The workflow's text with an embedded data set of another size. */
export function withCounts(
  text: string,
  counts: { train: number; val: number; semi: number },
): string {
  return replaceOnce(text, "{ train: 240, val: 80, semi: 36 }", {
    by: JSON.stringify(counts),
  });
}

/** A text with a part replaced that must be in it once. */
export function replaceOnce(
  text: string,
  part: string,
  { by }: { by: string },
): string {
  strictEqual(text.split(part).length, 2, `"${part}" must be there once`);
  return text.replace(part, by);
}

/** Arguments for `deno` of a task that is one call of main.ts. */
function argumentsOf(task: Task): string[] {
  const entry: string | { command: string } = config.tasks[task];
  const command = typeof entry === "string" ? entry : entry.command;
  const [deno, ...args] = command.split(" ");
  strictEqual(deno, "deno");
  return args.map((arg) => arg === "main.ts" ? `${ROOT}main.ts` : arg);
}

/** Waits for a command. */
export async function ended(process: Deno.ChildProcess): Promise<Outcome> {
  const { code, stdout, stderr } = await process.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}
