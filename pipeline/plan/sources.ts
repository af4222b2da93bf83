/**
 * The user's files and folders that a workflow reads, as they are now.
 *
 * @module
 */
import type { ArtifactKind } from "../artifact.ts";
import { kindOf } from "../stage.ts";
import { readSource, type SourceProblem } from "../store/source.ts";
import type { Store } from "../store/store.ts";
import type { Content, Tree } from "../store/tree.ts";
import { refsOf, type Workflow } from "../workflow/workflow.ts";

/** A content and where its bytes lie. */
export interface Located {
  readonly content: Content;
  /** Its files; null when it is one file. */
  readonly tree: Tree | null;
  /** The file or folder outside the store, null for objects of the store. */
  readonly path: string | null;
}

/** Each source of a workflow, read once. */
export class Sources {
  /** All that is wrong with them. */
  readonly problems: readonly SourceProblem[];
  readonly #located = new Map<string, Located>();

  constructor(workflow: Workflow, store: Store) {
    const problems: SourceProblem[] = [];
    const seen = new Set<string>();
    for (const [path, kind] of pathsOf(workflow)) {
      const key = keyOf(path, kind);
      if (seen.has(key)) continue;
      seen.add(key);
      const source = readSource(path, kind, store);
      if (source.ok) {
        const { content, tree } = source;
        const real = Deno.realPathSync(path);
        this.#located.set(key, { content, tree, path: real });
      } else problems.push(...source.problems);
    }
    this.problems = problems;
  }

  /** A source that has no problem. */
  at(path: string, kind: ArtifactKind): Located {
    return this.#located.get(keyOf(path, kind))!;
  }
}

function keyOf(path: string, kind: ArtifactKind): string {
  return `${kind.name} ${path}`;
}

/** Paths of all inputs; lists that steps share are looked through once. */
function* pathsOf({ steps }: Workflow): Generator<[string, ArtifactKind]> {
  const lists = new Set<unknown>();
  for (const step of steps) {
    for (const input of Object.values(step.inputs)) {
      if (input.arity === "list" && lists.has(input.refs)) continue;
      if (input.arity === "list") lists.add(input.refs);
      for (const ref of refsOf(input)) {
        if (ref.from === "path") yield [ref.path, kindOf(input.spec)];
      }
    }
  }
}
