import { strictEqual } from "node:assert/strict";
import { fileError, readingError } from "../../../lib/predict/file_error.ts";

/** The message of what is thrown instead. */
function messageOf(error: unknown): string {
  return (error as Error).message;
}

Deno.test("fileError says which file and what the system found", () => {
  const denied = new Deno.errors.PermissionDenied(
    "Permission denied (os error 13): open '/a/q.5.tmp'",
  );
  const error = fileError("write", "q", denied);
  strictEqual(
    messageOf(error),
    'Cannot write "q" as the system must allow it: Permission denied',
  );
  strictEqual((error as Error).cause, denied);
});

Deno.test("fileError says which right Deno lacks", () => {
  for (const [access, flag] of [["write", "write"], ["all", "all"]]) {
    const lacks = new Deno.errors.NotCapable(
      `Requires ${access} access to "/q", run again with the --allow-${flag} ` +
        "flag",
    );
    strictEqual(
      messageOf(fileError("read", "q", lacks)),
      `Cannot read "q" as Deno must be started with --allow-${flag} for it: ` +
        "it was not",
    );
  }
});

Deno.test("fileError leaves other errors as they are", () => {
  for (const error of [new RangeError("Cannot"), "text", null]) {
    strictEqual(fileError("read", "q", error), error);
  }
});

Deno.test("readingError says what is there instead, and from where it looked", () => {
  const what = "a picture";
  const message = (path: string, error: unknown) =>
    messageOf(readingError(path, { error, what }));
  const absent = new Deno.errors.NotFound("No such file (os error 2)");
  strictEqual(
    message("/a", absent),
    'Cannot read "/a" as it must be a picture: nothing is there',
  );
  strictEqual(
    message("a", absent),
    'Cannot read "a" as it must be a picture: nothing is there, seen from ' +
      `"${Deno.cwd()}"`,
  );
  strictEqual(
    message("a", new Deno.errors.IsADirectory("Is a directory (os error 21)")),
    'Cannot read "a" as it must be a picture: it is a folder',
  );
  strictEqual(
    message("a", new Deno.errors.PermissionDenied("Denied (os error 13)")),
    'Cannot read "a" as the system must allow it: Denied',
  );
});
