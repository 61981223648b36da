/**
 * A page on a JSON file, made of its JSON schema: every key with its type, bounds, default and meaning.
 *
 * @module
 */
import { alternatives, type JsonSchema } from "./json_schema.ts";

/** A table row a key, in Markdown; keys of objects within objects follow their own, with their whole place. */
export function schemaTable(schema: JsonSchema): string {
  const rows = rowsOf(schema, "");
  return ["| key | what it is | meaning |", "|---|---|---|", ...rows].join("\n");
}

function rowsOf(schema: JsonSchema, place: string): string[] {
  return alternatives(schema).flatMap((one) => {
    const { properties = {}, required = [] } = one;
    return Object.entries(properties).flatMap(([key, child]) => {
      const name = place ? `${place}.${key}` : key;
      const need = child.default !== undefined
        ? `; default \`${JSON.stringify(child.default)}\``
        : required.includes(key)
        ? ""
        : "; may be left out";
      return [row(name, `${typeOf(child)}${need}`, meaningOf(child)), ...inner(child, name)];
    });
  });
}

/** Keys within a value: of an object, or of the objects of a list. */
function inner(schema: JsonSchema, place: string): string[] {
  return alternatives(schema).flatMap((one) => {
    const { items } = one;
    if (items && !Array.isArray(items)) return rowsOf(items, `${place}[]`);
    return rowsOf(one, place);
  });
}

function row(key: string, type: string, meaning: string): string {
  const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");
  return `| \`${key}\` | ${cell(type)} | ${cell(meaning)} |`;
}

/** What the value means, and what each of several forms of it means. */
function meaningOf(schema: JsonSchema): string {
  const forms = (schema.anyOf ?? schema.oneOf ?? []).flatMap(({ description }) => description ?? []);
  return [schema.description ?? "", ...forms].filter((text) => text !== "").join(" ");
}

/** Such as `whole number from 1 on`, and `3 × number above 0`. */
function typeOf(schema: JsonSchema): string {
  const forms = schema.anyOf ?? schema.oneOf;
  if (forms) return [...new Set(forms.map(typeOf))].join(", or ");
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(" or ");
  if (schema.type === "array") return listOf(schema);
  if (schema.type === "number") return `number${boundsOf(schema)}`;
  if (schema.type === "integer") return `whole number${boundsOf(schema)}`;
  if (schema.type === "boolean") return "`true` or `false`";
  if (schema.type === "object") return "object";
  return schema.pattern ? `text like \`${schema.pattern}\`` : "text";
}

function listOf({ items = {}, minItems, maxItems }: JsonSchema): string {
  if (Array.isArray(items)) return `${items.length} times a ${typeOf(items[0]!)}`;
  const most = maxItems === undefined ? "" : `, at most ${maxItems}`;
  const least = minItems === undefined ? "" : `, at least ${minItems}`;
  const item = typeOf(items);
  const plural = item.replace(/^(text|object|whole number|number)/, "$1s");
  return `list of ${plural}${least}${most}`;
}

function boundsOf({ type, minimum, maximum, exclusiveMinimum }: JsonSchema): string {
  if (minimum !== undefined && maximum !== undefined) return ` ${minimum}…${maximum}`;
  if (exclusiveMinimum === 0 && type === "integer") return " from 1 on";
  if (exclusiveMinimum !== undefined) return ` above ${exclusiveMinimum}`;
  return minimum === undefined ? "" : ` from ${minimum} on`;
}
