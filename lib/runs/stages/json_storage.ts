/**
 * States without tensors, as JSON: for runs that train nothing.
 *
 * @module
 */
import { z } from "zod";
import { parseOwnJson } from "../../data/own_json.ts";
import type { StateStorage } from "./saved_states.ts";
import { writeSealed } from "../../files/seal.ts";

export const jsonStorage: StateStorage = {
  async saveState(path, { tensors, meta }) {
    const names = Object.keys(tensors);
    if (names.length > 0) {
      throw new Error(
        `Cannot save state: the run needs a storage for tensors, here ${names.join(", ")} (${path})`,
      );
    }
    await writeSealed(path, { meta });
  },
  async loadState(path) {
    const text = await Deno.readTextFile(path);
    // Nothing else, or a checksum whose name is damaged would be content.
    const schema = z.strictObject({ meta: z.record(z.string(), z.unknown()) });
    const { meta } = parseOwnJson(text, { schema, path, action: "load state" });
    return { tensors: {}, meta };
  },
};
