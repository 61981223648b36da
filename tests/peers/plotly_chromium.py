"""Where Chromium puts every text of a figure: the oracle of tests/plots/render_svg_test.ts.

    python tests/peers/plotly_chromium.py FIGURE.json… > tests/fixtures/plots/chromium.json

Needs `chromium` and DejaVu Sans on the machine; takes the plotly.js of node_modules.
"""

import html
import json
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUNDLE = ROOT / "node_modules/plotly.js/dist/plotly-cartesian.min.js"
PAGE = """<!doctype html><meta charset="utf-8"><div id="figure"></div><pre id="texts"></pre>
<script src="{bundle}"></script><script>
const figure = {figure};
(async () => {{
  await document.fonts.load("13px 'DejaVu Sans'");
  const drawn = await Plotly.newPlot("figure", figure.data, figure.layout, {{staticPlot: true}});
  const {{width, height}} = figure.layout;
  const svg = await Plotly.toImage(drawn, {{format: "svg", width, height, imageDataOnly: true}});
  const texts = [...new DOMParser().parseFromString(svg, "image/svg+xml").querySelectorAll("text")];
  document.getElementById("texts").textContent = JSON.stringify(texts.map((text) => [
    text.textContent, text.getAttribute("x"), text.getAttribute("y"), text.getAttribute("transform"),
  ]));
}})();
</script>"""


def texts_of(figure: dict) -> list:
    """[content, x, y, transform] of each text of the figure's SVG, in its order."""
    with tempfile.TemporaryDirectory() as folder:
        page = pathlib.Path(folder) / "page.html"
        page.write_text(PAGE.format(bundle=BUNDLE.as_uri(), figure=json.dumps(figure)), encoding="utf-8")
        command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files",
                   "--virtual-time-budget=10000", "--dump-dom", page.as_uri()]
        dom = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
    return json.loads(html.unescape(re.search(r'<pre id="texts">(.*?)</pre>', dom, re.S).group(1)))


figures = [json.loads(pathlib.Path(path).read_text(encoding="utf-8")) for path in sys.argv[1:]]
json.dump([{"figure": figure, "texts": texts_of(figure)} for figure in figures], sys.stdout, ensure_ascii=False)
