"""MONAI's scores of the scans of benchmark.ts: python monai_metrics.py <folder>

Masks are one-hot tensors before the clock starts, of the type that each of MONAI's functions is fastest with: Boolean for
NSD, float32 for the others.
"""

import json
import pathlib
import sys

import numpy
import torch
from monai.metrics import (
    compute_average_surface_distance,
    compute_dice,
    compute_hausdorff_distance,
    compute_surface_dice,
)

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from contestant import serve  # noqa: E402

folder = pathlib.Path(sys.argv[1])
settings = json.loads((folder / "scans.json").read_text())
organs, tolerance = settings["organs"], settings["toleranceMm"]


def one_hot(name):
    labels = numpy.fromfile(folder / name, numpy.uint8).reshape(settings["shape"])
    return torch.from_numpy(numpy.stack([labels == organ for organ in organs]))[None]


scans = []
for scan in settings["scans"]:
    masks = [one_hot(scan["prediction"]), one_hot(scan["truth"])]
    scans.append((masks, [mask.float() for mask in masks], scan["spacing"]))


def score():
    values = []
    for masks, numbers, spacing in scans:
        options = {"include_background": True, "spacing": spacing}
        scores = [
            compute_dice(*numbers),
            compute_hausdorff_distance(*numbers, percentile=95, **options),
            compute_average_surface_distance(*numbers, symmetric=True, **options),
            compute_surface_dice(*masks, [tolerance] * len(organs), use_subvoxels=True, **options),
        ]
        values += torch.stack(scores, -1).flatten().tolist()
    return values


serve(score)
