import { assertEquals, assertThrows } from "@std/assert";
import { madeBy, requireOwn } from "../../../lib/workbench/session/made_by.ts";
import type { Run } from "../../../lib/runs/open_run.ts";

const run = (version: number, identity = `${version}`) =>
  ({ name: `toy/mutual/default/v00${version}`, record: { identity } }) as unknown as Run;

Deno.test("what another run made is refused, also one by one; the same run started again may go on with it", () => {
  const models = madeBy(run(1), [{ name: "a" }, { name: "b" }]);
  const use = (things: readonly object[], by: Run) =>
    requireOwn(things, { run: by, what: "models", action: "evaluate" });
  use(models, run(1));
  use([...models], run(3, "1"));
  const error = assertThrows(() => use([models[1]!], run(2)), Error);
  assertEquals(
    error.message,
    "Cannot evaluate: the models must be of the run toy/mutual/default/v002, they are of the run toy/mutual/default/v001. " +
      "Run the cell that makes the models again, then this one",
  );
  assertThrows(() => use(models, run(2)), Error, "Cannot evaluate");
  use([{ name: "from elsewhere" }], run(2));
});
