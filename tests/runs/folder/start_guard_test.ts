import { assertRejects } from "@std/assert";
import { join } from "@std/path";
import { whileNothingStarts } from "../../../lib/runs/folder/start_guard.ts";
import { withFolder } from "../../support/runs/with_folder.ts";

Deno.test("a folder of results that cannot be made is named with the variable that says where it is", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "file"), "");
    await assertRejects(
      () => whileNothingStarts(join(folder, "file/toy"), () => Promise.resolve()),
      Error,
      `their folder cannot be made, it is no folder (${folder}/file/toy); CONSILIUM_RESULTS says where it is`,
    );
  }));
