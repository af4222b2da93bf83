/**
 * A run as small as a page can be made of: two sets of pictures, labels of
 * known scores, and texts that would break a page that believes them.
 *
 * @module
 */
import type { Figure } from "../../../lib/figure/figure.ts";
import { encodeJpeg } from "../../../lib/image/jpeg.ts";
import type { LabelMap } from "../../../lib/label/label_map.ts";
import { encodeLabelMap } from "../../../lib/label/label_map_png.ts";
import type {
  PageItems,
  PageSource,
  PageStep,
} from "../../../lib/page/page_source.ts";
import { labelMap } from "../../drawings.ts";

/** What every picture shows: its left half is of class 1. */
const TRUTH = labelMap("11..", "11..", "11??");

/** Labels of 0, 1, 2 and 4 wrong pixels in the left half. */
const PROPOSALS: readonly LabelMap[] = [
  labelMap("11..", "11..", "11.."),
  labelMap(".1..", "11..", "11.."),
  labelMap(".1..", ".1..", "11.."),
  labelMap("....", "....", "11.."),
];

/** What scripts would do, were one believed. */
export const HOSTILE = `<img src=x onerror="globalThis.isBroken=1">&"'`;

/** A name that an address must escape. */
export const ODD_ID = "a b#1%25é";

/** A run in a temporary folder; disposing removes it. */
export class SmallRun implements Disposable {
  readonly folder = Deno.makeTempDirSync({ prefix: "page_" });
  readonly ids: readonly string[];
  /** Whether the pictures are still there. */
  hasPictures = true;
  /** Whether there is ground truth. */
  hasTruth = true;

  /** Writes the files of as many pictures; labels follow a cycle of four. */
  static async make(count: number): Promise<SmallRun> {
    const run = new SmallRun(count);
    const data = new Uint8Array(4 * 3 * 3).fill(180);
    const jpeg = await encodeJpeg({ width: 4, height: 3, data }, 90);
    Deno.writeFileSync(`${run.folder}/picture.jpg`, jpeg);
    Deno.writeFileSync(`${run.folder}/truth.png`, encodeLabelMap(TRUTH));
    for (const [i, labels] of PROPOSALS.entries()) {
      Deno.writeFileSync(`${run.folder}/${i}.png`, encodeLabelMap(labels));
    }
    return run;
  }

  private constructor(count: number) {
    const ids = Array.from(
      { length: count },
      (_, i) => `p${`${i}`.padStart(4, "0")}`,
    );
    this.ids = [ODD_ID, ...ids.slice(1)];
  }

  /** What a page is made of. */
  source(): PageSource {
    const { record, folder, ids } = this;
    const files = (path: (i: number) => string, read: (i: number) => unknown) =>
      itemsOf(ids, (i) => `${folder}/${path(i)}`, read);
    const proposals = files((i) => `${i % 4}.png`, (i) => PROPOSALS[i % 4]);
    return {
      record,
      stepsOf: (stage) => record.steps.filter((step) => step.stage === stage),
      value: (step, output) =>
        Promise.resolve(
          output === "classes" ? ["cat", HOSTILE] : textOf(step),
        ),
      items: (_, output) =>
        output === "labels" ? proposals : itemsOf(ids, String, boxesOf),
      inputItems: (step, input) => {
        if (input === "truth" && this.hasTruth) {
          return files(() => "truth.png", () => TRUTH);
        }
        if (input !== "truth" && this.hasPictures) {
          return files(() => "picture.jpg", () => null);
        }
        throw new RangeError(
          `Cannot read "/gone" of a run as the run must hold it: ${step}`,
        );
      },
    };
  }

  /** One figure. */
  async *figures(): AsyncIterable<Figure> {
    yield await Promise.resolve({
      id: "bars",
      title: `Bars ${HOSTILE}`,
      caption: "All of them.",
      alt: "Two bars",
      svg: '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30">' +
        '<rect width="40" height="30" fill="currentColor"/></svg>',
      table: { columns: ["what", "%"], rows: [["cat", "50.0"]] },
    });
  }

  readonly record = {
    workflow: HOSTILE,
    file: "workflows/small.yaml",
    // Values of several lines, and wider than a phone.
    params: { classes: ["cat", "x".repeat(180)], note: HOSTILE },
    outcome: "succeeded",
    startedAt: "2026-01-02T03:04:05.000Z",
    seconds: 61,
    stepsDigest: "5".repeat(64),
    versions: { deno: "2.9.6" },
    packages: { zod: "4.0.0" },
    commit: { hash: "c".repeat(40), dirty: false },
    host: { name: "h", os: "linux", arch: "x86_64", cpus: 2, memoryBytes: 8e9 },
    metrics: { "proposals.mean_iou": 0.75 },
    steps: [
      step({ id: "index", stage: "index_voc", after: [] }),
      step({ id: "proposals", stage: "propose_segments", after: ["index"] }),
      step({ id: "report", stage: "write_label_report", after: ["proposals"] }),
    ],
  };

  [Symbol.dispose](): void {
    Deno.removeSync(this.folder, { recursive: true });
  }
}

function step(
  { id, stage, after }: { id: string; stage: string; after: string[] },
): PageStep {
  const fromStep = after.map((from) => ({
    from: "step" as const,
    step: from,
    output: "labels",
    part: null,
  }));
  const fromPath = [{ from: "path" as const, path: "./data" }];
  return {
    id,
    name: id,
    axes: {},
    stage,
    version: 1,
    state: "run",
    fingerprint: "f".repeat(64),
    params: stage === "index_voc" ? { split: "train" } : {},
    seed: 0,
    inputs: { images: "1".repeat(64), truth: "2".repeat(64) },
    origins: {
      images: fromStep.length > 0 ? fromStep : fromPath,
      truth: fromPath,
    },
    code: "d".repeat(64),
    outputs: {
      labels: { form: "tree", digest: "e".repeat(64), sizeBytes: 9, count: 3 },
    },
    metrics: {},
    seconds: 2,
    peakMemoryBytes: 1e6,
    message: null,
  };
}

function textOf(step: string): string {
  return `# Report of ${step}\n\n${HOSTILE}\n\n| a | % |\n| --- | ---: |\n` +
    `| cat | 50.0 |\n`;
}

function boxesOf(i: number) {
  const boxes = [{ classId: 1, x0: 0, y0: 0, x1: 2, y1: 3 }];
  // Every third has one of another class.
  const other = { classId: 2, x0: 2, y0: 0, x1: 4, y1: 2 };
  return {
    width: 4,
    height: 3,
    boxes: i % 3 === 0 ? [...boxes, other] : boxes,
  };
}

function itemsOf(
  ids: readonly string[],
  path: (i: number) => string,
  read: (i: number) => unknown,
): PageItems {
  const indices = new Map(ids.map((id, i) => [id, i]));
  return {
    ids,
    has: (id) => indices.has(id),
    path: (id) => path(indices.get(id)!),
    read: (id) => Promise.resolve(read(indices.get(id)!)),
  };
}
