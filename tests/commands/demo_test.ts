import { assertRejects } from "@std/assert";
import { demo } from "../../lib/commands/demo.ts";
import { UsageError } from "../../lib/terminal/usage.ts";

Deno.test("a number of seeds that is none is refused before anything starts", async () => {
  for (const seeds of ["0", "-1", "1.5", "three"]) {
    await assertRejects(
      () => demo([`--seeds=${seeds}`]),
      UsageError,
      `--seeds must be a whole number from 1 on, current value is "${seeds}"`,
    );
  }
});
