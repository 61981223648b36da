"""Writes tests/fixtures/metrics.json: what MONAI and DeepMind's surface-distance answer on small masks.

    pip install torch monai scipy surface-distance
    python tests/peers/metrics.py

Axes are [z, y, x]; masks are runs [start, length, start, length, ...] over the flattened volume.
"""

import json
import math
import pathlib
import warnings

import numpy as np
import scipy.ndimage
import torch
from monai.metrics import compute_average_surface_distance, compute_dice, compute_hausdorff_distance

# surface-distance 0.1 is older than NumPy 2 and SciPy 1.15, which dropped these names.
np.Inf, np.NaN = np.inf, np.nan
scipy.ndimage.filters = scipy.ndimage.morphology = scipy.ndimage
import surface_distance  # noqa: E402
from surface_distance import lookup_tables  # noqa: E402

FIXTURE = pathlib.Path(__file__).parent.parent / "fixtures" / "metrics.json"
rng = np.random.default_rng(2407)


def empty(shape):
    return np.zeros(shape, bool)


def box(shape, *slices):
    mask = empty(shape)
    mask[slices] = True
    return mask


def blob(shape, threshold=0.0, sigma=1.5):
    """Smoothed noise above a threshold: ragged surfaces that touch the border."""
    return scipy.ndimage.gaussian_filter(rng.normal(size=shape), sigma) > threshold


def ball(shape, centre, radius, spacing):
    grid = np.meshgrid(*[np.arange(n) for n in shape], indexing="ij")
    return sum(((g - c) * s) ** 2 for g, c, s in zip(grid, centre, spacing)) <= radius**2


def volumes():
    isotropic, thick = (1.0, 1.0, 1.0), (3.0, 0.9, 1.1)
    yield "balls", isotropic, 1.0, ball((11, 12, 13), (5, 5, 6), 4, isotropic), ball((11, 12, 13), (5, 6, 7), 3.5, isotropic)
    yield "thick slices", thick, 2.0, ball((7, 15, 14), (3, 7, 7), 6, thick), ball((7, 15, 14), (3, 6, 8), 5, thick)
    yield "blobs over the border", (2.5, 1.25, 1.25), 1.25, blob((8, 9, 10)), blob((8, 9, 10))
    yield "noise", (1.3, 0.7, 1.1), 0.7, blob((9, 8, 10), sigma=0), blob((9, 8, 10), sigma=0)
    yield "sparse noise", (0.8, 2.0, 1.5), 2.0, blob((8, 9, 9), 1.2, 0), blob((8, 9, 9), 1.2, 0)
    yield "one voxel each", (2.0, 1.0, 0.5), 2.0, box((4, 5, 6), 1, 1, 1), box((4, 5, 6), 2, 3, 4)
    yield "one voxel against a block", isotropic, 1.5, box((6, 6, 6), 0, 0, 0), box((6, 6, 6), slice(1, 5), slice(1, 5), slice(2, 6))
    yield "whole volume against a part", (1.0, 2.0, 1.0), 1.0, box((4, 5, 6), ...), box((4, 5, 6), slice(0, 2))
    yield "thin sheets", (1.5, 1.0, 1.0), 1.5, box((6, 9, 9), 2, slice(1, 8), slice(1, 8)), box((6, 9, 9), 3, slice(0, 7), slice(2, 9))
    yield "one slice", (5.0, 0.8, 0.8), 0.8, blob((1, 12, 13)), blob((1, 12, 13))
    yield "equal", thick, 0.0, *[ball((6, 9, 9), (2, 4, 4), 4, thick)] * 2
    yield "outliers", isotropic, 3.0, ball((10, 10, 10), (4, 4, 4), 3, isotropic) | box((10, 10, 10), 9, 9, 9), ball((10, 10, 10), (4, 4, 4), 3, isotropic)
    yield "no prediction", thick, 2.0, empty((5, 6, 7)), ball((5, 6, 7), (2, 3, 3), 3, isotropic)
    yield "no truth", thick, 2.0, ball((5, 6, 7), (2, 3, 3), 3, isotropic), empty((5, 6, 7))
    yield "neither", isotropic, 1.0, empty((3, 4, 5)), empty((3, 4, 5))


def runs(mask):
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.ravel().astype(int), [0]])))
    return [int(n) for start, end in edges.reshape(-1, 2) for n in (start, end - start)]


def number(value):
    """JSON has no NaN and no Infinity."""
    value = float(value)
    return value if math.isfinite(value) else str(value)


def answers(prediction, truth, spacing, tolerance):
    # A volume of one slice is a picture, and so it is given to the peers.
    flat = tuple(axis for axis, size in enumerate(truth.shape) if size == 1)
    prediction, truth = (mask.squeeze(flat) for mask in (prediction, truth))
    spacing = tuple(length for axis, length in enumerate(spacing) if axis not in flat)
    y_pred, y = (torch.from_numpy(m[None, None].astype(np.float32)) for m in (prediction, truth))
    options = {"include_background": True, "spacing": list(spacing)}
    distances = surface_distance.compute_surface_distances(truth, prediction, spacing)
    return {
        "dice": number(compute_dice(y_pred, y, ignore_empty=True)),
        "hd95": number(compute_hausdorff_distance(y_pred, y, percentile=95, **options)),
        "assd": number(compute_average_surface_distance(y_pred, y, symmetric=True, **options)),
        "nsd": number(surface_distance.compute_surface_dice_at_tolerance(distances, tolerance)),
    }


def main():
    warnings.simplefilter("ignore")
    cases = [
        {
            "name": name,
            "shape": list(truth.shape),
            "spacing": list(spacing),
            "toleranceMm": tolerance,
            "prediction": runs(prediction),
            "truth": runs(truth),
            **answers(prediction, truth, spacing, tolerance),
        }
        for name, spacing, tolerance, prediction, truth in volumes()
    ]
    areas = [
        {"spacing": spacing, "areas": lookup_tables.create_table_neighbour_code_to_surface_area(spacing).tolist()}
        for spacing in ([1.0, 1.0, 1.0], [3.0, 0.9, 1.1])
    ]
    blocks = {"cases": cases, "surfaceElementAreas": areas}
    lines = [f'  "{key}": [\n' + ",\n".join("    " + json.dumps(row) for row in rows) + "\n  ]" for key, rows in blocks.items()]
    FIXTURE.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
