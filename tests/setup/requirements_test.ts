import { assertEquals } from "@std/assert";
import { projectRoot } from "../../lib/setup/tool_paths.ts";

const folder = `${projectRoot}/lib/setup/python`;
const lines = (name: string) =>
  Deno.readTextFileSync(`${folder}/${name}`).replaceAll("\\\n", "").split("\n").filter((line) =>
    line !== "" && !line.startsWith("#")
  );

for (const name of ["requirements.txt", "requirements_cuda.txt", "requirements_compiler.txt"]) {
  Deno.test(`${name} pins every package exactly, by its hash`, () => {
    const loose = lines(name).filter((line) =>
      !/^[a-z0-9-]+==[0-9.]+(; python_version (<|>=) "3\.1[0-3]")?( +--hash=sha256:[0-9a-f]{64})+$/.test(line)
    );
    assertEquals(loose, []);
  });
}

Deno.test("requirements.txt names each package once for every Python", () => {
  for (const minor of [10, 11, 12, 13]) {
    const names = lines("requirements.txt").filter((line) => {
      const [, operator, bound] = /(<|>=) "3\.(\d+)"/.exec(line) ?? [];
      return operator === undefined || (operator === "<" ? minor < Number(bound) : minor >= Number(bound));
    }).map((line) => line.split("==")[0]);
    assertEquals(names.filter((name, index) => names.indexOf(name) !== index), [], `Python 3.${minor}`);
    for (
      const needed of ["tensorflow-cpu", "papermill", "jupyterlab", "nbconvert", "plotly", "python-dateutil"]
    ) {
      assertEquals(names.includes(needed), true, `${needed} for Python 3.${minor}`);
    }
  }
});
