/**
 * `serve`: shows runs in a browser on this machine.
 *
 * @module
 */
import { CliError } from "../pipeline/cli/project.ts";
import { serveRuns } from "../pipeline/serve/serve.ts";

/** Options of `serve`. */
export interface ServeTexts {
  readonly runs: string;
  readonly store: string;
  readonly host: string;
  readonly port: string;
}

/** Serves until Ctrl-C. @throws {CliError} For what is no port, or taken. */
export async function serve(
  { runs, store, host, port }: ServeTexts,
): Promise<void> {
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  Deno.addSignalListener("SIGINT", onSignal);
  try {
    await serveRuns({
      runs,
      store,
      hostname: host,
      port: portOf(port),
      signal: stop.signal,
      onListen: (url) => console.log(`Runs are shown at ${url}; Ctrl-C ends`),
    });
  } finally {
    Deno.removeSignalListener("SIGINT", onSignal);
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new CliError(
    `Cannot serve as a port must be a whole number up to 65535: "${text}"`,
  );
}
