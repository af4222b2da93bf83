/**
 * `verify`, `gc` and `du`: care of the store.
 *
 * @module
 */
import {
  collectGarbage,
  liveParts,
  StoreInUse,
} from "../store/collect_garbage.ts";
import type { Store } from "../store/store.ts";
import { namesIn } from "../store/store.ts";
import { formatBytes } from "./units_of_measure.ts";
import { verifyStore } from "../store/verify_store.ts";
import { CliError, EXIT, type GlobalOptions, type Project } from "./project.ts";

/** `verify` */
export function verify(project: Project, options: GlobalOptions): number {
  const found = verifyStore(project.store(), project.options.runs);
  if (options.json) {
    project.print(JSON.stringify(found, null, 2));
  } else {
    for (const { digest, sizeBytes, usedBy } of found.damaged) {
      const users = usedBy.length > 0 ? usedBy.join(", ") : "no run";
      project.print(
        `damaged  ${digest.slice(0, 12)}  ${formatBytes(sizeBytes)}  ${users}`,
      );
    }
    const { objects, bytes, damaged } = found;
    project.print(
      `${objects} objects, ${formatBytes(bytes)}: ` +
        (damaged.length === 0
          ? "all whole"
          : `${damaged.length} damaged and put aside; "run" makes them again`),
    );
  }
  return found.damaged.length === 0 ? EXIT.ok : EXIT.damaged;
}

/** `gc` */
export function gc(
  project: Project,
  options: GlobalOptions & { readonly dryRun?: boolean },
): number {
  const dryRun = options.dryRun ?? false;
  const garbage = collect(project, dryRun);
  if (options.json) {
    project.print(JSON.stringify({ dryRun, ...garbage }, null, 2));
    return EXIT.ok;
  }
  const { objects, objectBytes, results, jobs, damaged } = garbage;
  project.print(
    `${dryRun ? "would remove" : "removed"} ${objects} objects ` +
      `(${formatBytes(objectBytes)}), ${results} results, ` +
      `${jobs} job folders, ${damaged} damaged objects; ` +
      `${garbage.keptObjects} objects (${formatBytes(garbage.keptBytes)}) ` +
      `are used by runs`,
  );
  return EXIT.ok;
}

function collect(project: Project, dryRun: boolean) {
  try {
    return collectGarbage(project.store(), project.options.runs, { dryRun });
  } catch (error) {
    if (error instanceof StoreInUse) {
      throw new CliError(error.message, EXIT.failed);
    }
    throw error;
  }
}

const STORE_FOLDERS = [
  "objects",
  "results",
  "scratch",
  "work",
  "damaged",
  "sources",
  "code",
  "workflows",
];

/** `du` */
export function du(project: Project, options: GlobalOptions): number {
  const store = project.store();
  const { runs } = project.options;
  const sizes = {
    store: Object.fromEntries(
      STORE_FOLDERS.map((name) => [name, bytesUnder(`${store.root}/${name}`)]),
    ),
    runs: Object.fromEntries(
      namesIn(runs).sort().map((name) => [name, bytesOfRun(store, runs, name)]),
    ),
  };
  if (options.json) {
    project.print(JSON.stringify(sizes, null, 2));
    return EXIT.ok;
  }
  for (const [name, bytes] of Object.entries(sizes.store)) {
    project.print(`${formatBytes(bytes).padStart(10)}  ${store.root}/${name}`);
  }
  for (const [name, bytes] of Object.entries(sizes.runs)) {
    project.print(
      `${formatBytes(bytes).padStart(10)}  used by run "${name}"`,
    );
  }
  return EXIT.ok;
}

function bytesOfRun(store: Store, runs: string, name: string): number {
  let bytes = 0;
  for (const digest of liveParts(store, runs, [name]).objects) {
    if (store.healthOf(digest, null) === "missing") continue;
    bytes += Deno.statSync(store.objectPath(digest)).size;
  }
  return bytes;
}

function bytesUnder(folder: string): number {
  let bytes = 0;
  const waiting = [folder];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const name of namesIn(next)) {
      const path = `${next}/${name}`;
      const info = Deno.lstatSync(path);
      if (info.isDirectory) waiting.push(path);
      else bytes += info.size;
    }
  }
  return bytes;
}
