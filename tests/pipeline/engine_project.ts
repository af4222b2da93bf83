/**
 * A project in a temporary folder, driven through the command line as a user
 * would.
 *
 * @module
 */
import { ENGINE_STAGES } from "./engine_stages.ts";

const MAIN = new URL("./engine_main.ts", import.meta.url).pathname;

/** How a command ended and what it printed. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A temporary project; disposing removes it. */
export class EngineProject implements Disposable {
  readonly folder = Deno.makeTempDirSync({ prefix: "engine_" });
  readonly tallyFile = `${this.folder}/tally.txt`;
  /** The main module, replaced by tests that bring stages of their own. */
  main = MAIN;
  /** Length of the notes that {@link tally} has given. */
  #told = 0;

  constructor(workflow: string) {
    this.writeWorkflow(workflow);
  }

  /** Writes the workflow; `TALLY` stands for the file that stages note in. */
  writeWorkflow(text: string): void {
    this.write("workflow.yaml", text.replaceAll("TALLY", this.tallyFile));
  }

  /** Writes a file of the project. */
  write(path: string, text: string): void {
    const full = `${this.folder}/${path}`;
    Deno.mkdirSync(full.slice(0, full.lastIndexOf("/")), { recursive: true });
    Deno.writeTextFileSync(full, text);
  }

  /** Reads a file of the project. */
  read(path: string): string {
    return Deno.readTextFileSync(`${this.folder}/${path}`);
  }

  /** Starts a command. */
  spawn(...args: string[]): Deno.ChildProcess {
    return new Deno.Command(Deno.execPath(), {
      args: ["run", "--allow-all", this.main, ...args],
      cwd: this.folder,
      stdout: "piped",
      stderr: "piped",
      stdin: "null",
    }).spawn();
  }

  /** Runs a command to its end. */
  async run(...args: string[]): Promise<Outcome> {
    return await ended(this.spawn(...args));
  }

  /** What stages have noted since the last call, in code unit order. */
  tally(): string[] {
    const noted = this.#notes().slice(this.#told);
    // The last line may still be on its way.
    const whole = noted.slice(0, noted.lastIndexOf("\n") + 1);
    this.#told += whole.length;
    return whole.split("\n").filter((line) => line !== "").sort();
  }

  #notes(): string {
    try {
      return Deno.readTextFileSync(this.tallyFile);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return "";
      throw error;
    }
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.folder, { recursive: true });
  }
}

/** Waits for a command. */
export async function ended(process: Deno.ChildProcess): Promise<Outcome> {
  const { code, stdout, stderr } = await process.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

/** Waits until something holds. @throws {Error} When it does not in time. */
export async function until(
  holds: () => boolean,
  timeoutMs = 60_000,
): Promise<void> {
  const endMs = performance.now() + timeoutMs;
  while (!holds()) {
    if (performance.now() > endMs) {
      throw new Error(`It did not come to hold within ${timeoutMs} ms`);
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export { ENGINE_STAGES };
