import { assertEquals } from "@std/assert";
import { proposeSameOrgans } from "../../../lib/data/planning/same_organ.ts";
import { readOrganVectors } from "../../../lib/data/organ_vectors.ts";
import { vectorsPath } from "../../../lib/workbench/project.ts";

const at = (degrees: number) => [Math.cos(degrees * Math.PI / 180), Math.sin(degrees * Math.PI / 180)];

Deno.test("organs are proposed whose names point alike, likeliest first, unless a dataset has both", () => {
  const organs = ["Parotid_L", "Liver", "left gland", "Hepar"];
  const vectors = { organs: [at(0), at(90), at(30), at(100)] };
  const pairs = (datasets: string[][]) =>
    proposeSameOrgans(organs, { datasets, vectors }).map((
      { names, cosine },
    ) => [...names, cosine.toFixed(2)]);
  assertEquals(pairs([["Parotid_L", "Liver"], ["left gland", "Hepar"]]), [
    ["Liver", "Hepar", "0.98"],
    ["Parotid_L", "left gland", "0.87"],
  ]);
  assertEquals(pairs([["Liver", "Hepar"], ["left gland"]]), [["Parotid_L", "left gland", "0.87"]]);
});

Deno.test("left and right are never one, nor what the file does not know", () => {
  const vectors = { organs: [at(0), at(1), undefined] };
  assertEquals(proposeSameOrgans(["left kidney", "KidneyRight", "Ren"], { datasets: [], vectors }), []);
  const one = proposeSameOrgans(["left kidney", "Kidney", "Ren"], { datasets: [], vectors });
  assertEquals(one.map(({ names }) => names), [["left kidney", "Kidney"]]);
});

Deno.test("by the shipped vectors a gland by two names is proposed, strangers are not", async () => {
  const names = ["LeftParotid", "left parotid gland", "Esophagus", "Oesophagus", "Spleen", "Pancreas"];
  const vectors = await readOrganVectors(vectorsPath("organs"), names);
  assertEquals(proposeSameOrgans(names, { datasets: [], vectors }).map(({ names }) => names), [
    ["Esophagus", "Oesophagus"],
    ["LeftParotid", "left parotid gland"],
  ]);
});
