// The numbers that a key stands for, in order: block i of the cipher gives words 2 i and 2 i + 1.
import { standardNormalQuantile } from './normal.js'
import { type Key, threefryBlock } from './random.js'

/**
 * A sequence of draws under one key. Two sequences under one key are equal, whatever was drawn in between.
 */
export class Draws {
  readonly #key0: number
  readonly #key1: number
  #block = 0
  /** `first` waits for its turn while `waiting`; `second` is handed out by the call that makes the block. */
  readonly #words = { first: 0, second: 0 }
  #waiting = false

  constructor(key: Key) {
    this.#key0 = key.high | 0
    this.#key1 = key.low | 0
  }

  /** Uniform over the integers 0 .. 2^32 - 1. */
  uint32(): number {
    if (this.#waiting) {
      this.#waiting = false
      return this.#words.second >>> 0
    }
    threefryBlock(this.#key0, this.#key1, (this.#block / 4294967296) | 0, this.#block | 0, this.#words)
    this.#block += 1
    this.#waiting = true
    return this.#words.first >>> 0
  }

  /** Uniform in [0, 1), a multiple of 2^-32. */
  uniform(): number {
    return this.uint32() * 2.3283064365386963e-10
  }

  /** Uniform in [0, 1), a multiple of 2^-53; takes two words. */
  uniform53(): number {
    const upper = this.uint32() >>> 5
    const lower = this.uint32() >>> 6
    return (upper * 67108864 + lower) * 1.1102230246251565e-16
  }

  /** Uniform in [low, high); `low` where they are equal. */
  range(low: number, high: number): number {
    return low + (high - low) * this.uniform()
  }

  /** Uniform over the integers 0 .. n - 1, every one equally likely; 1 <= n <= 2^32. */
  below(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 4294967296) throw new RangeError(`cannot draw below ${n}`)
    const fair = 4294967296 - (4294967296 % n)
    let word = this.uint32()
    while (word >= fair) word = this.uint32()
    return word % n
  }

  /** True with this probability. */
  bernoulli(probability: number): boolean {
    return this.uniform() < probability
  }

  /**
   * Standard normal, by the inverse of its distribution function at the middle of one of 2^52 equal steps.
   */
  normal(): number {
    const upper = this.uint32() >>> 6
    const lower = this.uint32() >>> 6
    return standardNormalQuantile((upper * 67108864 + lower + 0.5) * 2.220446049250313e-16)
  }

  /** Beta(a, b), a and b > 0; exactly the uniform draw where both are 1. */
  beta(a: number, b: number): number {
    if (a === 1 && b === 1) return this.uniform53()
    const first = this.#logGamma(a)
    const second = this.#logGamma(b)
    return 1 / (1 + Math.exp(second - first))
  }

  /** A random order of 0 .. n - 1 (Fisher and Yates). */
  permutation(n: number): Uint32Array {
    const order = new Uint32Array(n)
    for (let i = 0; i < n; i++) order[i] = i
    for (let i = n - 1; i > 0; i--) {
      const j = this.below(i + 1)
      const moved = order[i] as number
      order[i] = order[j] as number
      order[j] = moved
    }
    return order
  }

  /**
   * Logarithm of a Gamma(shape, 1) draw: small shapes give values that no double can hold.
   * Marsaglia and Tsang, "A simple method for generating gamma variables", ACM TOMS 26 (2000), with its
   * section 6 for shape < 1.
   */
  #logGamma(shape: number): number {
    if (shape < 1) return this.#logGamma(shape + 1) + Math.log(1 - this.uniform53()) / shape
    const d = shape - 1 / 3
    const c = 1 / Math.sqrt(9 * d)
    for (;;) {
      const x = this.normal()
      const root = 1 + c * x
      if (root <= 0) continue
      const v = root * root * root
      const u = 1 - this.uniform53()
      if (Math.log(u) < 0.5 * x * x + d - d * v + d * Math.log(v)) return Math.log(d) + Math.log(v)
    }
  }
}

/** The draws of `key`. */
export function drawsOf(key: Key): Draws {
  return new Draws(key)
}
