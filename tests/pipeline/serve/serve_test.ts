import { match, strictEqual } from "node:assert/strict";
import config from "../../../deno.json" with { type: "json" };

const ROOT = new URL("../../../", import.meta.url).pathname;

/** Starts the task `serve` in the repository, as its permissions are for that. */
function start(...args: string[]): Deno.ChildProcess {
  const [, ...words] = config.tasks.serve.command.split(" ");
  return new Deno.Command(Deno.execPath(), {
    args: [...words, ...args],
    cwd: ROOT,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

async function firstLine(process: Deno.ChildProcess): Promise<string> {
  let text = "";
  for await (
    const chunk of process.stdout.pipeThrough(new TextDecoderStream())
  ) {
    text += chunk;
    if (text.includes("\n")) break;
  }
  return text;
}

Deno.test("serve shows runs with the permissions of its task, and says when a port is taken", async () => {
  const server = start("--port", "0");
  try {
    const line = await firstLine(server);
    const [, url, port] = /shown at (http:\S+:(\d+)\/);/.exec(line)!;
    const response = await fetch(url!);
    strictEqual(response.status, 200);
    match(await response.text(), /<h1>Runs<\/h1>/);
    const style = await fetch(`${url}assets/serve.css`);
    match(await style.text(), /color-scheme: light dark/);
    const second = await start("--port", port!).output();
    strictEqual(second.code, 2);
    strictEqual(
      new TextDecoder().decode(second.stderr),
      `Cannot serve on 127.0.0.1:${port} as the port must be free: another ` +
        "program listens there; --port names another one\n",
    );
  } finally {
    server.kill("SIGINT");
    await server.stderr.cancel();
    await server.status;
  }
});

Deno.test("serve says what its task may not do", async () => {
  const cases: readonly [args: string[], message: RegExp][] = [
    [
      ["--port", "x"],
      /^Cannot serve as a port must be a whole number up to 65535: "x"\n$/,
    ],
    [
      ["--port", "0", "--runs", "/"],
      /^Cannot serve "\/" as the task must be allowed to read it: /,
    ],
    [
      ["--port", "0", "--host", "0.0.0.0"],
      /^Cannot serve on 0\.0\.0\.0:0 as the task must be allowed to listen there: /,
    ],
  ];
  for (const [args, message] of cases) {
    const { code, stderr } = await start(...args).output();
    strictEqual(code, 2);
    match(new TextDecoder().decode(stderr), message);
  }
});
