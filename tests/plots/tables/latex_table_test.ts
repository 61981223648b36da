import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
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

const pdflatex = await hasPdflatex();
Deno.test({
  name: `tables compile with pdfLaTeX${
    pdflatex ? "" : " (skipped: no pdflatex; apt-get install texlive-latex-base)"
  }`,
  ignore: !pdflatex,
  fn: () =>
    withFolder(async (folder) => {
      for (const [name, one] of Object.entries(papers)) await saveTable(one, { folder, name });
      await Deno.writeTextFile(
        join(folder, "paper.tex"),
        [
          "\\documentclass{article}",
          "\\usepackage{booktabs,graphicx}",
          "\\begin{document}",
          ...Object.keys(papers).map((name) => `\\input{${name}}`),
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
    }),
});

async function hasPdflatex(): Promise<boolean> {
  try {
    return (await new Deno.Command("pdflatex", { args: ["--version"], stdout: "null", stderr: "null" })
      .output()).success;
  } catch {
    return false;
  }
}
