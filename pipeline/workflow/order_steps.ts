/**
 * The order of steps and what the targets need of them.
 *
 * @module
 */
import {
  type BoundInput,
  dependenciesOf,
  type InputRef,
  refsOf,
  type Step,
} from "./workflow.ts";

/** By name: the names it needs, in the order in which they are to come. */
export type Needs = ReadonlyMap<string, Iterable<string>>;

/** What {@link orderNames} finds. */
export interface Order {
  /** Each name after all that it needs, else as given. */
  readonly names: readonly string[];
  /** Names in a circle, the first given again as the last. */
  readonly cycles: readonly (readonly string[])[];
}

interface Visit {
  readonly name: string;
  readonly rest: Iterator<string>;
}

/**
 * Orders names so that each comes after what it needs: each in its turn, what
 * it needs right before it. Does not recurse, so chains may be long.
 */
export function orderNames(names: Iterable<string>, needs: Needs): Order {
  const done = new Set<string>();
  const open = new Map<string, Visit>();
  const cycles: string[][] = [];
  const enter = (name: string) => {
    const rest = (needs.get(name) ?? [])[Symbol.iterator]();
    open.set(name, { name, rest });
    return open.get(name);
  };
  for (const first of names) {
    const stack = done.has(first) ? [] : [enter(first)];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.rest.next();
      if (next.done) {
        stack.pop();
        open.delete(top.name);
        done.add(top.name);
      } else if (open.has(next.value)) {
        cycles.push(cycleFrom(next.value, open));
      } else if (!done.has(next.value)) {
        stack.push(enter(next.value));
      }
    }
  }
  return { names: [...done], cycles };
}

/** Open names from one on, in the order in which each needs the next. */
function cycleFrom(name: string, open: ReadonlyMap<string, Visit>): string[] {
  const path = [...open.keys()];
  return [...path.slice(path.indexOf(name)), name];
}

/** Those of the steps that are targets or that a target needs. */
export function neededSteps(
  steps: readonly Step[],
  targets: Iterable<string>,
): Step[] {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const needed = new Set<string>(targets);
  const gathered = new Set<unknown>();
  for (const id of needed) { // grows while it is gone through
    const step = byId.get(id);
    if (step === undefined) throw new Error(`Internal error: no step "${id}"`);
    for (const other of newDependencies(step, gathered)) needed.add(other);
  }
  return steps.filter(({ id }) => needed.has(id));
}

/** Lists that many steps share are looked through once. */
function newDependencies(step: Step, gathered: Set<unknown>): string[] {
  const shared = Object.values(step.inputs).filter((input) =>
    input.arity === "list"
  );
  if (shared.length === 0) return dependenciesOf(step);
  const ids: string[] = [];
  for (const input of Object.values(step.inputs)) {
    const refs = refsOf(input);
    if (input.arity === "list" && gathered.has(refs)) continue;
    gathered.add(refs);
    for (const ref of refs) if (ref.from === "step") ids.push(ref.step);
  }
  return ids;
}

/**
 * Ids of some steps and of all that need them, directly or not. The steps must
 * be in order.
 */
export function stepsAfter(
  steps: readonly Step[],
  ids: ReadonlySet<string>,
): Set<string> {
  const reached = new Set(ids);
  const lists = new Map<unknown, boolean>();
  const isReached = (refs: readonly InputRef[]) =>
    refs.some((ref) => ref.from === "step" && reached.has(ref.step));
  const isAfter = (input: BoundInput) => {
    const refs = refsOf(input);
    if (input.arity !== "list") return isReached(refs);
    const known = lists.get(refs) ?? isReached(refs);
    lists.set(refs, known);
    return known;
  };
  for (const step of steps) {
    if (Object.values(step.inputs).some(isAfter)) reached.add(step.id);
  }
  return reached;
}
