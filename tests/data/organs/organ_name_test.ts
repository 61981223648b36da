import { assertEquals } from "@std/assert";
import { mirroredId, organId } from "../../../lib/data/organs/organ_name.ts";

Deno.test("spellings of one organ have one id, others do not", () => {
  const groups = [
    [
      "RightParotid",
      "parotid_right",
      "Parotid R",
      "right parotid",
      "RIGHT-PAROTID",
      "parotid_r",
      "Parotid (R)",
      "Rt Parotid",
      "RParotid",
    ],
    ["LeftParotid", "parotid.l", "parotidLeft", "parotidL", "leftparotid", "Parotid (links)"],
    ["SpinalCord", "spinal_cord", "spinalcord", "Spinal Cord"],
    ["Liver", "LIVER"],
    ["kidney"],
    [
      "Kidney L",
      "left_kidney",
      "L_Kidney",
      "Left-Kidney",
      "Lt Kidney",
      "LKidney",
      "kidneyL",
      "Kidney (left)",
      "kidney_lt",
    ],
    // Punctuation that tells names apart.
    ["C1-2", "C1_2", "c1 2"],
    ["C12", "C 12"],
    ["T1"],
    ["T1+"],
    ["T1-"],
    ["T1/T2"],
    // Words that begin with a side's letter.
    ["Lung"],
    ["LV"],
    ["Rectum"],
    ["Vertebra L1", "vertebra_l1"],
    ["rib_left_1", "Rib 1 left", "left rib 1"],
    [
      "lung_lower_lobe_left",
      "Left lower lung lobe".split(" ").toSpliced(0, 4, "left", "lung", "lower", "lobe").join(" "),
    ],
    ["gluteus left med"],
    // Any script; composed or not.
    ["печень", "Печень"],
    ["селезёнка", "селезёнка".normalize("NFD")],
    ["левая почка", "почка левая"],
    ["肝"],
    ["脾"],
    ["左肾"],
    ["右肾"],
    ["गुर्दा"],
    ["गरद"],
  ];
  const ids = groups.map((names) => new Set(names.map(organId)));
  ids.forEach((found) => assertEquals(found.size, 1, [...found].join(" ")));
  const all = ids.flatMap((found) => [...found]);
  assertEquals(all.filter((id, index) => all.indexOf(id) < index), []);
});

Deno.test("the mirrored id is the other side's; organs without a side have none", () => {
  assertEquals(mirroredId("RightParotid"), organId("parotid_left"));
  assertEquals(mirroredId("parotid_l"), organId("RightParotid"));
  assertEquals(mirroredId("左肾"), organId("右肾"));
  for (const name of ["Liver", "L", "right"]) assertEquals(mirroredId(name), undefined);
});

Deno.test("chambers of the heart are no mirror images, ventricles of the brain are", () => {
  for (
    const name of ["RightVentricle", "heart_ventricle_left", "heart atrium right", "Left atrial appendage"]
  ) {
    assertEquals(mirroredId(name), undefined, name);
  }
  assertEquals(mirroredId("Left-Lateral-Ventricle"), organId("Right-Lateral-Ventricle"));
});
