"""Segments a scan with exported networks by what model.json says alone, and counts where `consilium predict` says something else.

python tests/peers/onnx_scan.py <exported folder> <scan> <label map of predict>  (needs onnxruntime, nibabel and scipy)
"""

import itertools
import json
import pathlib
import sys

import nibabel
import numpy
import onnxruntime
from scipy import ndimage

folder, scan, predicted = map(pathlib.Path, sys.argv[1:])
model = json.loads((folder / "model.json").read_text())
windows, combination = model["windows"], model["combination"]
sessions = {file["model"]: onnxruntime.InferenceSession(folder / file["file"]) for file in model["files"]}


def resized(image, shape):
    return ndimage.zoom(image, numpy.array(shape) / image.shape, order=1, mode="nearest", grid_mode=True)


def normalised(image, intensity):
    if intensity["scheme"] == "ct":
        return (numpy.clip(image, *intensity["clip_hu"]) - intensity["mean"]) / intensity["std"]
    return (image - image.mean(dtype=float)) / max(image.std(dtype=float), 1e-8)


def starts(length, size):
    if length <= size:
        return [-((size - length) // 2)]
    last = -(-(length - size) // max(1, int(size * (1 - windows["overlap"]))))
    return [int(i * (length - size) / last + 0.5) for i in range(last + 1)]


def say(name, output, image):
    return sessions[name].run([output], {"image": image})[0][0]


def predict(image):
    """Of a window, [1, 1, depth, height, width]: [class, depth, height, width]."""
    if combination["rule"] != "merged":
        output = model["decision"]["output"]
        return numpy.mean([say(name, output, image) for name in combination["models"]], axis=0)
    said = {name: say(name, "probabilities", image) for name in combination["models"]}
    channels = [[said[one["model"]][one["channel"]] for one in own["channels"]] for own in combination["owners"]]
    organs = numpy.stack([numpy.mean(own, axis=0) for own in channels])
    return numpy.concatenate([1 - organs.max(axis=0, keepdims=True), organs])


original = nibabel.as_closest_canonical(nibabel.load(scan))
image = original.get_fdata(dtype=numpy.float32).transpose(2, 1, 0)
whole, spacing = image.shape, numpy.array(original.header.get_zooms()[2::-1])
shape = numpy.maximum(1, numpy.round(numpy.array(whole) * spacing / model["preprocessing"]["spacing_mm"]))
image = normalised(resized(image, shape), model["preprocessing"]["intensity"]).astype(numpy.float32)

size = windows["size"]
grid = [starts(length, along) for length, along in zip(image.shape, size)]
# Where the scan is shorter than a window, zeros on both sides.
pads = [(max(0, -first), max(0, along - length + min(0, first))) for (first, *_), length, along in zip(grid, image.shape, size)]
padded = numpy.pad(image, pads, constant_values=windows["outside"])
curves = [numpy.exp(-(((numpy.arange(n) - (n - 1) / 2) / (n * windows["sigma_of_size"])) ** 2) / 2) for n in size]
weights = numpy.maximum(numpy.einsum("z,y,x->zyx", *curves), windows["least_weight"])
sums, norms = numpy.zeros((len(model["organs"]) + 1, *padded.shape)), numpy.zeros(padded.shape)
for corner in itertools.product(*grid):
    box = tuple(slice(max(0, start), max(0, start) + n) for start, n in zip(corner, size))
    sums[(slice(None), *box)] += weights * predict(padded[box][None, None])
    norms[box] += weights
inside = tuple(slice(before, before + length) for (before, _), length in zip(pads, image.shape))
labels = numpy.stack([resized(channel[inside], whole) for channel in sums / norms]).argmax(axis=0)

for rule in model["postprocessing"]:
    components, _ = ndimage.label(labels == rule["organ"], numpy.ones((3, 3, 3)))
    counts = numpy.bincount(components.ravel())
    counts[0] = 0
    kept = counts * numpy.prod(spacing) >= rule["minimum_mm3"]
    if rule["largest"]:
        kept &= counts == counts.max()
    kept[0] = False
    labels[(labels == rule["organ"]) & ~kept[components]] = 0

ours = nibabel.as_closest_canonical(nibabel.load(predicted)).get_fdata().transpose(2, 1, 0)
print(f"{(labels != ours).sum()} of {labels.size} voxels differ, organs {numpy.unique(ours).astype(int).tolist()}")
sys.exit(int((labels != ours).any()))
