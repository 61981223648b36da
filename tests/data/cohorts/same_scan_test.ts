import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { sameScanProblems } from "../../../lib/data/cohorts/same_scan.ts";
import { withFolder } from "../../support/runs/with_folder.ts";

Deno.test("a link to a tested scan is that scan; one path in two roles is the people's affair, as are scans that are not there", () =>
  withFolder(async (folder) => {
    const scan = join(folder, "a.nii.gz"), link = join(folder, "link.nii.gz");
    await Deno.writeTextFile(scan, "");
    await Deno.symlink(scan, link);
    const of = (role: "training" | "test", image: string) => ({ role, dataset: role, id: "a", image });
    const [problem, ...others] = await sameScanProblems([of("training", link), of("test", scan)]);
    assertEquals([problem?.endsWith("is in training of training (a) and in test of test (a)"), others], [
      true,
      [],
    ]);
    assertEquals(await sameScanProblems([of("training", scan), of("test", scan)]), []);
    assertEquals(await sameScanProblems([of("training", link), of("training", scan)]), []);
    assertEquals(
      await sameScanProblems([of("training", join(folder, "b")), of("test", join(folder, "c"))]),
      [],
    );
  }));
