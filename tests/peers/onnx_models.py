"""Writes tests/fixtures/onnx.json: what onnxruntime computes from our exported networks; fails where ours say something else.

.venv/bin/deno run -A tests/peers/onnx_models.ts <folder>
python tests/peers/onnx_models.py <folder>  (needs onnx, onnxruntime and safetensors)
"""

import json
import pathlib
import sys

import numpy
import onnx
import onnxruntime
from safetensors.numpy import load_file

TOLERANCE = 1e-4
STEP = 37  # every 37th number of an output is kept

answers = {}
for folder in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    path = folder / "onnx" / "model.onnx"
    onnx.checker.check_model(onnx.load(path), full_check=True)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    assert names == json.loads((folder / "onnx" / "model.json").read_text())["files"][0]["outputs"]
    answers[folder.name] = {}
    differences = []
    for which in ["window", "larger"]:
        ours = load_file(folder / f"{which}.safetensors")
        said = dict(zip(names, session.run(names, {"image": ours["image"]})))
        for name in ["probabilities", "votes"]:
            # Where votes are no output, they are the probabilities.
            theirs = said.get(name, said["probabilities"])
            assert theirs.shape == ours[name].shape
            differences.append(float(numpy.abs(theirs - ours[name]).max()))
        kept = said["probabilities"].reshape(-1)[::STEP]
        answers[folder.name][which] = [round(float(value), 6) for value in kept]
    print(f"{folder.name:28} {' '.join(names):22} {max(differences):.1e}")
    assert max(differences) < TOLERANCE, folder.name

output = pathlib.Path(__file__).parent.parent / "fixtures" / "onnx.json"
output.write_text(json.dumps({"step": STEP, "probabilities": answers}) + "\n")
