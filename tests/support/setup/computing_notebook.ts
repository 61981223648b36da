/** A notebook that computes in TensorFlow. */
import { projectRoot } from "../../../lib/setup/tool_paths.ts";

/** Writes a notebook whose only cell convolves and tells what it sees of the environment. */
export async function writeComputingNotebook(path: string): Promise<void> {
  const source = `const { tf } = await import("file://${projectRoot}/lib/tensors/tf.ts");
    console.log(tf.conv3d(tf.ones([1, 8, 8, 8, 4]), tf.ones([3, 3, 3, 4, 4]), 1, "valid").dataSync()[0]);
    console.log(Deno.env.get("TF_ENABLE_ONEDNN_OPTS"), Deno.cwd(), "ISTANBUL".toLowerCase());`;
  const metadata = {
    kernelspec: { name: "deno", display_name: "Deno", language: "typescript" },
    language_info: { name: "typescript" },
  };
  const cell = { id: "a", cell_type: "code", metadata: {}, execution_count: null, outputs: [], source };
  await Deno.writeTextFile(path, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells: [cell] }));
}

/** What the cell of an executed notebook printed. */
export async function printedBy(path: string): Promise<string> {
  const { cells: [{ outputs }] } = JSON.parse(await Deno.readTextFile(path));
  return outputs.map(({ text }: { text: string | string[] }) => [text].flat().join("")).join("");
}
