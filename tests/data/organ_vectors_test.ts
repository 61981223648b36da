import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { readCohort } from "../../lib/data/cohorts/read_cohort.ts";
import { readOrganVectors } from "../../lib/data/organ_vectors.ts";
import { InvalidFileError } from "../../lib/data/json_file.ts";
import { cohortNames } from "../../lib/workbench/cohort_paths.ts";
import { cohortPath, vectorsPath } from "../../lib/workbench/project.ts";

const good = {
  model: "a model",
  dimension: 2,
  organs: [
    { name: "background", vector: [1, 0] },
    { name: "right kidney", text: "right kidney: below the liver", vector: [0, 1] },
    { name: "spleen", vector: [-1, 0] },
  ],
};

async function read(content: unknown, names: string[]) {
  const path = await Deno.makeTempFile({ suffix: ".json" });
  try {
    await Deno.writeTextFile(path, JSON.stringify(content));
    const { file: _, ...vectors } = await readOrganVectors(path, names);
    return vectors;
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("an organ finds its vector however its name is written, another organ does not", async () => {
  assertEquals(await read(good, ["Spleen", "RightKidney", "Kidney_R", "LeftKidney", "right renal"]), {
    background: [1, 0],
    organs: [[-1, 0], [0, 1], [0, 1], undefined, undefined],
  });
});

Deno.test("all that is wrong with vectors is told at once", async () => {
  const organs = [
    { name: "spleen", vector: [0, 0] },
    { name: "Spleen", vector: [1, 2, 3] },
    { name: "liver", vector: [1, 1] },
  ];
  const { problems } = await assertRejects(() => read({ ...good, organs }, []), InvalidFileError);
  assertEquals(problems, [
    "organs: must hold one that is called background",
    "organs[0] (spleen): must not be 0 all over, which points nowhere",
    "organs[1] (Spleen): is organs[0] (spleen), too",
    "organs[1] (Spleen): must have 2 numbers, current number is 3",
  ]);
  const alike = { ...good, organs: [...good.organs, { name: "other", vector: [0, 3] }] };
  const same = await assertRejects(() => read(alike, []), InvalidFileError);
  assertEquals(
    same.problems.map((problem: string) =>
      /^organs\[\d\] \(other\): must not point as organs\[\d\] .* does$/.test(problem)
    ),
    [true],
  );
  const nothing = { ...good, organs: [{ name: "background", vector: [null, 1] }] };
  const odd = await assertRejects(() => read(nothing, []), InvalidFileError);
  assertEquals(odd.problems.map((problem: string) => problem.split(":")[0]), ["organs[0].vector[0]"]);
});

Deno.test("the shipped vectors are of unit length and know the organs of all shipped cohorts", async () => {
  for (const cohort of await cohortNames()) {
    const names = (await readCohort(cohortPath(cohort))).organs.map(({ name }) => name);
    const { background, organs } = await readOrganVectors(vectorsPath("organs"), names);
    assertEquals(names.filter((_, index) => !organs[index]), []);
    for (const vector of [background, ...organs]) assertAlmostEquals(Math.hypot(...vector!), 1, 1e-3);
  }
});
