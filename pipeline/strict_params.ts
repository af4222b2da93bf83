/**
 * Params of a stage must refuse what they do not know: a misspelt param that is
 * dropped in silence leaves an experiment with a default nobody asked for.
 *
 * @module
 */
import type * as z from "zod";

type Schema = z.core.$ZodTypes;

/**
 * The first object of a schema that would drop unknown keys, as a dotted path,
 * `""` for the schema itself; null when there is none. `z.looseObject` is a
 * choice, but not for the params as a whole.
 */
export function droppingObject(params: z.ZodObject): string | null {
  if (!isStrict(params as Schema)) return "";
  return findDropping(params as Schema, "", new Set());
}

function isStrict(schema: Schema): boolean {
  const { def } = schema._zod;
  return def.type === "object" && def.catchall?._zod.def.type === "never";
}

function findDropping(
  schema: Schema,
  path: string,
  seen: Set<Schema>,
): string | null {
  if (seen.has(schema)) return null;
  seen.add(schema);
  const { def } = schema._zod;
  if (def.type === "object" && def.catchall === undefined) return path;
  for (const [name, inner] of innerSchemas(def)) {
    const innerPath = [path, name].filter((part) => part !== "").join(".");
    const found = findDropping(inner, innerPath, seen);
    if (found !== null) return found;
  }
  return null;
}

/** Schemas inside a definition, those of an object with their keys. */
function innerSchemas(def: Schema["_zod"]["def"]): [string, Schema][] {
  return Object.entries(def).flatMap(([key, value]): [string, Schema][] => {
    if (isSchema(value)) return [["", value]];
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).filter((entry): entry is [string, Schema] =>
      isSchema(entry[1])
    ).map(([name, inner]) => [key === "shape" ? name : "", inner]);
  });
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && "_zod" in value;
}
