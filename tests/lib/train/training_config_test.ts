import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { HeadConfig } from "../../../lib/net/network_config.ts";
import {
  contradictions,
  lossOptions,
  MaskLossConfig,
  ScheduleConfig,
  SelectionConfig,
} from "../../../lib/train/training_config.ts";

const PLAIN = HeadConfig.parse({ kind: "plain" });
const BCM = HeadConfig.parse({ kind: "bcm" });
const BGM = HeadConfig.parse({ kind: "bgm" });
const MASK = MaskLossConfig.parse({ lambda: 0.01 });

Deno.test("a selection is the paper's where a workflow says no more than its rate", () => {
  deepStrictEqual(SelectionConfig.parse({ rate: "class" }), {
    rate: "class",
    domain: "box",
    group: "class",
    rank: "prob",
    ignore: "label",
    floor: "none",
    norm: "kept",
    warmup: 0,
  });
});

Deno.test("a mask loss is the paper's where a workflow says no more than its weight", () => {
  deepStrictEqual(MASK, {
    lambda: 0.01,
    norm: "pixel",
    background: "ones",
    offTarget: 0,
    overlap: "top",
  });
});

Deno.test("a rate of all classes is a share above 0", () => {
  const isRate = (rate: unknown) => SelectionConfig.safeParse({ rate }).success;
  deepStrictEqual([0, 0.6, 1, 1.1, "box"].map(isRate), [
    ...[false, true, true, false, false],
  ]);
});

Deno.test("a schedule is of one kind, and has nothing of the other", () => {
  const isSchedule = (written: unknown) =>
    ScheduleConfig.safeParse(written).success;
  const rate = 0.1;
  deepStrictEqual(
    [
      { kind: "step", rate, every: 10 },
      { kind: "step", rate },
      { kind: "poly", rate },
      { kind: "poly", rate, every: 10 },
    ].map(isSchedule),
    [true, false, true, false],
  );
});

Deno.test("a mini-batch must be a whole number of shards", () => {
  const settings = { batchSize: 8, head: PLAIN, mask: null };
  const of = (shardSize: number) => contradictions({ ...settings, shardSize });
  deepStrictEqual([1, 2, 4, 8].flatMap(of), []);
  const wrong = (shardSize: number) => [{
    path: ["batchSize"],
    message: `must be a multiple of shardSize ${shardSize}`,
  }];
  deepStrictEqual([of(3), of(16)], [wrong(3), wrong(16)]);
});

Deno.test("a mask loss must have attention to teach; attention may go untaught", () => {
  const of = (head: HeadConfig, mask: MaskLossConfig | null) =>
    contradictions({ batchSize: 1, shardSize: 1, head, mask });
  deepStrictEqual([BCM, BGM].flatMap((head) => of(head, MASK)), []);
  deepStrictEqual([PLAIN, BCM, BGM].flatMap((head) => of(head, null)), []);
  deepStrictEqual(of(PLAIN, MASK), [{
    path: ["mask"],
    message: "must be null as head plain has no attention to teach",
  }]);
});

Deno.test("contradictions are told together", () => {
  const settings = { batchSize: 3, shardSize: 2, head: PLAIN, mask: MASK };
  strictEqual(contradictions(settings).length, 2);
});

Deno.test("a graph knows of selection and mask loss what is in it", () => {
  const selection = SelectionConfig.parse({
    rate: 0.6,
    rank: "logit",
    norm: "all",
  });
  deepStrictEqual(lossOptions({ selection, mask: null }), {
    selection: { rank: "logit", norm: "all" },
    mask: null,
  });
  const mask = { ...MASK, background: "none" } as const;
  deepStrictEqual(lossOptions({ selection: null, mask }), {
    selection: null,
    mask: { lambda: 0.01, norm: "pixel", teachesBackground: false },
  });
});
