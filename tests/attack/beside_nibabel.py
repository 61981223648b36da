"""What nibabel reads in scans that were damaged and read all the same: a line of JSON for each that it reads otherwise, unless
Consilium has said that the header is odd and what it makes of it.

    python tests/attack/beside_nibabel.py <folder>

Of each scan `<n>.nii` of the folder, `<n>.json` says what Consilium has read: shape [z, y, x], affine, the voxels' values, and notes.
"""

import json
import sys
from pathlib import Path

import nibabel
import numpy as np


def told(scan: Path) -> str | None:
    """Where nibabel disagrees, in a few words."""
    ours = json.loads(scan.with_suffix(".json").read_text(encoding="utf-8"))
    try:
        image = nibabel.load(scan)
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


for scan in sorted(Path(sys.argv[1]).glob("*.nii")):
    difference = told(scan)
    if difference is not None and not json.loads(scan.with_suffix(".json").read_text(encoding="utf-8"))["notes"]:
        print(json.dumps({"index": int(scan.stem), "told": difference}), flush=True)
