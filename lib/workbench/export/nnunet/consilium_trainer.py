"""nnU-Net v2's trainer for datasets in which not every organ is annotated in every case.

nnU-Net finds it by its class where the variable nnUNet_extTrainer names this file's folder:

    nnUNetv2_train <id> 3d_fullres 0 -tr nnUNetTrainerConsilium

What a case has annotated, and organs that are told as one, stand in `dataset.json`, as Consilium exports it. A case is known by the
keys that nnU-Net's dataloader gives with each batch. Network, augmentation, optimiser and weights of deep supervision are nnU-Net's own,
but patches are not mirrored left to right where organs have sides: nnU-Net does not swap their labels.
"""

import numpy
import torch
from nnunetv2.training.loss.deep_supervision import DeepSupervisionWrapper
from nnunetv2.training.nnUNetTrainer.nnUNetTrainer import nnUNetTrainer
from nnunetv2.utilities.helpers import dummy_context

# Added to numerator and denominator of Dice.
EPSILON = 1e-5

# Takes a channel out of a sum of exponentials, and is still finite.
FORBIDDEN = -1e30

# Of an array that nnU-Net's reader turned to RAS+, the axis of left and right.
LEFT_RIGHT = 2


class AnnotatedLabels:
    """What the label values of an exported dataset mean: organs are 1 to `organs`, then come groups of them, then what is not annotated."""

    def __init__(self, dataset_json):
        settings, labels = dataset_json["consilium"], dataset_json["labels"]
        self.organs = settings["organs"]
        self.groups = {int(value): parts for value, parts in settings["groups"].items()}
        self.sided = settings["sided"]
        self.foreground_share = settings.get("foregroundShare")
        self.ignored = labels.get("ignore")
        self.heads = 1 + self.organs + len(self.groups)
        self.codes = self.heads + (self.ignored is not None)
        self.annotated = {
            case: sorted(labels[name] for name in names) for case, names in dataset_json["annotated"].items()
        }

    def leaves(self, values):
        """The organs that labels cover: an organ itself, of a group its organs."""
        return {organ for value in values for organ in self.groups.get(value, [value])}

    def allowed(self, annotated):
        """1 where a label value allows a channel, [value, channel], in a case in which these values are annotated."""
        table = torch.zeros(self.codes, self.heads, dtype=torch.bool)
        # A group is a value of labels alone: its channel, which nnU-Net makes, is never right.
        table[:, : self.organs + 1] = True
        known = self.leaves(annotated)

        def only(value, channels):
            table[value] = False
            table[value, channels] = True

        for value, parts in self.groups.items():
            if known.issuperset(parts):
                only(value, parts)
        for value in annotated:
            only(value, self.groups.get(value, [value]))
        only(0, [0, *(organ for organ in range(1, self.organs + 1) if organ not in known)])
        return table


