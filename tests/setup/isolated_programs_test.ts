import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { isolatePrograms } from "../../lib/setup/isolated_programs.ts";
import { withFolder } from "../support/runs/with_folder.ts";

const body = "\nimport sys\nprint('#!/usr/bin/python')\n";
const shell = (python: string) => `#!/bin/sh\n'''exec' ${python} "$0" "$@"\n' '''${body}`;

const programs: [name: string, before: string, after: string][] = [
  ["python", `#!/p/.venv/bin/python${body}`, `#!/p/.venv/bin/python -I${body}`],
  ["version", `#!/p/.venv/bin/python3.11${body}`, `#!/p/.venv/bin/python3.11 -I${body}`],
  ["long_path", shell("/p/.venv/bin/python"), shell("/p/.venv/bin/python -I")],
  ["space", shell('"/p q/.venv/bin/python3"'), shell('"/p q/.venv/bin/python3" -I')],
  ["isolated", `#!/p/.venv/bin/python -I${body}`, `#!/p/.venv/bin/python -I${body}`],
  ["script", "#!/bin/sh\nexec python\n", "#!/bin/sh\nexec python\n"],
  ["activate", "# source me\n", "# source me\n"],
];

Deno.test("isolatePrograms() gives pip's programs -I, once, and leaves everything else", () =>
  withFolder(async (bin) => {
    for (const [name, before] of programs) await Deno.writeTextFile(join(bin, name), before, { mode: 0o755 });
    await Deno.writeFile(join(bin, "deno"), new Uint8Array([0x7f, 0x45, 0x4c, 0x46]));
    await Deno.symlink("/usr/bin/env", join(bin, "python3"));
    for (const _ of ["first", "second"]) {
      await isolatePrograms(bin);
      for (const [name, , after] of programs) {
        assertEquals(await Deno.readTextFile(join(bin, name)), after, name);
        assertEquals((await Deno.stat(join(bin, name))).mode! & 0o777, 0o755, name);
      }
    }
    const names = (await Array.fromAsync(Deno.readDir(bin))).map(({ name }) => name);
    assertEquals(names.length, programs.length + 2);
  }));
