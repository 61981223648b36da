/** Names of everything that is attacked, for those who do not load TensorFlow. */
export const targetNames = [
  "checkpoint",
  "bundle",
  "run and its tables",
  "finished stage",
  "stored case",
  "scan's print",
  "table of scores",
  "NIfTI",
  "NIfTI, gzip",
  "dataset.json, Decathlon",
  "dataset.json, nnU-Net",
  "cohort",
  "claim card",
  "vectors of names",
  "notebook",
];
