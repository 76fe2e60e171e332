// Words for values in other languages, and what they are here.

const truths: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  on: true,
  1: true,
  false: false,
  no: false,
  off: false,
  0: false,
}

/** `True`, `yes` and `on` are `true`; `False`, `no` and `off` are `false`. */
export function truthWord(word: string): boolean | undefined {
  const lower = word.toLowerCase()
  return Object.hasOwn(truths, lower) ? truths[lower] : undefined
}

/** Words for what is not there. */
export function meansNothing(word: string): boolean {
  return /^(none|null|nil|undefined|nothing|~)$/i.test(word)
}

/** Words for what is no finite number. */
export function meansNoNumber(word: string): boolean {
  return /^(nan|inf|infinity)$/i.test(word)
}
