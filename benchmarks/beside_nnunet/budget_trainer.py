"""nnU-Net's trainer for a number of updates, and its predictor."""

import copy
import json
import time

import torch
from nnunetv2.inference.predict_from_raw_data import nnUNetPredictor
from nnunetv2.training.nnUNetTrainer.nnUNetTrainer import nnUNetTrainer

CONFIGURATION = "3d_fullres"
LEAST_UPDATES = 4


class BudgetTrainer(nnUNetTrainer):
    """nnU-Net's trainer with an update an epoch, so that the learning rate falls to nothing as smoothly as over its thousand epochs.

    What it does between epochs changes no weight and is left out: Dice on patches of validation scans, checkpoints, figures.
    """

    def on_train_start(self):
        if self.dataloader_train is None:
            super().on_train_start()

    def on_validation_epoch_end(self, val_outputs):
        pass

    def on_epoch_end(self):
        self.current_epoch += 1

    def plot_network_architecture(self):
        pass

    def print_to_log_file(self, *args, also_print_to_console=True, add_timestamp=True):
        super().print_to_log_file(*args, also_print_to_console=False, add_timestamp=add_timestamp)

    def rehearse(self, seconds):
        """Seconds of each of some updates, which leave the weights as they were."""
        self.on_train_start()
        fresh = copy.deepcopy(self.network.state_dict())
        self.network.train()
        taken = []
        while len(taken) < LEAST_UPDATES or sum(taken) < seconds:
            start = time.perf_counter()
            self.train_step(next(self.dataloader_train))
            taken.append(time.perf_counter() - start)
        self.network.load_state_dict(fresh)
        return taken

    def train(self, updates):
        self.num_epochs = updates
        # The schedule's length, and no momentum of the rehearsal.
        self.optimizer, self.lr_scheduler = self.configure_optimizers()
        self.run_training()


def create_trainer(plan, folder, seed):
    """A trainer of fold 0 of a preprocessed dataset's folder."""
    torch.manual_seed(seed)
    dataset = json.loads((folder / "dataset.json").read_text())
    trainer = BudgetTrainer({**plan, "continue_training": False}, CONFIGURATION, 0, dataset, torch.device("cpu"))
    trainer.num_iterations_per_epoch = 1
    trainer.num_val_iterations_per_epoch = 0
    trainer.disable_checkpointing = True
    # nnU-Net gives the coarsest of the supervised levels no weight: of a network of two levels that is the only one.
    architecture = plan["configurations"][CONFIGURATION]["architecture"]["arch_kwargs"]
    trainer.enable_deep_supervision = architecture["n_stages"] > 2
    return trainer


def predict(trainer, paths, folder):
    """Segments scans one by one, without mirrored copies; seconds of each."""
    trainer.set_deep_supervision_enabled(False)
    predictor = nnUNetPredictor(
        use_mirroring=False, perform_everything_on_device=False, device=torch.device("cpu"), allow_tqdm=False
    )
    trained = (trainer.network, trainer.plans_manager, trainer.configuration_manager, [trainer.network.state_dict()])
    predictor.manual_initialization(*trained, trainer.dataset_json, "BudgetTrainer", None)
    reader = trainer.plans_manager.image_reader_writer_class()
    taken = []
    for path in paths:
        start = time.perf_counter()
        image, properties = reader.read_images([str(path)])
        predictor.predict_single_npy_array(image, properties, None, str(folder / path.name.removesuffix("_0000.nii.gz")))
        taken.append(time.perf_counter() - start)
    trainer.set_deep_supervision_enabled(trainer.enable_deep_supervision)
    return taken
