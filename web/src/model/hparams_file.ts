/** Values of hyperparameters, by name. */
export type HParams = ReadonlyMap<string, string | number | boolean | null>;

/** `hparams.yaml` of a training with hundreds of hyperparameters has a tenth of it. */
export const MAX_HPARAMS_BYTES = 64 << 10;

/** Why a text has no hyperparameters. */
export class HParamsError extends Error {}
