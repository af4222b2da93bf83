/**
 * Starts the server of runs, and stops it.
 *
 * @module
 */
import { CliError } from "../cli/project.ts";
import { answer, type ServedRuns } from "./run_server.tsx";

/** Where to listen, and what to show. */
export interface ServeOptions extends ServedRuns {
  /** 0 for any that is free. */
  readonly port: number;
  /** Ends the server. */
  readonly signal?: AbortSignal;
  /** Told where it listens, once it does. */
  readonly onListen?: (url: string) => void;
}

/**
 * Serves until it is stopped.
 *
 * @throws {CliError} When the port is taken, or the address is none of this
 *   machine's or not allowed.
 */
export async function serveRuns(options: ServeOptions): Promise<void> {
  const { runs, hostname, port, signal, onListen } = options;
  assertReadable(runs);
  const server = listen(() =>
    Deno.serve({
      hostname,
      port,
      ...(signal && { signal }),
      onListen: (address) => onListen?.(urlOf(hostname, address.port)),
      onError: brokenAnswer,
    }, (request) => answer(request, options)), options);
  await server.finished;
}

function assertReadable(runs: string): void {
  const { state } = Deno.permissions.querySync({ name: "read", path: runs });
  if (state === "granted") return;
  throw new CliError(
    `Cannot serve "${runs}" as the task must be allowed to read it: it may ` +
      `read runs and .store only; \`deno run --allow-read --allow-net main.ts ` +
      `serve\` may read any`,
  );
}

function listen<T>(start: () => T, { hostname, port }: ServeOptions): T {
  try {
    return start();
  } catch (error) {
    const refused = `Cannot serve on ${hostname}:${port} as`;
    if (error instanceof Deno.errors.AddrInUse) {
      throw new CliError(
        `${refused} the port must be free: another program listens there; ` +
          "--port names another one",
      );
    }
    if (error instanceof Deno.errors.NotCapable) {
      throw new CliError(
        `${refused} the task must be allowed to listen there: it may on this ` +
          "machine only; `deno run --allow-read --allow-net main.ts serve` may " +
          "anywhere",
      );
    }
    if (error instanceof Deno.errors.AddrNotAvailable) {
      throw new CliError(
        `${refused} the address must be one of this machine's: it is not`,
      );
    }
    throw error;
  }
}

/** What went wrong is for the terminal, not for the browser. */
function brokenAnswer(error: unknown): Response {
  console.error(error);
  return new Response(
    "Something went wrong; the server's terminal says what.",
    {
      status: 500,
      headers: { "content-type": "text/plain; charset=utf-8" },
    },
  );
}

function urlOf(hostname: string, port: number): string {
  const name = hostname.includes(":") ? `[${hostname}]` : hostname;
  return `http://${name}:${port}/`;
}
