import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { EventFile } from "../../../lib/tensorboard/event_file.ts";
import { fileHead, restart } from "../../../lib/tensorboard/event_record.ts";
import { recordsIn } from "./event_file_reader.ts";

/** A folder to be made, and what there is of the event file in it. */
function temporaryFolder() {
  const path = Deno.makeTempDirSync();
  const training = `${path}/tuned[seed=1]`;
  const file = `${training}/events.out.tfevents.0000000000.boxfill`;
  return {
    training,
    bytes: () => [...Deno.readFileSync(file)],
    inode: () => Deno.statSync(file).ino,
    append: (...bytes: number[]) =>
      Deno.writeFileSync(file, Uint8Array.from(bytes), { append: true }),
    [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }),
  };
}

const record = (step: number) => restart({ wallSeconds: 9, step });

/** A log that began at a time, with so many records after its first. */
function log(startSeconds: number, records: number): Uint8Array {
  const steps = Array.from({ length: records }, (_, i) => i + 1);
  return Uint8Array.from([
    ...fileHead(startSeconds),
    ...steps.flatMap((step) => [...record(step)]),
  ]);
}

Deno.test("EventFile adds what is new to the file that is being read", () => {
  using folder = temporaryFolder();
  const file = new EventFile(folder.training);
  strictEqual(file.update(log(5, 1)), true);
  const inode = folder.inode();
  strictEqual(file.update(log(5, 3)), true);
  deepStrictEqual(folder.bytes(), [...log(5, 3)]);
  strictEqual(folder.inode(), inode);
  // As does who opens it later.
  strictEqual(new EventFile(folder.training).update(log(5, 4)), true);
  deepStrictEqual(folder.bytes(), [...log(5, 4)]);
});

Deno.test("EventFile leaves a file alone that has it all", () => {
  using folder = temporaryFolder();
  new EventFile(folder.training).update(log(5, 3));
  const file = new EventFile(folder.training);
  strictEqual(file.update(log(5, 3)), false);
  strictEqual(file.update(log(5, 2)), false);
  deepStrictEqual(folder.bytes(), [...log(5, 3)]);
});

Deno.test("EventFile tells of a training that is done again below the first", () => {
  using folder = temporaryFolder();
  const file = new EventFile(folder.training);
  file.update(log(5, 3));
  strictEqual(file.update(log(6, 1)), true);
  strictEqual(file.update(log(6, 2)), true);
  const both = [...log(5, 3), ...log(6, 2)];
  deepStrictEqual(folder.bytes(), both);
  // Opened again, it goes on with the second.
  const again = new EventFile(folder.training);
  strictEqual(again.startSeconds, 6);
  strictEqual(again.update(log(6, 2)), false);
  again.update(log(6, 3));
  deepStrictEqual(folder.bytes(), [...both, ...record(3)]);
});

Deno.test("EventFile takes off what a kill or a full disk left of a record", () => {
  using folder = temporaryFolder();
  new EventFile(folder.training).update(log(5, 2));
  for (const cut of [1, 7, 8, 12, record(3).length - 1]) {
    folder.append(...record(3).subarray(0, cut));
    const file = new EventFile(folder.training);
    deepStrictEqual(folder.bytes(), [...log(5, 2)]);
    strictEqual(file.update(log(5, 2)), false);
  }
  new EventFile(folder.training).update(log(5, 3));
  strictEqual(recordsIn(Uint8Array.from(folder.bytes())).length, 4);
});

Deno.test("EventFile knows no start of a file that is not there or not one", () => {
  using folder = temporaryFolder();
  strictEqual(new EventFile(folder.training).startSeconds, null);
  new EventFile(folder.training).update(log(5, 0));
  strictEqual(new EventFile(folder.training).startSeconds, 5);

  using other = temporaryFolder();
  Deno.mkdirSync(other.training);
  other.append(1, 2, 3, ...new Array(99).fill(255));
  const file = new EventFile(other.training);
  strictEqual(file.startSeconds, null);
  file.update(log(7, 1));
  deepStrictEqual(other.bytes(), [...log(7, 1)]);
});
