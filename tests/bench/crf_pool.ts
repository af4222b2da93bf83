/**
 * Whether a pool of two workers refines pictures twice as fast as one, and
 * whether the machine could at all: two processes with a worker each.
 *
 *   deno run --allow-all tests/bench/crf_pool.ts [TURNS]
 *
 * 72 photographs of 500 × 375 px; drawn ones where there is no VOC: so many that
 * it does not count that one worker waits for the other at the end. One worker,
 * two and two processes take turns, so that ratios hold on a busy machine too.
 *
 * @module
 */
import {
  type CrfPicture,
  type CrfPool,
  openCrfPool,
} from "../../lib/crf/mod.ts";
import {
  CASES,
  caseUnary,
  drawnPicture,
  VOC_SIZE,
  vocPictures,
} from "./crf_cases.ts";
import { median } from "./median.ts";

const PICTURES = 72;
/** Many vertices, beyond the cache of a core; and few. */
const NAMES = [
  "L=2, 45/37/3 + 15/3",
  "L=2, 10/80/13 + 3/3",
  "L=21, 4/67/3 + 3/1",
];
const ALONE = "alone";

const photographs = await vocPictures(PICTURES);
const found = photographs.length > 0
  ? photographs
  : Array.from({ length: PICTURES }, (_, seed) => drawnPicture(VOC_SIZE, seed));

/** The pictures, and their unaries of the last number of labels asked for. */
let labelled: CrfPicture[] = [];

function labelledPictures(labels: number): readonly CrfPicture[] {
  if (labelled[0]?.unary.labelCount !== labels) {
    labelled = found.map((picture) => ({
      image: picture.image,
      unary: caseUnary(picture, labels),
    }));
  }
  return labelled;
}

/** Copies, as a pool keeps what it is given. */
function* copies(pictures: readonly CrfPicture[]) {
  for (const { image, unary } of pictures) {
    yield {
      image: { ...image, data: image.data.slice() },
      unary: { ...unary, data: unary.data.slice() },
    };
  }
}

/** Milliseconds a picture, one worker or two. */
async function milliseconds(pool: CrfPool, name: string): Promise<number> {
  const { labels, params } = CASES.find((each) => each.name === name)!;
  const pictures = labelledPictures(labels);
  const start = performance.now();
  for await (const _ of pool.run(copies(pictures), params));
  return (performance.now() - start) / pictures.length;
}

/** A process that answers each name of a case with the milliseconds. */
async function answer(): Promise<void> {
  await using pool = openCrfPool({ workers: 1 });
  const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream());
  for await (const name of lines) {
    console.log(await milliseconds(pool, name.trim()));
  }
}

function startAlone() {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", import.meta.filename!, ALONE],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const asked = child.stdin.getWriter();
  const answers = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  return {
    async milliseconds(name: string): Promise<number> {
      await asked.write(new TextEncoder().encode(`${name}\n`));
      return Number((await answers.read()).value);
    },
    end: () => asked.close(),
  };
}

async function compare(turns: number): Promise<void> {
  await using ofOne = openCrfPool({ workers: 1 });
  await using ofTwo = openCrfPool({ workers: 2 });
  const alone = [startAlone(), startAlone()];
  /** A picture of two at a time counts half. */
  const ofProcesses = async (name: string) => {
    const each = await Promise.all(alone.map((one) => one.milliseconds(name)));
    return Math.max(...each) / 2;
  };
  for (const name of NAMES) {
    const times: Record<"pool" | "processes", number[]> = {
      pool: [],
      processes: [],
    };
    for (let turn = -1; turn < turns; turn++) { // the first one starts all
      const two = await milliseconds(ofTwo, name);
      const one = await milliseconds(ofOne, name);
      const processes = await ofProcesses(name);
      if (turn < 0) continue;
      times.pool.push(one / two);
      times.processes.push(one / processes);
      console.log(
        `${name}: one worker ${one.toFixed(0)} ms a picture; two ` +
          `${two.toFixed(0)}, ${(one / two).toFixed(2)} times as fast; two ` +
          `processes ${processes.toFixed(0)}, ${(one / processes).toFixed(2)}`,
      );
    }
    console.log(
      `${name}: medians ${median(times.pool).toFixed(2)} and ` +
        median(times.processes).toFixed(2),
    );
  }
  await Promise.all(alone.map((one) => one.end()));
}

if (Deno.args[0] === ALONE) await answer();
else await compare(Number(Deno.args[0] ?? 5));
