/**
 * The run that a command is about.
 *
 * @module
 */
import { CliError } from "../pipeline/cli/project.ts";
import { namesIn } from "../pipeline/store/store.ts";
import { suggestion } from "../pipeline/workflow/did_you_mean.ts";

/** The folder of a run by its name. @throws {CliError} When there is none. */
export function runNamed(name: string, runs: string): string {
  const known = namesIn(runs);
  if (known.includes(name)) return `${runs}/${name}`;
  throw new CliError(
    `Cannot find run "${name}" as it must be in "${runs}": ` +
      suggestion(name, known),
  );
}
