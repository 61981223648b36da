/** Examples that docstrings show, tried as cells of a notebook. */
import { toolPaths } from "../../../lib/setup/tool_paths.ts";

/** A function that a door exports, and what its docstring shows. */
export interface Example {
  /** The room's file that exports it, such as "plots". */
  door: string;
  name: string;
  /** TypeScript of the block behind `@example`; "" where there is none. */
  code: string;
}

/** What `deno doc --json` says of modules, as far as it is read here. */
interface Docs {
  nodes: Record<string, {
    symbols: {
      name: string;
      declarations: { kind: string; jsDoc?: { tags?: { kind: string; doc?: string }[] } }[];
    }[];
  }>;
}

/** All functions of the doors, wherever they are defined, in the order of the doors. */
export async function readExamples(doors: readonly string[]): Promise<Example[]> {
  return (await Promise.all(doors.map(async (door) => {
    const { success, stdout, stderr } = await new Deno.Command(toolPaths().deno, {
      args: ["doc", "--json", "--quiet", `lib/notebook/${door}.ts`],
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    const { nodes } = JSON.parse(new TextDecoder().decode(stdout)) as Docs;
    const symbols = Object.values(nodes).flatMap((module) => module.symbols);
    return symbols.flatMap(({ name, declarations }) =>
      declarations.filter(({ kind }) => kind === "function").map(({ jsDoc }) => {
        const shown = jsDoc?.tags?.find(({ kind }) => kind === "example")?.doc ?? "";
        return { door, name, code: /^```ts\n([^]*?)^```$/m.exec(shown)?.[1] ?? "" };
      })
    );
  }))).flat();
}

/** The cells as one module: each imports what it uses, as a notebook's cells may and a module may not. */
export function asOneModule(cells: readonly string[]): string {
  const imports = /^import \{ ([^}]*) \} from "([^"]+)";\n/gm;
  const names = new Map<string, Set<string>>();
  for (const [, list, from] of cells.flatMap((cell) => [...cell.matchAll(imports)])) {
    names.set(from!, new Set([...names.get(from!) ?? [], ...list!.split(", ")]));
  }
  const lines = [...names].map(([from, list]) => `import { ${[...list].join(", ")} } from "${from}";`);
  return [...lines, ...cells.map((cell) => cell.replaceAll(imports, ""))].join("\n");
}
