"""nnU-Net trained for so many updates as fit, then asked for the validation scans: python nnunet.py <settings>

The settings are JSON: `rehearsalSeconds`; `seed`; `changes` of the plan, or null; `predictions`, a folder for them. nnU-Net's three
folders are in its own variables; raw data and splits_final.json lie there. Answers are lines of JSON: the plan once the data are
prepared, the rehearsal's seconds, that training has ended, that all is done. A line on stdin says how many updates.
"""

import ctypes
import json
import multiprocessing
import os
import pathlib
import shutil
import signal
import sys

REHEARSED_SCANS = 2
PR_SET_PDEATHSIG = 1

raw, preprocessed = pathlib.Path(os.environ["nnUNet_raw"]), pathlib.Path(os.environ["nnUNet_preprocessed"])


def prepare(changes):
    """Plans and preprocesses; the plan."""
    # Here, since each of nnU-Net's processes imports this module anew, and PyTorch with it where it stands above.
    from nnunetv2.experiment_planning.plan_and_preprocess_api import extract_fingerprints, plan_experiments, preprocess

    processes = int(os.environ["nnUNet_def_n_proc"])
    extract_fingerprints([1], num_processes=processes, verbose=False, show_progress_bar=False)
    name = plan_experiments([1])
    folder = next(preprocessed.iterdir())
    path = folder / f"{name}.json"
    plan = json.loads(path.read_text())
    if changes:
        plan.update(changes["plan"])
        configuration = plan["configurations"]["3d_fullres"]
        configuration.update(changes["configuration"])
        configuration["architecture"]["arch_kwargs"].update(changes["architecture"])
        path.write_text(json.dumps(plan))
    preprocess([1], name, ("3d_fullres",), (processes,), show_progress_bar=False)
    shutil.copy(raw / "splits_final.json", folder)
    return plan


def die_with_parent():
    """What cuts patches would otherwise go on for ever where this process is killed."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def main():
    os.register_at_fork(after_in_child=die_with_parent)
    settings = json.loads(sys.argv[1])
    # Answers alone go to stdout; nnU-Net talks much.
    answers, sys.stdout = sys.stdout, sys.stderr

    def answer(value):
        print(json.dumps(value), file=answers, flush=True)

    predictions = pathlib.Path(settings["predictions"])
    scans = json.loads((raw / "splits_final.json").read_text())[0]["val"]
    plan = prepare(settings["changes"])
    configuration = plan["configurations"]["3d_fullres"]
    answer({
        "spacingMm": configuration["spacing"],
        "patch": configuration["patch_size"],
        "patchesPerUpdate": configuration["batch_size"],
        "widths": configuration["architecture"]["arch_kwargs"]["features_per_stage"],
    })

    import torch
    from budget_trainer import create_trainer, predict

    torch.set_num_threads(multiprocessing.cpu_count())
    trainer = create_trainer(plan, next(preprocessed.iterdir()), settings["seed"])
    images = next(raw.glob("Dataset*")) / "imagesTr"
    paths = [images / f"{name}_0000.nii.gz" for name in scans]
    updates = trainer.rehearse(settings["rehearsalSeconds"])
    seconds = predict(trainer, paths[:REHEARSED_SCANS], predictions)
    answer({"updateSeconds": updates, "scanSeconds": seconds[-1]})
    trainer.train(int(sys.stdin.readline()))
    answer({"trained": True})
    predict(trainer, paths, predictions)
    answer({"predicted": True})


if __name__ == "__main__":
    main()
