import { assert, assertEquals, assertThrows } from "@std/assert";
import { PARTIAL_LOSSES } from "../../lib/losses/partial/partial_loss_kind.ts";
import { checkParameters } from "../../lib/methods/definition/check_parameters.ts";
import { labelDropout } from "../../lib/methods/label_dropout.ts";
import { partialLossParameter } from "../../lib/methods/shared/partial_loss_parameter.ts";
import { faultOf } from "../../lib/methods/definition/rules.ts";
import { trainMethodStage } from "../../lib/methods/definition/train_stage.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { inTemporaryFolder } from "../support/data/store/stored_cases.ts";
import { memoryRecorder } from "../support/training/memory_recorder.ts";
import { makeTinyStudy } from "../support/training/tiny_study.ts";

Deno.test("a method refuses a partial loss that it does not support, and names those that it does", () => {
  checkParameters("label_dropout", { partialLoss: "restricted" });
  assertThrows(
    () => checkParameters("label_dropout", { partialLoss: "focal" }),
    Error,
    "marginal, restricted",
  );
  const { default: value, rule, meaning } = partialLossParameter("marginal", "binary");
  assertEquals([value, meaning], ["marginal", "loss where labels are missing: marginal or binary"]);
  assertEquals(faultOf("binary", rule), undefined);
  assert(faultOf("restricted", rule)!.includes("marginal"));
});

Deno.test("label dropout trains by each partial loss, with the head it needs, which is in the stage's identity", async () => {
  await inTemporaryFolder(async (folder) => {
    const study = await makeTinyStudy(folder, [[1, 2], [3]]);
    const heads = [];
    for (const partialLoss of PARTIAL_LOSSES) {
      const recorder = memoryRecorder();
      const values = { partialLoss, fullOrganSteps: 4 };
      const { models } = await trainMethodStage(study, recorder, {
        ...labelDropout.stages.label_dropout,
        values,
      });
      const { partialLoss: used, networks } = recorder.stages[0]!.inputs as {
        partialLoss: string;
        networks: [{ head: { kind: string } }];
      };
      const { model } = models[0]!;
      assertEquals([used, networks[0].head], [partialLoss, model.head.plan]);
      assert(recorder.history.every(({ terms }) => Number.isFinite(terms.own ?? 0)));
      const { shape } = tf.tidy(() => model.predict(tf.zeros([1, 8, 8, 8, 1])).logits);
      heads.push([model.head.plan.kind, shape[4]]);
      model.dispose();
      recorder.dispose();
    }
    assertEquals(heads, [["softmax", 4], ["softmax", 4], ["sigmoid", 3]]);
  });
});
