import { assertEquals } from "@std/assert";
import { caseNames } from "../../../lib/data/cohorts/case_ids.ts";

/** A folder, and its cases by the paths of their scans. */
function folder(path: string, images: string[]) {
  const cases = images.map((image) => ({ id: image.split("/").at(-1)!, image, annotated: [] }));
  return { folder: path, cases };
}

const table: { of: string; folders: ReturnType<typeof folder>[]; names: string[] }[] = [
  {
    of: "ids of one folder",
    folders: [folder("/d/one", ["/d/one/a"]), folder("/d/two", ["/d/two/b"])],
    names: ["a", "b"],
  },
  {
    of: "an id of two scans",
    folders: [folder("/d/one", ["/d/one/a"]), folder("/d/two", ["/d/two/a"])],
    names: ["one_a", "two_a"],
  },
  {
    of: "an id of two scans in folders of one name",
    folders: [folder("/x/one", ["/x/one/a"]), folder("/y/one", ["/y/one/a"])],
    names: ["x_one_a", "y_one_a"],
  },
  {
    of: "a scan that two folders label, as with scribbles and densely",
    folders: [folder("/d/one", ["/d/one/a"]), folder("/d/one/scribbles", ["/d/one/a"])],
    names: ["a", "a"],
  },
];

for (const { of, folders, names } of table) {
  Deno.test(`${of}: ${names.join(", ")}`, () => {
    const name = caseNames(folders);
    assertEquals(folders.flatMap((one) => one.cases.map((scan) => name(one, scan))), names);
  });
}
