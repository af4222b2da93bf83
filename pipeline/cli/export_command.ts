/**
 * `export`: writes what others need to compare with a run into one file.
 *
 * @module
 */
import { encodeArchive } from "../compare/archive.ts";
import { chooseOutputs, type ChosenOutput } from "../compare/choose_outputs.ts";
import { readRecordOf } from "../compare/compared_run.ts";
import { exportRun, shareable } from "../compare/export_run.ts";
import { encodeManifest } from "../compare/manifest.ts";
import type { RunRecord } from "../run/run_record.ts";
import { replaceFile } from "../store/durable_file.ts";
import { assertOutputFile } from "./output_file.ts";
import { resolvePath } from "./paths.ts";
import { CliError, EXIT, type GlobalOptions, type Project } from "./project.ts";
import { formatBytes } from "./units_of_measure.ts";

/** Options of `export`. */
export interface ExportOptions extends GlobalOptions {
  readonly to?: string;
  /** Outputs by comma. */
  readonly with: string;
}

/** `export RUN` */
export async function exportCommand(
  project: Project,
  run: string,
  options: ExportOptions,
): Promise<number> {
  const folder = await project.runFolder(run);
  const record = readRecordOf(folder, run);
  const also = byComma(options.with);
  const name = shareable(record, folder).run;
  const file = options.to ?? `${name}.tar.zst`;
  const isManifest = isManifestName(file, also);
  assertOutputFile(file, [`${folder}/run.json`]);
  const whole = exportRun({
    folder,
    record,
    chosen: isManifest ? [] : chosenOf(project, record, also),
  });
  const { manifest } = whole;
  const bytes = isManifest
    ? encodeManifest(manifest)
    : await encodeArchive(whole);
  await replaceFile(resolvePath(file), bytes);
  const size = formatBytes(bytes.length);
  project.print(
    options.json
      ? JSON.stringify({ file, sizeBytes: bytes.length, ...manifest }, null, 2)
      : `${file}  ${size}, ${manifest.members.length} files`,
  );
  return EXIT.ok;
}

/** @throws {CliError} When something else than the run's outputs is asked for. */
function chosenOf(
  { stages }: Project,
  record: RunRecord,
  also: readonly string[],
): readonly ChosenOutput[] {
  const choice = chooseOutputs(record, { stages, also });
  if (choice.ok) return choice.chosen;
  throw new CliError(choice.problem);
}

/** The values of a matrix have commas of their own. */
function byComma(list: string): string[] {
  return list.split(/,(?![^[]*\])/).map((item) => item.trim())
    .filter((item) => item !== "");
}

/** @throws {CliError} When the name is that of no export. */
function isManifestName(file: string, also: readonly string[]): boolean {
  if (file.endsWith(".tar.zst")) return false;
  if (!file.endsWith(".json")) {
    throw new CliError(
      `Cannot export to "${file}" as its name must end in .tar.zst or .json: ` +
        `it does not`,
    );
  }
  if (also.length === 0) return true;
  throw new CliError(
    `Cannot export to "${file}" as with --with its name must end in ` +
      `.tar.zst: a .json holds the record alone`,
  );
}
