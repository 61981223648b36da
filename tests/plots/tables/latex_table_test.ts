import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { projectRoot } from "../../../lib/setup/tool_paths.ts";
import { tableToLatex } from "../../../lib/plots/tables/latex_table.ts";
import { latexText } from "../../../lib/plots/tables/latex_text.ts";
import { saveTable } from "../../../lib/plots/tables/save_table.ts";
import { table } from "../../../lib/plots/tables/table.ts";
import { withFolder } from "../../support/runs/with_folder.ts";

const NAMES = [
  ...[
    "no_mutual_difference",
    "a & b %",
    "{x}\\y",
    "$x^2$ #1 ~",
    "<b>liver</b>",
    `"left" 'kidney' \`x\``,
    "a|b [c] *",
  ],
  ...[
    "Größe, é à ñ ø Æ",
    "Печень",
    "肝臓",
    "Łódź ÷ ð",
    "e\u0301",
    "x\u0000y\nz",
    "ﬁ\ud800",
    "--",
    "?` !`",
    "",
  ],
];

const papers = {
  names: table(
    NAMES.map((name) => ({
      organ: name,
      [name || "empty"]: { text: `0.9 ± 0.1 ${name}`, bold: true, mark: "**" },
    })),
    {
      caption: NAMES.join(", "),
      notes: ["p < 0.05: 3 × 2 – ∞ … −1"],
    },
  ),
  plain: table([{ organ: "Liver", mutual: 0.9 }, { organ: "[mean]", mutual: NaN }], {
    caption: "Dice",
    blocks: [0, 1],
  }),
};

Deno.test("LaTeX of a small table", () => {
  const latex = tableToLatex(papers.plain, { label: "small" });
  const [, body] = latex.split("\\toprule\n");
  assertEquals(
    body?.split("\\bottomrule")[0],
    [
      "organ & mutual \\\\",
      "\\midrule",
      "Liver & 0.9 \\\\",
      "\\midrule",
      "{[}mean{]} & -- \\\\",
      "",
    ].join("\n"),
  );
  assert(
    latex.includes("\\caption{Dice.}\n\\label{tab:small}") && latex.includes("{tabular}{@{}lr@{}}"),
    latex,
  );
});

Deno.test("a long name of several parts stands in several lines", () => {
  const latex = tableToLatex(table([{ organ: "x", no_mutual_difference: 1 }]), { label: "a" });
  assert(latex.includes("{@{}r@{}}no\\_mutual\\_\\\\difference\\end{tabular}"), latex);
});

Deno.test("text for LaTeX", () => {
  assertEquals(latexText("a_b & 5 % ± 1"), "a\\_b \\& 5 \\% $\\pm$ 1");
  assertEquals(latexText("e\u0301x"), "éx");
  assertEquals(latexText("肝x"), "\\anyletters{肝}{U+809D}x");
});

/** How a paper's columns are: one of an article, two of IEEE, one of Springer's proceedings. */
const CLASSES = {
  article: { options: "", files: ["article.cls"] },
  IEEEtran: { options: "[conference]", files: ["IEEEtran.cls", "ptmr7t.tfm"] },
  llncs: { options: "", files: ["llncs.cls"] },
};
const shipped = join(projectRoot, "results/paper/hippocampus");

for (const [name, { options, files }] of Object.entries(CLASSES)) {
  const there = await succeeds("pdflatex", "--version") && await succeeds("kpsewhich", ...files);
  const missing =
    " (skipped: no pdflatex, or no such class; apt-get install texlive-latex-base texlive-publishers texlive-fonts-recommended)";
  Deno.test({
    name: `tables compile with pdfLaTeX in ${name}, and none is wider than its column${there ? "" : missing}`,
    ignore: !there,
    fn: () =>
      withFolder(async (folder) => {
        for (const [name, one] of Object.entries(papers)) await saveTable(one, { folder, name });
        for (const name of ["ablation", "organs"]) {
          await Deno.copyFile(join(shipped, `${name}.tex`), join(folder, `${name}.tex`));
        }
        await Deno.writeTextFile(
          join(folder, "paper.tex"),
          [
            `\\documentclass${options}{${name}}`,
            "\\usepackage{booktabs,graphicx}",
            "\\begin{document}",
            ...[...Object.keys(papers), "ablation", "organs"].map((name) => `\\input{${name}}`),
            "Table~\\ref{tab:plain}",
            "\\end{document}",
          ].join("\n"),
        );
        const { success, stdout } = await new Deno.Command("pdflatex", {
          args: ["-interaction=nonstopmode", "-halt-on-error", "paper.tex"],
          cwd: folder,
        }).output();
        const log = new TextDecoder().decode(stdout);
        assert(success, log.slice(-3000));
        assert(!log.includes("Missing character"), log);
        assert(!/Overfull \\hbox/.test(log), log.slice(-3000));
      }),
  });
}

async function succeeds(program: string, ...args: string[]): Promise<boolean> {
  try {
    return (await new Deno.Command(program, { args, stdout: "null", stderr: "null" }).output())
      .success;
  } catch {
    return false;
  }
}
