/**
 * A file server on loopback that does what honest ones never do on purpose: it
 * writes its answers byte by byte, so it can cut, stall and lie.
 *
 * @module
 */

/** One answer; the connection closes after it unless it stalls. */
export interface Answer {
  /** Default: `200 OK`; null: says nothing at all. */
  readonly status?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Keeps the connection open and silent after the body. */
  readonly stalls?: boolean;
}

/** Gives the answer to the request number `index`, from 0. */
export type Script = (request: Headers, index: number) => Answer;

/** A running server; `requests` are the headers it was sent. */
export interface LyingServer extends AsyncDisposable {
  readonly url: string;
  readonly requests: Headers[];
}

/** Starts a server on a free port of 127.0.0.1. */
export function lyingServer(script: Script): LyingServer {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const requests: Headers[] = [];
  const open = new Set<Deno.Conn>();
  const running = (async () => {
    for await (const connection of listener) {
      open.add(connection);
      answer(connection).catch(() => {}).finally(() => {
        if (!open.delete(connection)) return;
        connection.close();
      });
    }
  })();

  async function answer(connection: Deno.Conn): Promise<void> {
    const request = await readHeaders(connection);
    requests.push(request);
    const given = script(request, requests.length - 1);
    const head = { connection: "close", ...given.headers };
    const lines = Object.entries(head).map(([k, v]) => `${k}: ${v}\r\n`);
    const start = `HTTP/1.1 ${given.status ?? "200 OK"}\r\n${
      lines.join("")
    }\r\n`;
    if (given.status !== null) {
      await writeAll(connection, new TextEncoder().encode(start));
      await writeAll(connection, given.body ?? new Uint8Array());
    }
    if (given.stalls) await connection.read(new Uint8Array(1));
  }

  return {
    url: `http://127.0.0.1:${listener.addr.port}/a.bin`,
    requests,
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const connection of open) {
        open.delete(connection);
        connection.close();
      }
      await running;
    },
  };
}

/** A server that honours Range and If-Range, for the file `body`. */
export function honestAnswer(
  request: Headers,
  body: Uint8Array,
  etag = '"one"',
): Answer {
  const start = Number(/^bytes=(\d+)-$/.exec(request.get("range") ?? "")?.[1]);
  const isSame = (request.get("if-range") ?? etag) === etag;
  if (Number.isNaN(start) || !isSame) {
    return { headers: { "content-length": `${body.length}`, etag }, body };
  }
  if (start >= body.length) {
    const range = `bytes */${body.length}`;
    const headers = { "content-range": range, "content-length": "0" };
    return { status: "416 Range Not Satisfiable", headers };
  }
  const range = `bytes ${start}-${body.length - 1}/${body.length}`;
  const rest = body.subarray(start);
  return {
    status: "206 Partial Content",
    headers: {
      "content-range": range,
      "content-length": `${rest.length}`,
      etag,
    },
    body: rest,
  };
}

/** `answer`, of which only the first `bytes` of the body arrive. */
export function cutAfter(bytes: number, answer: Answer): Answer {
  return { ...answer, body: answer.body?.subarray(0, bytes) };
}

async function readHeaders(connection: Deno.Conn): Promise<Headers> {
  const buffer = new Uint8Array(4096);
  let text = "";
  while (!text.includes("\r\n\r\n")) {
    const length = await connection.read(buffer);
    if (length === null) throw new Error("The client hung up");
    text += new TextDecoder().decode(buffer.subarray(0, length));
  }
  const lines = text.split("\r\n").slice(1).filter((line) => line !== "");
  return new Headers(lines.map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  }));
}

async function writeAll(to: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await to.write(bytes.subarray(at));
}
