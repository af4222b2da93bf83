/**
 * `export`: writes what others need to compare with a run into one file.
 *
 * @module
 */
import { encodeArchive } from "../compare/archive.ts";
import { chooseOutputs } from "../compare/choose_outputs.ts";
import { readRecordOf } from "../compare/compared_run.ts";
import { exportRun } from "../compare/export_run.ts";
import { encodeManifest, LIMITS, manifestOf } from "../compare/manifest.ts";
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
  // Before all is read: a name that will not do is told at once.
  if (options.to !== undefined) {
    isManifestName(options.to, also);
    assertOutputFile(options.to, [`${folder}/run.json`]);
  }
  const choice = chooseOutputs(record, { stages: project.stages, also });
  if (!choice.ok) throw new CliError(choice.problem);
  const whole = exportRun({ folder, record, chosen: choice.chosen });
  const name = whole.manifest.record.run;
  const file = options.to ?? `${name}.tar.zst`;
  const isManifest = isManifestName(file, also);
  assertOutputFile(file, [`${folder}/run.json`]);
  const exported = isManifest
    ? manifestOf(whole.manifest.record, [])
    : whole.manifest;
  assertSmall(exported.members.map(({ sizeBytes }) => sizeBytes));
  const bytes = isManifest
    ? encodeManifest(exported)
    : await encodeArchive(whole);
  await replaceFile(resolvePath(file), bytes);
  const size = formatBytes(bytes.length);
  project.print(
    options.json
      ? JSON.stringify({ file, sizeBytes: bytes.length, ...exported }, null, 2)
      : `${file}  ${size}, ${exported.members.length} files`,
  );
  return EXIT.ok;
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

/** What no reader would take is not written. */
function assertSmall(sizes: readonly number[]): void {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (sizes.length <= LIMITS.members && total <= LIMITS.unpackedBytes) return;
  throw new CliError(
    `Cannot export so much as an export may hold ${LIMITS.members} files and ` +
      `${formatBytes(LIMITS.unpackedBytes)}: these are ${sizes.length} and ` +
      formatBytes(total),
    EXIT.failed,
  );
}
