import { assertEquals } from "@std/assert";
import { type Choice, choiceFromHash, choiceToHash } from "../../lib/explorer/choice.ts";

const CHOICES: [hash: string, choice: Partial<Choice>][] = [
  ["", {}],
  ["metric=hd95&statistic=mean", { metric: "hd95", statistic: "mean" }],
  ["reference=&group=klWeight", { reference: "", group: "klWeight" }],
  ["arms=%5B%22a+b%22%2C%22c%2F%26%22%5D&seeds=%5B%5D", { arms: ["a b", "c/&"], seeds: [] }],
  ["organ=Liver&case=%5B%22x%22%2C%221%22%5D", { organ: "Liver", case: '["x","1"]' }],
];

for (const [hash, part] of CHOICES) {
  Deno.test(`a choice is its address and back: ${hash}`, () => {
    const choice = { metric: "dice" as const, ...part };
    assertEquals(choiceToHash(choice), hash);
    const back = Object.entries(choiceFromHash(`#${hash}`)).filter(([, value]) => value !== undefined);
    assertEquals(Object.fromEntries(back), choice);
  });
}

for (
  const hash of ["metric=constructor", "metric=x&arms=1", "arms=%7B%7D", "arms=[1]", "statistic=mode", "%%%"]
) {
  Deno.test(`what an address cannot mean is passed over: ${hash}`, () =>
    assertEquals(choiceToHash(choiceFromHash(hash)), ""));
}
