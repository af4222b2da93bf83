/**
 * How Deno is called for a project.
 *
 * @module
 */
import { statIfThere } from "../store/durable_file.ts";

/** Arguments that make a Deno process use the project's import map and lock. */
export function configArguments(project: string): string[] {
  const config = `${project}/deno.json`;
  return statIfThere(config) === null ? [] : ["--config", config];
}

/** This Deno by its path where running that is allowed, else the one on PATH. */
export function denoCommand(): string {
  const path = Deno.execPath();
  const { state } = Deno.permissions.querySync({ name: "run", command: path });
  return state === "granted" ? path : "deno";
}
