/**
 * The JSON schema of a file, by which editors complete it; made of what reads the file.
 *
 * @module
 */
import { z } from "zod";

/** The parts of a JSON schema that files here have. */
export interface JsonSchema {
  $schema?: string;
  title?: string;
  description?: string;
  type?: string;
  const?: unknown;
  enum?: unknown[];
  default?: unknown;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  minLength?: number;
  minItems?: number;
  maxItems?: number;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
  /** One for all, or one for each place. */
  items?: JsonSchema | JsonSchema[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
}

/** JSON schema (draft 7, which editors know) of what may stand in the file: defaults may be left out. */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, {
    target: "draft-7",
    io: "input",
    unrepresentable: "any",
    override({ jsonSchema }) {
      // Numbers up to which whole ones are exact: nobody comes near them.
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  }) as JsonSchema;
}

/** The schemas of a place, one for each alternative; none where the schema knows no such place. */
export function schemaAt(schema: JsonSchema, path: readonly PropertyKey[]): JsonSchema[] {
  return path.reduce<JsonSchema[]>(
    (found, key) => found.flatMap((one) => alternatives(childOf(one, key))),
    alternatives(schema),
  );
}

/** The schema itself, or what may stand for it. */
export function alternatives(schema: JsonSchema | undefined): JsonSchema[] {
  return schema ? (schema.anyOf ?? schema.oneOf)?.flatMap(alternatives) ?? [schema] : [];
}

function childOf({ properties, items, additionalProperties }: JsonSchema, key: PropertyKey) {
  if (typeof key === "number") return Array.isArray(items) ? items[key] : items;
  const own = properties?.[String(key)];
  return own ?? (typeof additionalProperties === "object" ? additionalProperties : undefined);
}
