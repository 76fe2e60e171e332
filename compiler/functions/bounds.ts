// Numbers that more than one place is bounded by.

/** Epochs of a run: at one a second, more than eleven days. */
export const mostEpochs = 1_000_000
