import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { RunEvent } from "../../../pipeline/run/event.ts";
import type { Progress } from "../../../pipeline/run/executor.ts";
import { StepProgress } from "../../../pipeline/run/step_progress.ts";
import type { WorkUnit } from "../../../pipeline/run/work_unit.ts";

/** A step under a clock of ours, in units of these shards. */
function stepOf(...shards: (number | null)[]) {
  const units = shards.map((items, shard) =>
    items === null ? { shard: null, items: 1 } : { shard, items }
  ) as WorkUnit[];
  let seconds = 0;
  const told: Extract<RunEvent, { type: "step_progress" }>[] = [];
  const progress = new StepProgress(
    "train",
    units,
    (event) => told.push(event as typeof told[number]),
    () => 1000 * seconds,
  );
  const at = (then: number) => {
    seconds = then;
    return progress;
  };
  return { at, units, told };
}

const iterations = (done: number, more: Partial<Progress> = {}): Progress => ({
  done,
  total: 600,
  unit: "iterations",
  ...more,
});

Deno.test("StepProgress tells the rate and the time that is left by it", () => {
  const { at, units: [unit], told } = stepOf(null);
  at(5).begin();
  at(15).unitAdvanced(unit!, iterations(100, { numbers: { loss: 2 } }));
  deepStrictEqual(told, [{
    type: "step_progress",
    step: "train",
    progress: { ...iterations(100), numbers: { loss: 2 } },
    rate: 10,
    secondsLeft: 50,
  }]);
});

Deno.test("StepProgress leaves out of the rate what a checkpoint had done", () => {
  const { at, units: [unit], told } = stepOf(null);
  const before = 500;
  at(0).begin();
  at(20).unitAdvanced(unit!, iterations(500, { before }));
  at(30).unitAdvanced(unit!, iterations(520, { before }));
  deepStrictEqual(
    told.map(({ progress: { done }, rate, secondsLeft }) => [
      done,
      rate,
      secondsLeft,
    ]),
    [[500, null, null], [520, 2, 40]],
  );
});

Deno.test("StepProgress adds shards up, and leaves found ones out of the rate", () => {
  const { at, units, told } = stepOf(4, 8, 4);
  const images = (done: number) => ({ done, total: 8, unit: "images" });
  at(0).begin();
  at(1).unitEnded(units[0]!, false); // found in the store
  at(3).unitAdvanced(units[1]!, images(4));
  at(5).unitAdvanced(units[1]!, images(8));
  at(6).unitEnded(units[1]!, true); // told already
  at(7).unitEnded(units[2]!, true); // a stage that tells nothing
  deepStrictEqual(
    told.map(({ progress: { done, total }, rate, secondsLeft }) => [
      `${done}/${total}`,
      rate,
      secondsLeft,
    ]),
    [
      ["4/16", null, null],
      ["8/16", 2, 4],
      ["12/16", 2, 2],
      ["16/16", 2, 0],
    ],
  );
});

Deno.test("StepProgress counts a step that is tried again from its new start", () => {
  const { at, units: [unit], told } = stepOf(null);
  at(0).begin();
  at(10).unitAdvanced(unit!, iterations(300));
  at(20).unitAdvanced(unit!, iterations(0)); // it failed, and begins anew
  at(30).unitAdvanced(unit!, iterations(100));
  strictEqual(told.at(-1)!.rate, 10);
  strictEqual(told.at(-1)!.secondsLeft, 50);
});
