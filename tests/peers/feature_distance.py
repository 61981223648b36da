"""Writes tests/fixtures/feature_distance.json: Mahalanobis distances with a shrunk covariance, by NumPy's inverse.

python tests/peers/feature_distance.py  (needs numpy)
"""

import json
import pathlib

import numpy

SHRINKAGE = 0.1
generator = numpy.random.default_rng(5)


def case(features, reference, dimensions):
    reference = (generator.normal(size=(reference, dimensions)) * generator.uniform(0.5, 3, dimensions)).astype("float32")
    features = (generator.normal(size=(features, dimensions)) * 2).astype("float32")
    covariance = numpy.cov(reference.astype("float64"), rowvar=False)
    shrunk = (1 - SHRINKAGE) * covariance
    shrunk += SHRINKAGE * numpy.trace(covariance) / dimensions * numpy.eye(dimensions)
    apart = features.astype("float64") - reference.astype("float64").mean(0)
    distances = numpy.sqrt(numpy.einsum("ni,ij,nj->n", apart, numpy.linalg.inv(shrunk), apart))
    return {"reference": reference.tolist(), "features": features.tolist(), "distances": distances.tolist()}


# The second has fewer reference features than dimensions: its sample covariance is singular.
fixture = {"numpy": numpy.__version__, "cases": [case(4, 12, 3), case(3, 4, 8)]}
path = pathlib.Path(__file__).parents[1] / "fixtures" / "feature_distance.json"
path.write_text(json.dumps(fixture) + "\n")
