"""The trainer for nnU-Net that `consilium export nnunet` writes, beside PyTorch and inside nnU-Net.

python tests/peers/nnunet.py

writes tests/fixtures/nnunet_loss.json: logits, labels, what cases have annotated, and the trainer's loss of them with its gradient, to
which tests/workbench/export/nnunet holds lib/losses.

python tests/peers/nnunet.py <dataset> <predictions>

plans, preprocesses and trains a few updates on an exported dataset, and predicts its test scans, for `consilium evaluate`. Says what each
step took. Beside the dataset it makes folders `preprocessed`, `results` and `trainer`.

Needs nnunetv2 2.8.1 and its programs beside this Python's (PyTorch 2.8 for the stored answers).
"""

import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

import numpy
import torch

ROOT = pathlib.Path(__file__).parents[2]
TRAINER = ROOT / "lib/workbench/export/nnunet/consilium_trainer.py"
CONFIGURATION = "3d_fullres"

# nnU-Net finds a trainer by its class in any file of the folder.
FEW_UPDATES = '''
import torch
from consilium_trainer import nnUNetTrainerConsilium


class FewUpdates(nnUNetTrainerConsilium):
    def __init__(self, plans, configuration, fold, dataset_json, device=torch.device("cpu")):
        super().__init__(plans, configuration, fold, dataset_json, device)
        self.num_epochs, self.num_iterations_per_epoch, self.num_val_iterations_per_epoch = 1, 4, 2

    def on_train_end(self):
        super().on_train_end()
        # The phantom's kidneys have sides; x is the last of nnU-Net's axes.
        assert self.inference_allowed_mirroring_axes == (0, 1), self.inference_allowed_mirroring_axes
'''

# Label sets and label values of each case; organs 1 to 4, 5 = a group of organs 2 and 3, 6 = not annotated.
CASES = {
    "full": [([1, 2, 3, 4], [0, 1, 2, 3, 4, 0])],
    "partial": [([1], [0, 1, 0, 1, 0, 0]), ([2, 4], [2, 0, 4, 0, 0, 2])],
    "absent": [([1, 3], [0, 0, 0, 0, 0, 0])],
    "nothing": [([], [0, 0, 0, 0, 0, 0])],
    "ignored": [([1, 2], [0, 6, 1, 6, 2, 6]), ([3], [6, 6, 6, 6, 6, 6])],
    "group": [([1, 5], [0, 1, 5, 5, 0, 6]), ([2, 3], [2, 3, 0, 3, 0, 0]), ([4], [4, 0, 0, 4, 0, 0])],
    "group of no other": [([5], [0, 5, 0, 0, 5, 0])],
}
SHARES = [None, 0.5]


def trainer_module():
    sys.path.insert(0, str(TRAINER.parent))
    import consilium_trainer

    return consilium_trainer


def dataset_json(cases, share):
    names = ["background", "a", "b", "c", "d", "bc", "ignore"]
    return {
        "labels": {name: value for value, name in enumerate(names)},
        "annotated": {f"case_{i}": [names[value] for value in values] for i, (values, _) in enumerate(cases)},
        "consilium": {"organs": 4, "groups": {"5": [2, 3]}, "sided": False, **({"foregroundShare": share} if share else {})},
    }


def write_losses():
    module, generator, rows = trainer_module(), numpy.random.default_rng(7), []
    for name, cases in CASES.items():
        for share in SHARES:
            # [batch, channel, 1, 1, voxel]; the channel of the group, which ours do not have, is nowhere near.
            logits = generator.normal(size=(len(cases), 5, 1, 1, 6)).astype("float32").round(3) * 2
            z = torch.tensor(logits, requires_grad=True)
            loss = module.LabelSetLoss(module.AnnotatedLabels(dataset_json(cases, share)))
            loss.cases = [f"case_{i}" for i in range(len(cases))]
            target = torch.tensor([values for _, values in cases], dtype=torch.int16)[:, None, None, None]
            value = loss(torch.cat([z, torch.full_like(z[:, :1], -1e4)], 1), target)
            value.backward()
            rows.append({
                "name": name,
                "share": share,
                "labelSets": [values for values, _ in cases],
                "values": [values for _, values in cases],
                "logits": channels_last(logits),
                "loss": value.item(),
                "gradient": channels_last(z.grad.numpy()),
            })
    stored = {"torch": torch.__version__, "trainer": hashlib.sha256(TRAINER.read_bytes()).hexdigest(), "rows": rows}
    path = ROOT / "tests/fixtures/nnunet_loss.json"
    path.write_text(json.dumps(stored) + "\n")


def channels_last(array):
    return [round(float(value), 7) for value in numpy.moveaxis(array, 1, -1).ravel()]


def train(dataset, predictions):
    work, number = dataset.parent, dataset.name[len("Dataset") :][:3]
    trainers = work / "trainer"
    trainers.mkdir(exist_ok=True)
    shutil.copy(dataset / "trainer" / TRAINER.name, trainers)
    (trainers / "few_updates.py").write_text(FEW_UPDATES)
    env = {
        **os.environ,
        "nnUNet_raw": str(work),
        "nnUNet_preprocessed": str(work / "preprocessed"),
        "nnUNet_results": str(work / "results"),
        "nnUNet_extTrainer": str(trainers),
        "nnUNet_def_n_proc": "1",
        "nnUNet_n_proc_DA": "1",
        "CUDA_VISIBLE_DEVICES": "-1",
    }

    def step(program, *words):
        start = time.perf_counter()
        command = [str(pathlib.Path(sys.executable).parent / program), *map(str, words)]
        subprocess.run(command, env=env, check=True, stdout=sys.stderr)
        print(f"{program}: {time.perf_counter() - start:.1f} s", flush=True)

    prepare = ["-d", number, "-c", CONFIGURATION, "-npfp", 1, "-np", 1, "--verify_dataset_integrity"]
    step("nnUNetv2_plan_and_preprocess", *prepare)
    splits = [json.loads((folder / dataset.name / "splits_final.json").read_text()) for folder in (work, work / "preprocessed")]
    assert splits[0] == splits[1], "nnU-Net takes our split"
    chosen = ["-tr", "FewUpdates", "-device", "cpu"]
    step("nnUNetv2_train", number, CONFIGURATION, 0, *chosen)
    asked = ["-i", dataset / "imagesTs", "-o", predictions, "-d", number, "-c", CONFIGURATION, "-f", 0]
    step("nnUNetv2_predict", *asked, *chosen, "-npp", 1, "-nps", 1)


if __name__ == "__main__":
    if len(sys.argv) == 1:
        write_losses()
    else:
        train(*(pathlib.Path(word).resolve() for word in sys.argv[1:]))
