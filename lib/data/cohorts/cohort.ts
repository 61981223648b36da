/**
 * A cohort: everything a study needs to know of its data, in one JSON file.
 *
 * A cohort names organs, datasets (with the organs the study *shows* of each), the cases of training, validation and
 * test, and how scans are preprocessed, cut and learnt from. Folders are relative to the data root. Unknown keys are
 * errors, so that a misspelt one cannot be silently ignored.
 *
 * @module
 */
import { z } from "zod";
import { FIRST_GROUP, LAST_GROUP } from "../label_set.ts";

const Name = z.string().regex(/^[A-Za-z0-9][\w.-]*$/, "must be letters, digits, '_', '-' or '.'");
const IN_ANY_SCRIPT = "must be letters and digits of any script, '_', '-', '+' or '.'";
/**
 * Of what is labelled: people write it in their own script. JSON schemas say what of ASCII it may not have, since validators differ in what
 * they know of other scripts.
 */
const OrganName = z.string().max(100)
  .regex(/^[^\s!-/:-@[-`{-~][^\s!-*,/:-@[-^`{-~]*$/, { error: IN_ANY_SCRIPT, abort: true })
  .refine((name) => /^[\p{L}\p{N}][\p{L}\p{M}\p{N}_.+-]*$/u.test(name), IN_ANY_SCRIPT);
const Positive = z.number().positive();
const Count = z.int().positive();
const Share = z.number().min(0).max(1);
const Voxels = z.tuple([Count, Count, Count]);

const Organ = z.strictObject({
  name: OrganName.describe(
    "What tables, figures and predictions call it. Its place in the list is its number, from 1 on.",
  ),
  aliases: z.array(z.string()).optional().describe(
    "Other names of it in the datasets' label lists. Case, spaces, underscores and the side's place do not count: " +
      "`RightKidney` is `kidney_right` without an alias. Left out: none.",
  ),
  mirror: z.string().optional().describe(
    "The same organ on the other side, which must name this one in turn: a patch that is mirrored left to right swaps the " +
      "two. Left out: the organ is its own mirror image.",
  ),
  standsFor: z.array(z.string()).min(1).optional().describe(
    "Other organs of the list, of which this is another name, or one name of several, as a class of its own: nothing tells methods that " +
      "they are the same. A dataset or test set that lists this one reads their labels under this name, and in its scans the others are not " +
      "decided for; everywhere else this one is not. Left out: it is an organ like any other.",
  ),
  nsdToleranceMm: Positive.describe(
    "mm. Surfaces no farther apart than this agree, in the normalised surface Dice (NSD). A voxel's length is a usual value.",
  ),
});

const Group = z.strictObject({
  name: OrganName.describe("What tables call it; no organ's name."),
  aliases: z.array(z.string()).optional().describe(
    "Other names of it in the datasets' label lists. Left out: none.",
  ),
  parts: z.array(z.string()).min(2).describe(
    "The organs that it is, of `organs`. A dataset has it by its own name, or where it has all of these.",
  ),
  nsdToleranceMm: Positive.describe("mm, as of an organ."),
});

/** Which cases: every condition given must hold. See case_rule.ts. */
const CaseRule = z.strictObject({
  split: z.string().optional().describe(
    "Cases of this split of the dataset's `dataset.json`. A dataset without `splits` has `train`, four fifths of its " +
      "subjects by a hash, and `validation`, the others. Left out: all cases.",
  ),
  fraction: z.tuple([Share, Share]).optional().describe(
    "[from, to): subjects whose hash lies there, each of 0…1. Fractions that do not overlap have no subject in common. " +
      "Left out: all subjects.",
  ),
  requires: z.array(z.string()).optional().describe(
    "Organs or groups that must be annotated in the case. Left out: at least one that the dataset shows.",
  ),
  count: Count.optional().describe(
    "At most so many scans, in the order of their subjects' hashes. Left out: no limit.",
  ),
});

/** Case ids, or a rule. */
const Cases = z.union([
  z.array(z.string()).min(1).describe("Ids of cases, as their files are called without `.nii.gz`."),
  CaseRule.describe("A rule: every condition that is given must hold; `{}` means all."),
]);

/** How a case id tells the person. Without it, every id is a person of its own. */
const SubjectRule = z.strictObject({
  pattern: z.string().describe(
    "A regular expression with one group, which is the subject, such as `^(.+)_scan\\\\d$`.",
  ),
  blockOf: Count.optional().describe(
    "The group is a number, and so many consecutive ones, counted from 1, are kept together. Left out: each is its own.",
  ),
});

const subjectMeaning =
  "How a case's id tells the person: all scans of a person stay on one side of every split. ";

const StudyDataset = z.strictObject({
  name: Name.describe("Of the dataset, and of the model that is trained for it."),
  folder: z.string().min(1).describe(
    "Relative to the data root (CONSILIUM_DATA, else `data/`; with a generator, the folder of what it made), or absolute. Several datasets may share one.",
  ),
  organs: z.array(z.string()).min(1).describe(
    "Organs or groups that the study shows of this dataset; labels of all others stay hidden from training. Of a group only the " +
      "union is shown, even where the dataset tells its organs apart.",
  ),
  subject: SubjectRule.optional().describe(`${subjectMeaning}Left out: every id is a person of its own.`),
  training: Cases.describe("Cases that models learn from."),
  validation: Cases.describe(
    "Cases that choose checkpoints and teachers; they are never reported as a result.",
  ),
  unlabelled: z.enum(["use", "drop"]).optional().describe(
    "What becomes of cases that `training` names or chooses (`requires` and `count` aside) and that have none of the shown " +
      "organs annotated: `use`, methods that learn from scans without labels see them; `drop`, they are passed over, and named " +
      "they are an error. Left out: drop.",
  ),
});

const TestSet = z.strictObject({
  name: Name.describe("Of the set; scores carry it."),
  folder: z.string().min(1).describe("As of a dataset; it may be a dataset's own."),
  subject: SubjectRule.optional().describe(
    `${subjectMeaning}Left out: as of the dataset in the same folder.`,
  ),
  organs: z.array(z.string()).min(1).optional().describe(
    "Organs or groups that are scored. Left out: all; of organs with several names, those that stand for no other.",
  ),
  cases: Cases.describe("Cases that are segmented and scored once, with every organ annotated in them."),
});

const Intensity = z.discriminatedUnion("scheme", [
  z.strictObject({
    scheme: z.literal("ct").describe("Computed tomography, in HU."),
    clipHu: z.tuple([z.number(), z.number()]).describe("HU. Intensities are clipped to [lowest, highest]."),
    mean: z.number().describe("HU that become 0."),
    std: Positive.describe("HU that become a difference of 1."),
  }).describe("CT: clipped, then (HU - mean) / std, the same for all scans."),
  z.strictObject({ scheme: z.literal("mr").describe("Anything else.") })
    .describe("MR and others without a scale: each scan to zero mean and unit deviation."),
]);

const Range = z.tuple([z.number(), z.number()]);
const NotNegative = z.tuple([z.number().min(0), z.number().min(0)]);
const Factors = z.tuple([Positive, Positive]);

const Augmentation = z.strictObject({
  rotation: Share.optional().describe("Probability of a rotation."),
  axialDegrees: Range.optional().describe("Degrees about the z axis, in the axial plane."),
  tiltDegrees: Range.optional().describe("Degrees about the x and the y axis."),
  scale: Share.optional().describe("Probability of a scaling, the same along all axes."),
  scaleFactors: Factors.optional().describe("Above 1 the anatomy becomes larger."),
  elastic: Share.optional().describe(
    "Probability of an elastic deformation, in one resampling with rotation and scaling.",
  ),
  elasticSpacingMm: Positive.optional().describe(
    "mm between the control points that are displaced, a voxel's longest edge at least.",
  ),
  elasticMm: NotNegative.optional().describe(
    "mm. Standard deviation of their displacements along each axis, which are clipped to ±0.4 · elasticSpacingMm, so that " +
      "nothing folds; voxels between them move about a third as far.",
  ),
  noise: Share.optional().describe("Probability of Gaussian noise."),
  noiseStd: NotNegative.optional().describe("Its standard deviation, in normalised intensities."),
  brightness: Share.optional().describe("Probability of multiplying all intensities."),
  brightnessFactors: Factors.optional().describe("By what."),
  contrast: Share.optional().describe("Probability of stretching intensities about their mean."),
  contrastFactors: Factors.optional().describe("By what."),
  gamma: Share.optional().describe("Probability of a gamma transform."),
  gammaExponents: Factors.optional().describe("Its exponents."),
  mirror: Share.optional().describe(
    "Probability of mirroring left to right, of datasets whose shown organs have their mirror images among them. A chest or an " +
      "abdomen is not symmetric; a head nearly is.",
  ),
});

const Phantom = z.strictObject({
  seed: z.int().describe("Of the procedural phantoms: equal seeds give equal people."),
  scans: Count.optional().describe("Training scans of each dataset. Left out: 12."),
  validationScans: Count.optional().describe("Validation scans of each dataset. Left out: 3."),
  testScans: Count.optional().describe("Test scans, of all scanners in turn. Left out: 9."),
  scanners: z.union([z.literal(2), z.literal(3)]).optional().describe(
    "How many scanners there are: with 2 there is no folder `c`. Left out: 3.",
  ),
  scannerDifference: z.number().min(0).max(3).optional().describe(
    "How far the scanners are from their mean in the tissues' HU, gain and noise: 0 = all alike, 2 = twice as far as usual. " +
      "Their voxels and directions stay. Left out: 1.",
  ),
  fieldsOfView: z.enum(["whole", "partial"]).optional().describe(
    "`whole`: scans show the whole trunk. `partial`: those of each dataset show three fifths of its height, of `a` the upper, " +
      "of the last the lower ones, so that organs are cut or not there; test scans show it whole, the same ones as with " +
      "`whole`, so that every organ is scored in every case. Left out: whole.",
  ),
  voxelScale: z.number().min(1).max(3).optional().describe(
    "Factor on the edges of all voxels, which are about 6.5 mm: scans of few voxels are made and read sooner. Left out: 1.",
  ),
});

export const CohortFile = z.strictObject({
  $schema: z.string().optional().describe(
    "Path of `cohort.schema.json`, by which editors complete and check the file. It changes no result.",
  ),
  name: Name.describe("Of the cohort, and of the folder of its results."),
  description: z.string().describe("What the data are, in a sentence or two."),
  publishScans: z.boolean().default(false).describe(
    "The scans' licence allows pictures of them in committed notebooks and figures.",
  ),
  pseudonyms: z.boolean().optional().describe(
    "Results call cases by pseudonyms, whose key and list stay in this project's `data/pseudonyms`. Left out: by their ids.",
  ),
  generator: z.strictObject({
    phantom: Phantom.describe(
      "Procedural CT-like abdomens in the folders `a`, `b`, `c`, one a scanner, with splits `train` and `validation`, and " +
        "`test`. Which organs datasets have in common is said by their `organs`.",
    ),
  }).optional().describe("Data that are made rather than read. Left out: scans are read from the data root."),
  organs: z.array(Organ).min(1).max(200).describe(
    "The study's organs; each is shown by at least one dataset.",
  ),
  groups: z.array(Group).min(1).max(LAST_GROUP - FIRST_GROUP + 1).optional().describe(
    "Coarser labels: several organs that a dataset labels as one, or is shown as one. Networks learn the organs; where a case " +
      "has the group, it is scored on the union of its organs. Left out: none.",
  ),
  nominalSpacing: z.boolean().optional().describe(
    "The lengths of the scans' voxels are not known: nothing in mm is scored, Dice alone. Left out: they are.",
  ),
  splitSeed: z.int().default(1).describe("Of the subjects' hash: another one deals the subjects anew."),
  datasets: z.array(StudyDataset).min(1).describe(
    "The partially labelled datasets; one model each in both stages.",
  ),
  test: z.array(TestSet).min(1).describe(
    "Where the models are tested. No subject may be in training or validation, too.",
  ),
  preprocessing: z.strictObject({
    spacingMm: z.tuple([Positive, Positive, Positive]).describe(
      "[z, y, x] in mm, to which scans are resampled. Scores are taken on the scans' own grids.",
    ),
    intensity: Intensity.describe("How intensities are normalised."),
  }).describe("What is done to a scan before a network sees it."),
  patch: Voxels.describe(
    "[depth, height, width] in voxels of a training patch and of a window of prediction. Each must be a multiple of the " +
      "product of the network's strides along it.",
  ),
  network: z.strictObject({
    widths: z.array(Count).min(2).describe("Channels of each level of the U-Net, from full resolution down."),
    strides: z.array(Voxels).min(1).describe(
      "[z, y, x] stride into each level below the first: one less than widths.",
    ),
    kernels: z.array(Voxels).min(2).optional().describe(
      "[z, y, x] size of the convolutions of each level, as many as widths, odd numbers: nnU-Net takes [1, 3, 3] where slices are thick, " +
        "until strides have made voxels' sides alike. Left out: [3, 3, 3].",
    ),
    projection: Count.optional().describe(
      "Channels of a learned projection of the features that models compare. Left out: the features themselves.",
    ),
    deepSupervision: z.boolean().optional().describe(
      "Labels teach lower levels of the decoder, too, by heads of their own, on labels of their grids: level l (1, 2, …) with 2^-l of the " +
        "weight of full resolution, as in nnU-Net, which leaves the lowest level out; so it wants four widths at least. What predicts is the " +
        "same network. Left out: full resolution alone.",
    ),
    precision: z.enum(["float32", "bfloat16", "auto"]).optional().describe(
      "Arithmetic of convolutions; bfloat16 wants a processor or a GPU that has it. `auto`: bfloat16 where the machine has it, else " +
        "float32; runs of the one neither go on in the other nor are of one arm with it, and a table of both says so. Left out: float32.",
    ),
  }).describe("The U-Net that every model is."),
  training: z.strictObject({
    batchSize: Count.describe("Patches of one dataset in one step."),
    partialOrganSteps: Count.describe("Optimiser steps of stage 1."),
    fullOrganSteps: Count.describe("Optimiser steps of stage 2."),
    learningRate: Positive.describe("At the end of the warm-up; it falls to nothing at the last step."),
    warmupSteps: z.int().min(0).describe("Steps over which the learning rate rises; 0 is none."),
    validateEvery: Count.describe("Steps between two validations; the last step is always followed by one."),
    averagedWeights: z.number().gt(0).lt(1).optional().describe(
      "Weights are averaged along the way, and an update keeps this share of the average (at first it is the plain mean); the " +
        "averaged ones are validated, label and predict. A network that follows another one, such as a mean teacher, is an average " +
        "already, and stays as it is. Left out: the weights themselves.",
    ),
    foregroundShare: z.number().gt(0).lt(1).optional().describe(
      "Share, between 0 and 1, of the cross-entropy that voxels of organs, or of groups of them, have in each batch; all other " +
        "voxels have the rest, and where a batch has but the ones or the others, they have all of it. Left out: the mean over all voxels.",
    ),
    augmentation: Augmentation.optional().describe(
      "How patches are varied: what differs from usual (`DEFAULT_AUGMENTATION` of lib/data/patches/augment_options.ts), each range " +
        "as [lowest, highest]. Left out: nothing differs.",
    ),
  }).describe("What an experiment trains with, unless its parameters say otherwise."),
});

/** As the file has it. */
export type WrittenCohort = z.infer<typeof CohortFile>;
type Network = WrittenCohort["network"];

/** On a machine, which settles the precision `auto`. */
export type Cohort = Omit<WrittenCohort, "network"> & {
  network: Omit<Network, "precision"> & { precision?: Exclude<Network["precision"], "auto"> };
};
export type CaseRule = z.infer<typeof CaseRule>;
export type SubjectRule = z.infer<typeof SubjectRule>;
export type IntensityScheme = z.infer<typeof Intensity>;
