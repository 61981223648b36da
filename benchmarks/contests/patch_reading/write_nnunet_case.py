"""Stores what write_case.ts left with nnU-Net's own parameters: python write_nnunet_case.py <folder>"""

import json
import pathlib
import sys

import numpy
from nnunetv2.training.dataloading.nnunet_dataset import comp_blosc2_params, nnUNetDatasetBlosc2

folder = pathlib.Path(sys.argv[1])
plan = json.loads((folder / "patches.json").read_text())
# As DefaultPreprocessor.run_case_save has them.
image = numpy.fromfile(folder / "image.bin", numpy.float32).reshape(1, *plan["shape"])
labels = numpy.fromfile(folder / "labels.bin", numpy.uint8).reshape(1, *plan["shape"]).astype(numpy.int16)
blocks, chunks = comp_blosc2_params(image.shape, tuple(plan["patch"]), image.itemsize)
blocks_labels, chunks_labels = comp_blosc2_params(labels.shape, tuple(plan["patch"]), labels.itemsize)
(folder / "nnunet").mkdir()
nnUNetDatasetBlosc2.save_case(
    *(image, labels, {}, str(folder / "nnunet" / "case")),
    **{"chunks": chunks, "blocks": blocks, "chunks_seg": chunks_labels, "blocks_seg": blocks_labels},
)
