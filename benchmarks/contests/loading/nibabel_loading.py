"""Scans and label maps as nibabel gives them, RAS+: python nibabel_loading.py <folder with scans.json> <voxels | sums>

Its output are a few voxels of every volume, or the sum of all and the sum weighted by their index.
"""

import json
import pathlib
import sys

import nibabel
import numpy

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from contestant import serve  # noqa: E402

folder, output = pathlib.Path(sys.argv[1]), sys.argv[2]
scans = json.loads((folder / "scans.json").read_text())


def describe(voxels):
    voxels = voxels.ravel(order="F")  # a view: as in the file, x runs fastest
    if output == "voxels":
        return [voxels[0].item(), voxels[len(voxels) // 2].item(), voxels[-1].item()]
    return [voxels.sum(dtype=numpy.float64).item(), voxels.astype(numpy.float64).dot(numpy.arange(len(voxels)))]


def load():
    values = []
    for scan in scans:
        image = nibabel.as_closest_canonical(nibabel.load(scan["image"]))
        values += describe(image.get_fdata(dtype=numpy.float32))
        label = nibabel.as_closest_canonical(nibabel.load(scan["label"]))
        values += describe(numpy.asarray(label.dataobj, numpy.uint8))
    return values


serve(load)