class LabelSetLoss(torch.nn.Module):
    """Marginal cross-entropy and Dice of what is annotated: `supervision` of Consilium's lib/losses, METHOD section 0.

    `cases` are the batch's, told before each call.
    """

    def __init__(self, labels):
        super().__init__()
        self.labels = labels
        self.cases = []

    def forward(self, logits, target):
        with torch.autocast(logits.device.type, enabled=False):
            annotated = [self.labels.annotated[str(case)] for case in self.cases]
            allowed = torch.stack([self.labels.allowed(values) for values in annotated]).to(logits.device)
            z, codes = logits.float().flatten(2), target.flatten(1).long()
            hot = torch.nn.functional.one_hot(codes, self.labels.codes).to(z.dtype)
            return self.cross_entropy(z, codes, allowed, hot.sum(1)) + self.dice(z, annotated, allowed, hot)

    def decisive(self, allowed):
        """1 where a label value forbids some organ or background, [batch, value]."""
        return (allowed.sum(2) < self.labels.organs + 1).float()

    def cross_entropy(self, z, codes, allowed, counts):
        """-1/M Σ b w (lse over what the label allows - lse over all), M all voxels but those that are not annotated."""
        kept = torch.stack([z[i].masked_fill(~allowed[i].T[:, codes[i]], FORBIDDEN) for i in range(len(z))])
        loss = torch.logsumexp(z, 1) - torch.logsumexp(kept, 1)
        weight = self.decisive(allowed) * self.balance(allowed, counts)
        counted = counts.sum() if self.labels.ignored is None else counts.sum() - counts[:, self.labels.ignored].sum()
        return (loss * weight.gather(1, codes)).sum() / counted.clamp(min=1)

    def balance(self, allowed, counts):
        """b: what voxels of organs and others count for, [batch, value], so that the ones have their share."""
        share, organ = self.labels.foreground_share, (~allowed[:, :, 0]).float()
        if share is None:
            return torch.ones_like(organ)
        decisive = counts * self.decisive(allowed)
        organs, others = (decisive * organ).sum(), (decisive * (1 - organ)).sum()
        if organs == 0 or others == 0:
            return torch.ones_like(organ)
        both = organs + others
        return organ * share * both / organs + (1 - organ) * (1 - share) * both / others

    def dice(self, z, annotated, allowed, hot):
        """Mean over organs, and groups that are annotated, of which the batch has a voxel; undecided voxels leave the sums."""
        by_value = torch.einsum("bcv,bvk->bkc", torch.softmax(z, 1), hot)
        counts, losses = hot.sum(1), []
        groups = sorted({value for values in annotated for value in values if value in self.labels.groups})
        organs = [[organ] for organ in range(1, self.labels.organs + 1)]
        for channels in organs + [self.labels.groups[group] for group in groups]:
            inside = allowed[:, :, channels].sum(2)
            truth = (inside == allowed.sum(2)) * self.decisive(allowed)
            known = torch.maximum(truth, (inside == 0) * self.decisive(allowed))
            volume = (counts * truth).sum()
            if volume == 0:
                continue
            p = by_value[:, :, channels].sum(2)
            losses.append(1 - (2 * (p * truth).sum() + EPSILON) / ((p * known).sum() + volume + EPSILON))
        return torch.stack(losses).mean() if losses else z.sum() * 0


class nnUNetTrainerConsilium(nnUNetTrainer):
    def _build_loss(self):
        self.annotated_labels = AnnotatedLabels(self.dataset_json)
        self.label_set_loss = LabelSetLoss(self.annotated_labels)
        wrapped = super()._build_loss()
        if not isinstance(wrapped, DeepSupervisionWrapper):
            return self.label_set_loss
        # nnU-Net gives the coarsest level no weight, and of a single one makes 0/0.
        weights = wrapped.weight_factors if len(wrapped.weight_factors) > 1 else (1,)
        return DeepSupervisionWrapper(self.label_set_loss, weights)

    def configure_rotation_dummyDA_mirroring_and_inital_patch_size(self):
        *others, axes = super().configure_rotation_dummyDA_mirroring_and_inital_patch_size()
        if self.annotated_labels.sided:
            dimensions = len(self.configuration_manager.patch_size)
            # A 2D patch lacks the first of the plan's axes.
            sideways = list(self.plans_manager.transpose_forward).index(LEFT_RIGHT) - (3 - dimensions)
            axes = tuple(axis for axis in axes if axis != sideways)
            self.inference_allowed_mirroring_axes = axes
        return *others, axes

    def train_step(self, batch):
        self.label_set_loss.cases = batch["keys"]
        return super().train_step(batch)

    def validation_step(self, batch):
        """As nnU-Net's, but an organ counts only in cases in which it is annotated, where it is known."""
        self.label_set_loss.cases = batch["keys"]
        data, target = batch["data"].to(self.device), batch["target"]
        target = [one.to(self.device) for one in target] if isinstance(target, list) else target.to(self.device)
        with torch.autocast("cuda") if self.device.type == "cuda" else dummy_context():
            output = self.network(data)
            loss = self.loss(output, target)
        logits, truth = (output[0], target[0]) if self.enable_deep_supervision else (output, target)
        predicted, truth = logits.argmax(1), truth[:, 0]
        labels = self.annotated_labels
        counts = numpy.zeros((3, labels.heads - 1))
        for case, said, true in zip(batch["keys"], predicted, truth):
            judged = torch.ones_like(true, dtype=torch.bool) if labels.ignored is None else true != labels.ignored
            for organ in labels.annotated[str(case)]:
                if organ in labels.groups:
                    continue
                found, there = (said == organ) & judged, true == organ
                counts[:, organ - 1] += [int((found & there).sum()), int((found & ~there).sum()), int((there & ~found).sum())]
        tp, fp, fn = counts
        return {"loss": loss.detach().cpu().numpy(), "tp_hard": tp, "fp_hard": fp, "fn_hard": fn}
