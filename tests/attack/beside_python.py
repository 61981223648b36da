"""What Python's own readers find in files that were damaged and read all the same: a line of JSON for each that they read otherwise,
unless Consilium has said that the file is odd and what it makes of it.

    python tests/attack/beside_python.py <folder>

Of each file `<n>.<ending>` of the folder, `<n>.read.json` says what Consilium has read. Scans are read by nibabel, tables by csv, JSON
by json.
"""

import csv
import json
import math
import sys
from pathlib import Path


def scan_told(path: Path, ours: dict) -> str | None:
    import nibabel
    import numpy as np

    try:
        image = nibabel.load(path)
        data = np.asanyarray(image.dataobj, dtype=np.float64)
    except Exception as error:  # whatever it says, it reads nothing
        return f"nibabel refuses it: {error}"
    data = data.reshape([size for index, size in enumerate(data.shape) if index < 3 or size > 1])
    if list(data.shape[::-1]) != ours["shape"]:
        return f"nibabel reads the shape {list(data.shape[::-1])}, not {ours['shape']}"
    if not np.allclose(image.affine, np.array(ours["affine"], dtype=np.float64), rtol=1e-4, atol=1e-4):
        return f"nibabel reads the affine {image.affine.tolist()}, not {ours['affine']}"
    values = np.array([float(value) for value in ours["data"]])
    if not np.allclose(data.ravel(order="F"), values, rtol=1e-5, equal_nan=True):
        return "nibabel reads other voxels"
    return None


def same_number(one: float, other: float) -> bool:
    return one == other or (math.isnan(one) and math.isnan(other))


def table_told(path: Path, ours: dict) -> str | None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    if len(rows) != len(ours["rows"]):
        return f"csv reads {len(rows)} rows, not {len(ours['rows'])}"
    for row, read in zip(rows, ours["rows"]):
        for column in ("case", "dataset", "organ"):
            if row[column] != read[column]:
                return f"csv reads {column} {row[column]!r}, not {read[column]!r}"
        for column, value in read["numbers"].items():
            if not same_number(float(row[column]), float(value)):
                return f"csv reads {column} {row[column]!r}, not {value}"
    return None


def dataset_told(path: Path, ours: dict) -> str | None:
    found = json.loads(path.read_text(encoding="utf-8"))
    labels = found["labels"]
    # The Decathlon maps values to names, nnU-Net names to values.
    pairs = [(int(key), value) if key.strip().lstrip("-").isdigit() else (value, key) for key, value in labels.items()]
    named = {str(value): name for value, name in pairs if value != 0}
    if named != ours["labels"]:
        return f"json reads the labels {named}, not {ours['labels']}"
    if "training" in found and len(found["training"]) != len(ours["cases"]):
        return f"json reads {len(found['training'])} cases, not {len(ours['cases'])}"
    return None


READERS = {".nii": scan_told, ".csv": table_told, ".json": dataset_told}

for place in sorted(Path(sys.argv[1]).glob("*.read.json")):
    ours = json.loads(place.read_text(encoding="utf-8"))
    index = place.name.split(".")[0]
    [path] = [one for one in place.parent.glob(f"{index}.*") if one != place]
    try:
        difference = READERS[path.suffix](path, ours)
    except (ValueError, KeyError, TypeError, AttributeError, csv.Error) as error:
        difference = f"Python refuses it: {error!r}"
    if difference is not None and not ours.get("notes"):
        print(json.dumps({"index": int(index), "told": difference}), flush=True)
