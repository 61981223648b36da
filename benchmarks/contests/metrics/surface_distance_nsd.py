"""DeepMind's surface-distance: NSD of the scans of benchmark.ts: python surface_distance_nsd.py <folder>"""

import json
import pathlib
import sys

import numpy
import scipy.ndimage

# surface-distance 0.1 is older than NumPy 2 and SciPy 1.15, which dropped these names.
numpy.Inf, numpy.NaN = numpy.inf, numpy.nan
scipy.ndimage.filters = scipy.ndimage.morphology = scipy.ndimage
import surface_distance  # noqa: E402

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from contestant import serve  # noqa: E402

folder = pathlib.Path(sys.argv[1])
settings = json.loads((folder / "scans.json").read_text())


def labels_of(name):
    return numpy.fromfile(folder / name, numpy.uint8).reshape(settings["shape"])


scans = [(labels_of(s["prediction"]), labels_of(s["truth"]), s["spacing"]) for s in settings["scans"]]


def score():
    values = []
    for prediction, truth, spacing in scans:
        for organ in settings["organs"]:
            distances = surface_distance.compute_surface_distances(truth == organ, prediction == organ, spacing)
            nsd = surface_distance.compute_surface_dice_at_tolerance(distances, settings["toleranceMm"])
            values.append(float(nsd))
    return values


serve(score)
