// The most that a run can want of something: a larger number is a slip, and would only be seen when it is too late.

/** Epochs of a run. At a second each they take eleven days; a journal has some lines for each. */
export const mostEpochs = 1_000_000
