// Seeds: the same ones in a `.sau` file, a sweep file, a Plan and on the command line, so that a run with any of them can be
// repeated from any of these.

/** Whole numbers from 0 to the largest that a double holds exactly; the generator takes all of their bits. */
export const largestSeed = Number.MAX_SAFE_INTEGER
