"""Writes tests/fixtures/imaging/{resample,components,distance}.json. Needs numpy, scipy 1.17.1, torch.

    python tests/peers/imaging.py
"""

import json
from pathlib import Path

import numpy as np
import torch
from scipy import ndimage

random = np.random.default_rng(11)
folder = Path(__file__).parent.parent / "fixtures" / "imaging"


def text(values):
    return "".join(str(int(value)) for value in np.ravel(values))


def write(name, cases):
    (folder / name).write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")


resample = []
for source, target in [
    ((5, 6, 7), (5, 6, 7)),
    ((5, 6, 7), (8, 11, 9)),
    ((8, 9, 10), (3, 4, 5)),
    ((6, 1, 5), (3, 2, 8)),
    ((4, 6, 8), (8, 3, 4)),
    ((1, 7, 3), (1, 5, 1)),
]:
    image = random.integers(-1000, 1000, source)
    tensor = torch.tensor(image, dtype=torch.float64)[None, None]
    linear = torch.nn.functional.interpolate(tensor, target, mode="trilinear", align_corners=False)[0, 0]
    labels = np.clip(ndimage.zoom(random.integers(0, 4, tuple(-(-n // 2) for n in source)), 2, order=0), 0, 3)
    labels = labels[: source[0], : source[1], : source[2]]
    one_hot = torch.tensor(np.stack([labels == label for label in range(4)]), dtype=torch.float64)[None]
    masks = torch.nn.functional.interpolate(one_hot, target, mode="trilinear", align_corners=False)[0]
    # Sums of eight products may differ in the last bit: the smaller label wins what is equal but for that.
    argmax = torch.round(masks, decimals=9).argmax(0)
    nearest = torch.nn.functional.interpolate(
        torch.tensor(labels, dtype=torch.float64)[None, None], target, mode="nearest-exact"
    )[0, 0]
    resample.append({
        "source": source,
        "target": target,
        "image": image.ravel().tolist(),
        "linear": np.round(linear.numpy().ravel(), 4).tolist(),
        "labels": text(labels),
        "argmax": text(argmax.numpy()),
        "nearest": text(nearest.numpy()),
    })
write("resample.json", resample)

components = []
for shape, density in [((6, 7, 8), 0.15), ((6, 7, 8), 0.3), ((5, 9, 6), 0.5), ((1, 9, 9), 0.5), ((4, 5, 6), 0.0), ((3, 3, 3), 1.0)]:
    mask = random.random(shape) < density
    case = {"shape": shape, "mask": text(mask)}
    for connectivity, rank in [(6, 1), (26, 3)]:
        labels, count = ndimage.label(mask, ndimage.generate_binary_structure(3, rank))
        case[f"labels{connectivity}"] = labels.ravel().tolist()
        case[f"sizes{connectivity}"] = np.bincount(labels.ravel(), minlength=count + 1).tolist()
    components.append(case)
write("components.json", components)

distance = []
for shape, spacing, density in [
    ((6, 7, 8), (1, 1, 1), 0.9),
    ((6, 7, 8), (3, 0.7, 0.7), 0.95),
    ((9, 5, 4), (0.9, 2.5, 1.3), 0.98),
    ((1, 12, 12), (5, 1, 0.8), 0.97),
    ((10, 1, 3), (0.1, 1, 7), 0.8),
    ((4, 4, 4), (1, 2, 3), 0.5),
]:
    mask = random.random(shape) < density
    mask[0, 0, 0] = False
    distance.append({
        "shape": shape,
        "spacing": spacing,
        "mask": text(mask),
        "distances": ndimage.distance_transform_edt(mask, sampling=spacing).ravel().tolist(),
    })
write("distance.json", distance)
