/**
 * Which organ a structure is, by its name.
 *
 * @module
 */
import { z } from "zod";
import { organId } from "../../data/organs/organ_name.ts";
import { InvalidFileError, parseWith, readJson } from "../../data/json_file.ts";

/** Names that a dataset's labels cannot have. */
const RESERVED = ["background", "ignore"];

/** Organs of structures. */
export interface OrganAliases {
  /** Undefined where a structure is left out. */
  organOf(structure: string): string | undefined;
  /** The names that are mapped, in their order; undefined where every structure is an organ. */
  mapped?: string[];
}

/** Every structure is the organ of its name, as it is first spelt. */
export function ownNames(): OrganAliases {
  const spellings = new Map<string, string>();
  return {
    organOf(structure) {
      const id = organId(structure);
      if (!spellings.has(id)) spellings.set(id, structure);
      return spellings.get(id);
    },
  };
}

/**
 * Reads `{"<name of a structure>": "<organ>", …}`. Names match as organs' do: case, spaces and the like do not count.
 *
 * @throws {InvalidFileError} with every problem
 */
export async function readAliases(path: string): Promise<OrganAliases> {
  const { value = {}, problems } = parseWith(
    z.record(z.string(), z.string()),
    await readJson(path, "organs"),
  );
  const organs = new Map<string, string>(), spellings = new Map<string, string>();
  for (const [structure, organ] of Object.entries(value)) {
    if (organ.trim() === "" || RESERVED.includes(organ)) {
      problems.push(`${structure}: must be an organ's name, current value is ${JSON.stringify(organ)}`);
    }
    const spelt = spellings.get(organId(organ)) ?? organ;
    spellings.set(organId(organ), spelt);
    if (spelt !== organ) problems.push(`${structure}: ${spelt} and ${organ} are two spellings of one organ`);
    const known = organs.get(organId(structure));
    if (known !== undefined && known !== organ) {
      problems.push(`${structure}: is both ${known} and ${organ}, in two spellings`);
    }
    organs.set(organId(structure), organ);
  }
  if (organs.size === 0 && problems.length === 0) problems.push("no structure is mapped to an organ");
  if (problems.length > 0) throw new InvalidFileError(path, problems, "organs");
  return { organOf: (structure) => organs.get(organId(structure)), mapped: Object.keys(value) };
}
