/**
 * One start at a time among the runs of a cohort.
 *
 * @module
 */
import { makePrivateFolder } from "../../files/private_folder.ts";
import { join } from "@std/path";
import { reasonOf } from "../../text/error_text.ts";
import { waitForLock } from "../../files/file_lock.ts";

/**
 * Does something while no run of the cohort starts, in this process or another.
 *
 * @param cohortFolder the folder of the cohort's results, made when missing
 * @throws Error when the folder cannot be made, or another start does not end
 */
export async function whileNothingStarts<T>(cohortFolder: string, work: () => Promise<T>): Promise<T> {
  await makePrivateFolder(join(cohortFolder, "stages")).catch((cause) => {
    const reason = reasonOf(cause);
    throw new Error(
      `Cannot keep results: their folder cannot be made, ${reason} (${cohortFolder}); CONSILIUM_RESULTS says where it is`,
      { cause },
    );
  });
  const path = join(cohortFolder, "stages", "starting.lock");
  // Runs that one process starts side by side wait for each other, too.
  const guard = await waitForLock(path, { timeoutSeconds: 60, takeOver: false });
  try {
    return await work();
  } finally {
    guard.release();
  }
}
