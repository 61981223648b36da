"""Patches as nnU-Net's data loader reads them: python nnunet.py <folder> <image | both> <corners | sums>

Its output are the first and the last voxels of every patch, or the sums of its voxels.
"""

import json
import pathlib
import sys

import numpy
from nnunetv2.training.dataloading.nnunet_dataset import nnUNetDatasetBlosc2

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from contestant import serve  # noqa: E402

folder, what, output = pathlib.Path(sys.argv[1]), *sys.argv[2:]
plan = json.loads((folder / "patches.json").read_text())
rounds = iter(plan["rounds"])
dataset = nnUNetDatasetBlosc2(str(folder / "nnunet"), ["case"])


def describe(voxels):
    if output == "corners":
        return [voxels.flat[0].item(), voxels.flat[-1].item()]
    return [voxels.sum(dtype=numpy.float64).item()]


def read():
    values = []
    for start in next(rounds):
        box = (slice(None), *(slice(first, first + size) for first, size in zip(start, plan["patch"])))
        # The loader loads the case anew for every sample.
        image, labels, _, _ = dataset.load_case("case")
        values += describe(image[box])
        if what == "both":
            values += describe(labels[box])
    return values


serve(read)
