import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { readCsv } from "../../lib/files/csv_file.ts";
import { utf8Text } from "../../lib/files/utf8_text.ts";
import { readJson } from "../../lib/data/json_file.ts";
import { inTempFolder } from "../support/data/datasets/tiny_dataset.ts";

const bytes = (...values: number[]) => Uint8Array.from(values);

const TEXTS: [name: string, bytes: Uint8Array, text: string][] = [
  ["nothing", bytes(), ""],
  ["a name in another script", new TextEncoder().encode("肝臓\n"), "肝臓\n"],
  ["after the mark of some editors", bytes(0xef, 0xbb, 0xbf, 0x61), "a"],
  ["the sign that stands for none, written by somebody", bytes(0xef, 0xbf, 0xbd), "\ufffd"],
];

for (const [name, read, text] of TEXTS) {
  Deno.test(`text: ${name}`, () => assertEquals(utf8Text(read), text));
}

const NONE: [name: string, bytes: Uint8Array, told: string][] = [
  ["Latin-1", bytes(0x61, 0x0a, 0x6d, 0xf6, 0x67, 0x0a), "it must be UTF-8 text, line 2 is none"],
  ["a sign cut by the end", bytes(0xe8, 0x82), "line 1 is none"],
  ["UTF-16", bytes(0xff, 0xfe, 0x61, 0x00), "it must be UTF-8 text, and is UTF-16"],
];

for (const [name, read, told] of NONE) {
  Deno.test(`no text: ${name}`, () => void assertThrows(() => utf8Text(read), Error, told));
}

Deno.test("tables and JSON in Latin-1 are refused by name, not read with other names", () =>
  inTempFolder(async (folder) => {
    const [table, json] = [join(folder, "metrics.csv"), join(folder, "dataset.json")];
    const latin = (text: string) => Uint8Array.from(text, (sign) => sign.charCodeAt(0));
    await Deno.writeFile(table, latin("case\nMüller\n"));
    await Deno.writeFile(json, latin('{ "name": "Müller" }'));
    for (
      const [read, path] of [[() => readCsv(table, ["case"]), table], [
        () => readJson(json, "dataset"),
        json,
      ]] as const
    ) {
      const { message } = await assertRejects(read, Error, "must be UTF-8 text");
      assertEquals(message.includes(path), true, message);
    }
  }));
