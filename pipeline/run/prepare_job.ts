/**
 * A unit of work as a job in a folder: what to run, and where its inputs lie.
 *
 * @module
 */
import type { KnownInput } from "../plan/inputs.ts";
import type { Located } from "../plan/sources.ts";
import type { Store } from "../store/store.ts";
import { encodeTree, type Tree } from "../store/tree.ts";
import type { Submission } from "./executor.ts";
import { type Job, jobFiles, type JobInput, type JobInputs } from "./job.ts";
import { nameOf, type WorkUnit } from "./work_unit.ts";

/** Describes a unit as a job in a folder; `log` is for what its stage says. */
export function prepareJob(
  unit: WorkUnit,
  store: Store,
  at: { folder: string; log: string; cpus: number },
): Submission {
  const { step, fingerprint } = unit;
  const { folder, log, cpus } = at;
  const scratch = `${store.folder("scratch")}/${fingerprint}`;
  const files = jobFiles(folder);
  const inputs = new JobInputWriter(folder, store, step.isolation);
  // Checkpoints are read back, and a lock is opened for both.
  const kept = [scratch, `${scratch}.lock`];
  const job: Job = {
    schema: 1,
    fingerprint,
    name: nameOf(unit),
    stage: step.stage.name,
    module: step.stage.module,
    params: step.params,
    seed: step.seed,
    cpus,
    inputs: inputs.write(unit.inputs),
    objects: `${store.root}/objects`,
    scratch,
    log,
  };
  Deno.writeTextFileSync(files.job, JSON.stringify(job));
  return {
    name: nameOf(unit),
    folder,
    fingerprint,
    log,
    module: step.stage.module,
    isolation: step.isolation,
    resources: step.resources,
    readable: [...inputs.readable, ...kept],
    writable: [...kept, log],
  };
}

/** Says where a job finds its inputs. */
class JobInputWriter {
  readonly readable: string[] = [];
  readonly #folder: string;
  readonly #store: Store;
  readonly #isLinked: boolean;
  #count = 0;

  constructor(folder: string, store: Store, isolation: string) {
    this.#folder = folder;
    this.#store = store;
    // A process that may only read its inputs needs them in a folder.
    this.#isLinked = isolation === "process";
  }

  write(inputs: Readonly<Record<string, KnownInput>>): JobInputs {
    return Object.fromEntries(
      Object.entries(inputs).map(([name, input]) => [name, this.#input(input)]),
    );
  }

  #input(input: KnownInput): JobInputs[string] {
    if (input.arity === "none") return null;
    if (input.arity === "one") return this.#located(input.at);
    return input.all.map(({ step, at }) => ({ step, at: this.#located(at) }));
  }

  #located(at: Located): JobInput {
    const { content, tree, path } = at;
    if (content.form === "file") {
      const file = path ?? this.#store.objectPath(content.digest);
      this.readable.push(file);
      return { form: "file", path: file, digest: content.digest };
    }
    const list = `${this.#folder}/input${this.#count++}.list`;
    Deno.writeFileSync(list, encodeTree(tree!));
    if (path !== null) this.readable.push(path);
    const root = path ?? (this.#isLinked ? this.#linkTree(tree!, list) : null);
    return { form: "tree", list, root };
  }

  #linkTree(tree: Tree, list: string): string {
    const root = list.replace(/\.list$/, "");
    for (const entry of tree) {
      const path = `${root}/${entry.path}`;
      Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
      Deno.linkSync(this.#store.objectPath(entry.digest), path);
    }
    return root;
  }
}
