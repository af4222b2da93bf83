import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { explainSystemError } from "../../pipeline/system_error.ts";
import { messageOf } from "../../pipeline/explained_error.ts";

function systemError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

/** What an action throws, in words, with the folder of the test as `/`. */
function told(folder: string, action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return messageOf(error).replaceAll(`${folder}/`, "/");
  }
  throw new Error("The action did not fail");
}

Deno.test("errors of Deno itself are told with the path and what is there", () => {
  const folder = Deno.makeTempDirSync();
  const file = `${folder}/file`;
  Deno.writeTextFileSync(file, "");
  try {
    deepStrictEqual(
      [
        () =>
          Deno.openSync(`${file}/locks/store`, { create: true, write: true }),
        () => Deno.mkdirSync(`${file}/locks`, { recursive: true }),
        () => Deno.mkdirSync(file, { recursive: true }),
        () => Deno.readDirSync(file),
        () => Deno.readTextFileSync(`${folder}/absent`),
        () => Deno.renameSync(`${folder}/absent`, `${folder}/b`),
        () => Deno.openSync(file, { createNew: true, write: true }),
      ].map((action) => told(folder, action)),
      [
        'Cannot open "/file/locks/store" as all above it must be folders: ' +
        '"/file" is a file',
        'Cannot make "/file/locks" as all above it must be folders: ' +
        '"/file" is a file',
        'Cannot make "/file" as it must be a folder: it is a file',
        'Cannot list "/file" as it must be a folder: it is a file',
        'Cannot read "/absent" as it must exist: ' +
        "No such file or directory",
        'Cannot rename "/absent" as it must exist: No such file or directory',
        'Cannot open "/file" as nothing may be there yet: File exists',
      ],
    );
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("an error of writing, which names no file, gets its path", () => {
  const full = systemError(
    "ENOSPC",
    "No space left on device (os error 28)",
  );
  strictEqual(
    explainSystemError(full, "/store/scratch/a"),
    'Cannot write to "/store/scratch/a" as its disk must have room: ' +
      "No space left on device",
  );
  strictEqual(
    explainSystemError(full),
    "Error: No space left on device (os error 28)",
  );
});

Deno.test("a disk that is read-only and a missing permission are told", () => {
  strictEqual(
    messageOf(systemError(
      "EROFS",
      "Read-only file system (os error 30): open '/ro/it's'",
    )),
    'Cannot open "/ro/it\'s" as it must be on a disk that can be written to: ' +
      "Read-only file system",
  );
  const denied = 'Requires write access to "/a b/c", run again with the ' +
    "--allow-write flag";
  strictEqual(messageOf(new Deno.errors.NotCapable(denied)), denied);
});

Deno.test("what is no file's error is told as it is", () => {
  strictEqual(
    messageOf(systemError("ERR_X", "The socket is gone")),
    "Error: The socket is gone",
  );
  strictEqual(messageOf(new Error("Cannot a as b: c")), "Cannot a as b: c");
  strictEqual(messageOf("thrown"), "thrown");
});
