/** A part that only something with an error lacks; what is lowered has none. */
export function certain<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a program without errors lacks a part')
  return value
}
