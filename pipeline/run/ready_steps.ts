/**
 * Which steps may begin, as those before them settle.
 *
 * A step waits at gates: one for each step that feeds it, and one for each list
 * of expansions. Steps that gather the same list share its gate, so that a
 * thousand steps that each gather a thousand cost two thousand, not a million.
 *
 * @module
 */
import { type BoundInput, refsOf, type Step } from "../workflow/workflow.ts";

/** Opens when all its steps have settled. */
interface Gate {
  missing: number;
  readonly waiting: Step[];
}

/** The steps of a workflow by what they wait for. */
export class ReadySteps {
  /** Steps that wait for none. */
  readonly first: readonly Step[];
  /** Closed gates of a step. */
  readonly #closed = new Map<string, number>();
  /** Gates that wait for a step. */
  readonly #gatesAfter = new Map<string, Gate[]>();

  constructor(steps: readonly Step[]) {
    const gates = new Map<unknown, Gate>();
    for (const step of steps) {
      const before = new Set<Gate>();
      for (const input of Object.values(step.inputs)) {
        const gate = this.#gateOf(input, gates);
        if (gate !== null) before.add(gate);
      }
      for (const gate of before) gate.waiting.push(step);
      this.#closed.set(step.id, before.size);
    }
    this.first = steps.filter(({ id }) => this.#closed.get(id) === 0);
  }

  /** Null for an input that waits for no step. */
  #gateOf(input: BoundInput, gates: Map<unknown, Gate>): Gate | null {
    const known = gates.get(keyOf(input));
    if (known !== undefined) return known;
    const steps = new Set(
      refsOf(input).filter((ref) => ref.from === "step").map((ref) => ref.step),
    );
    if (steps.size === 0) return null;
    const gate: Gate = { missing: steps.size, waiting: [] };
    gates.set(keyOf(input), gate);
    for (const id of steps) {
      const after = this.#gatesAfter.get(id);
      if (after === undefined) this.#gatesAfter.set(id, [gate]);
      else after.push(gate);
    }
    return gate;
  }

  /** Steps that may begin now that one more has settled. */
  settled(step: Step): Step[] {
    const ready: Step[] = [];
    for (const gate of this.#gatesAfter.get(step.id) ?? []) {
      gate.missing--;
      if (gate.missing > 0) continue;
      for (const waiting of gate.waiting) {
        const closed = this.#closed.get(waiting.id)! - 1;
        this.#closed.set(waiting.id, closed);
        if (closed === 0) ready.push(waiting);
      }
    }
    return ready;
  }

  /** All steps that need one, directly or not, each once. */
  *after(step: Step): Generator<Step> {
    const seen = new Set<Gate | string>();
    const open = [step.id];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      for (const gate of this.#gatesAfter.get(id) ?? []) {
        if (seen.has(gate)) continue;
        seen.add(gate);
        for (const waiting of gate.waiting) {
          if (seen.has(waiting.id)) continue;
          seen.add(waiting.id);
          open.push(waiting.id);
          yield waiting;
        }
      }
    }
  }
}

/** What inputs have in common that wait at one gate. */
function keyOf(input: BoundInput): unknown {
  if (input.arity === "list") return input.refs;
  return input.arity === "one" && input.ref.from === "step"
    ? input.ref.step
    : null;
}
