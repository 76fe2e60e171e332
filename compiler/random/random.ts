// Counter-based randomness: every draw is a function of a key, and a key of what it is for. No generator
// state outlives the thing it is drawn for, so the number of workers and a resumed run change nothing.
// Threefry-2x32, 20 rounds: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011.

/** 64 bits that name a stream of draws. */
export interface Key {
  readonly high: number
  readonly low: number
}

/**
 * Key of `seed` and what it is used for, e.g. `keyOf(seed, 'view', 'sim', epoch, index)`. Numbers are
 * integers of at most 53 bits; `keyOf(s, 1)` and `keyOf(s, '1')` differ, and so do `('ab', 'c')` and
 * `('a', 'bc')`.
 */
export function keyOf(seed: number, ...parts: readonly (string | number)[]): Key {
  let key = foldInteger({ high: 0x53415552, low: 0x554e0001 }, seed)
  for (const part of parts) key = foldKey(key, part)
  return key
}

/** The key below `key` for `part`; `keyOf(s, a, b)` is `foldKey(keyOf(s, a), b)`. */
export function foldKey(key: Key, part: string | number): Key {
  return typeof part === 'number' ? foldInteger(key, part) : foldString(key, part)
}

// The second counter word says what is folded, so that no integer can meet the chunk of a string.
const integerMark = 0x40000000
const lengthMark = 0x80000000
const chunkMark = 0xc0000000

function foldInteger(key: Key, part: number): Key {
  if (!Number.isSafeInteger(part)) throw new TypeError(`a key is made of integers, not of ${part}`)
  const upper = Math.floor(part / 4294967296) & 0x3fffffff
  return threefry(key, part | 0, integerMark | upper)
}

function foldString(key: Key, part: string): Key {
  let folded = threefry(key, part.length, lengthMark)
  for (let at = 0; at < part.length; at += 2) {
    const second = at + 1 < part.length ? part.charCodeAt(at + 1) : 0
    folded = threefry(folded, (second << 16) | part.charCodeAt(at), chunkMark | (at >>> 1))
  }
  return folded
}

/**
 * One block of the cipher: key and 64-bit counter to 64 bits. The words stand as in Random123's known-answer
 * tests.
 */
export function threefry(key: Key, counterHigh: number, counterLow: number): Key {
  const state = { first: 0, second: 0 }
  threefryBlock(key.high | 0, key.low | 0, counterHigh | 0, counterLow | 0, state)
  return { high: state.first >>> 0, low: state.second >>> 0 }
}

/**
 * The two words of `threefry` as signed 32-bit integers, written to `into`; for callers that must not
 * allocate.
 */
export function threefryBlock(
  key0: number,
  key1: number,
  counter0: number,
  counter1: number,
  into: { first: number; second: number },
): void {
  let key = key0 | 0
  let next = key1 | 0
  let last = key ^ next ^ 0x1bd11bda
  let a = (counter0 + key) | 0
  let b = (counter1 + next) | 0
  // Five times four rounds, a += b; b = rotate(b) ^ a, and after each four the key, whose words take turns.
  // (As 32-bit integers from the start, or each turn would convert them.)
  for (let fours = 1; fours <= 5; fours++) {
    if ((fours & 1) === 1) {
      a = (a + b) | 0
      b = ((b << 13) | (b >>> 19)) ^ a
      a = (a + b) | 0
      b = ((b << 15) | (b >>> 17)) ^ a
      a = (a + b) | 0
      b = ((b << 26) | (b >>> 6)) ^ a
      a = (a + b) | 0
      b = ((b << 6) | (b >>> 26)) ^ a
    } else {
      a = (a + b) | 0
      b = ((b << 17) | (b >>> 15)) ^ a
      a = (a + b) | 0
      b = ((b << 29) | (b >>> 3)) ^ a
      a = (a + b) | 0
      b = ((b << 16) | (b >>> 16)) ^ a
      a = (a + b) | 0
      b = ((b << 24) | (b >>> 8)) ^ a
    }
    const before = key
    key = next
    next = last
    last = before
    a = (a + key) | 0
    b = (b + next + fours) | 0
  }
  into.first = a
  into.second = b
}
