// Counter-based randomness: every draw is a function of a key, and a key of what it is for. No generator state
// outlives the thing it is drawn for, so the number of workers and a resumed run change nothing.
// Threefry-2x32, 20 rounds: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011.

/** 64 bits that name a stream of draws. */
export interface Key {
  readonly high: number
  readonly low: number
}
