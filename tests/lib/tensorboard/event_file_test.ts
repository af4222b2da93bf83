import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  startSecondsIn,
  updateEventFile,
} from "../../../lib/tensorboard/event_file.ts";
import { fileHead, restart } from "../../../lib/tensorboard/event_record.ts";

/** An empty folder, and what there is of the event file in it. */
function temporaryFolder() {
  const path = Deno.makeTempDirSync();
  const training = `${path}/tuned[seed=1]`;
  const file = `${training}/events.out.tfevents.0000000000.boxfill`;
  return {
    training,
    bytes: () => Deno.readFileSync(file),
    inode: () => Deno.statSync(file).ino,
    names: () => [...Deno.readDirSync(training)].map(({ name }) => name),
    [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }),
  };
}

Deno.test("updateEventFile adds what is new to the file that is being read", () => {
  using folder = temporaryFolder();
  const { training } = folder;
  strictEqual(updateEventFile(training, Uint8Array.of(1, 2)), true);
  const inode = folder.inode();
  strictEqual(updateEventFile(training, Uint8Array.of(1, 2, 3)), true);
  deepStrictEqual(folder.bytes(), Uint8Array.of(1, 2, 3));
  strictEqual(folder.inode(), inode);
});

Deno.test("updateEventFile leaves a file alone that has it all", () => {
  using folder = temporaryFolder();
  const { training } = folder;
  updateEventFile(training, Uint8Array.of(1, 2, 3));
  strictEqual(updateEventFile(training, Uint8Array.of(1, 2, 3)), false);
  strictEqual(updateEventFile(training, Uint8Array.of(1, 2)), false);
  deepStrictEqual(folder.bytes(), Uint8Array.of(1, 2, 3));
});

Deno.test("updateEventFile replaces a file of another training, whole", () => {
  using folder = temporaryFolder();
  const { training } = folder;
  updateEventFile(training, Uint8Array.of(1, 2, 3));
  strictEqual(updateEventFile(training, Uint8Array.of(1, 9)), true);
  deepStrictEqual(folder.bytes(), Uint8Array.of(1, 9));
  strictEqual(folder.names().length, 1);
});

Deno.test("startSecondsIn reads the time of a file's first event", () => {
  using folder = temporaryFolder();
  const { training } = folder;
  strictEqual(startSecondsIn(training), null);
  updateEventFile(training, fileHead(1234.5));
  strictEqual(startSecondsIn(training), 1234.5);
  for (
    const odd of [
      new Uint8Array(3),
      new Uint8Array(99).fill(255),
      fileHead(7).subarray(0, 30),
      restart({ wallSeconds: 7, step: 0 }),
    ]
  ) {
    updateEventFile(training, odd);
    strictEqual(startSecondsIn(training), null);
  }
});
