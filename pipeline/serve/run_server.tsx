/**
 * A server that shows the runs in a folder to people on this machine. It only
 * reads, answers GET and HEAD alone, and gives out nothing but its own pages and
 * the pages that were made of runs.
 *
 *   /                      all runs
 *   /run/NAME/             how far one is
 *   /run/NAME/events       the same as server-sent events
 *   /run/NAME/page/…       the page that was made of it
 *   /compare?a=NAME&b=NAME metrics of two
 *
 * @module
 */
/** @jsxImportSource preact */
import type { JSX } from "preact";
import { renderToString } from "preact-render-to-string";
import { Comparison, Refusal, RunList, RunStatus } from "./_pages.tsx";
import { progressStream } from "./progress_stream.ts";
import {
  endedRecord,
  knownRun,
  knownRuns,
  placeOfRun,
  type RunPlace,
} from "./known_run.ts";
import { pathParts, type ServedFile, servedFile } from "./served_file.ts";
import { isTrustedHost } from "./trusted_host.ts";

/** What is served to whom. */
export interface ServedRuns {
  /** Folder of runs. */
  readonly runs: string;
  /** Folder of the store, into which links of runs may lead. */
  readonly store: string;
  /** That the server listens on. */
  readonly hostname: string;
}

/** Headers of every answer: nothing is kept, framed, guessed or sent on. */
const HEADERS = {
  "cache-control": "no-cache",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/** Our own pages load their script and style from here, and nothing else. */
const OWN_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src data:",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** A page of a run says itself what it may load; other files run nothing. */
const FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; " +
  "img-src data:; sandbox";

const ASSETS = new URL("./browser/", import.meta.url);

/** Answers one request. */
export function answer(request: Request, served: ServedRuns): Response {
  if (!isTrustedHost(request.headers.get("host"), served.hostname)) {
    return refused(403, "Not this host", "The request names another host.");
  }
  if (request.method !== "GET" && request.method !== "HEAD") {
    const response = refused(405, "Only to read", "This server only shows.");
    response.headers.set("allow", "GET, HEAD");
    return response;
  }
  const response = route(request, served);
  if (request.method === "GET") return response;
  response.body?.cancel();
  return new Response(null, response);
}

function route(request: Request, served: ServedRuns): Response {
  const { pathname, searchParams } = new URL(request.url);
  if (pathname === "/") return page(<RunList runs={knownRuns(served.runs)} />);
  if (pathname === "/compare") return compared(searchParams, served);
  const isFolder = pathname.endsWith("/");
  const parts = pathParts(isFolder ? pathname.slice(0, -1) : pathname);
  if (parts === null) return unknown();
  if (parts[0] === "assets" && parts.length === 2) return asset(parts[1]!);
  const run = parts[0] === "run" && parts[1] !== undefined
    ? placeOfRun(served.runs, parts[1])
    : null;
  if (run === null) return unknown();
  const rest = parts.slice(2);
  if (rest[0] === "page") {
    return ofPage(run, { rest: rest.slice(1), isFolder, served, pathname });
  }
  if (rest[0] === "events" && rest.length === 1) return events(run);
  if (rest.length > 0) return unknown();
  if (!isFolder) return moved(`${pathname}/`);
  return page(<RunStatus run={knownRun(run)} />);
}

/** A file of a run's page; the page itself for the folder's name. */
function ofPage(
  run: RunPlace,
  { rest, isFolder, served, pathname }: {
    rest: readonly string[];
    isFolder: boolean;
    served: ServedRuns;
    pathname: string;
  },
): Response {
  if (rest.length === 0 && !isFolder) return moved(`${pathname}/`);
  const names = rest.length === 0 ? ["index.html"] : rest;
  const roots = [served.runs, served.store];
  const file = servedFile(`${run.folder}/page`, names, roots);
  if (file === null) {
    return rest.length === 0 ? moved(`/run/${run.name}/`) : unknown();
  }
  return ofFile(file);
}

function ofFile({ path, type, sizeBytes }: ServedFile): Response {
  const isPage = type.startsWith("text/html");
  const file = Deno.openSync(path);
  return new Response(file.readable, {
    headers: {
      ...HEADERS,
      "content-type": type,
      "content-length": `${sizeBytes}`,
      "content-security-policy": isPage
        ? "frame-ancestors 'none'"
        : FILE_POLICY,
    },
  });
}

function asset(name: string): Response {
  const types: Readonly<Record<string, string>> = {
    "serve.css": "text/css; charset=utf-8",
    "serve.js": "text/javascript; charset=utf-8",
  };
  const type = types[name];
  if (type === undefined) return unknown();
  return new Response(Deno.readFileSync(new URL(name, ASSETS)), {
    headers: { ...HEADERS, "content-type": type },
  });
}

function events(run: RunPlace): Response {
  return new Response(progressStream(run.folder), {
    headers: { ...HEADERS, "content-type": "text/event-stream" },
  });
}

function compared(search: URLSearchParams, served: ServedRuns): Response {
  const runs = knownRuns(served.runs);
  const [before, after] = ["a", "b"].map((field) =>
    runs.find(({ name }) => name === search.get(field))
  );
  if (before && after && endedRecord(before) && endedRecord(after)) {
    return page(<Comparison runs={runs} before={before} after={after} />);
  }
  return refused(404, "No such run", "Two runs that have ended are compared.");
}

function page(content: JSX.Element, status = 200): Response {
  return new Response(`<!DOCTYPE html>\n${renderToString(content)}\n`, {
    status,
    headers: {
      ...HEADERS,
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": OWN_POLICY,
    },
  });
}

function refused(status: number, title: string, text: string): Response {
  return page(<Refusal title={title} text={text} />, status);
}

function unknown(): Response {
  return refused(404, "Not here", "There is nothing at this address.");
}

function moved(to: string): Response {
  return new Response(null, {
    status: 302,
    headers: { ...HEADERS, location: to },
  });
}
