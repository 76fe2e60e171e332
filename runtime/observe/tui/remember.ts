// The last result of a pure function, given again while its arguments are the same objects. What is drawn
// from parts of the run's view is drawn anew only when those parts changed; the same lines again also cost
// nothing to paint.

/**
 * `make`, but called only when an argument differs from the call before; `make` must depend on nothing else.
 */
export function remember<Arguments extends readonly unknown[], Result>(
  make: (...given: Arguments) => Result,
): (...given: Arguments) => Result {
  let last: { readonly given: Arguments; readonly result: Result } | undefined
  return (...given) => {
    if (last === undefined || !isSame(last.given, given)) last = { given, result: make(...given) }
    return last.result
  }
}

function isSame(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((value, i) => Object.is(value, right[i]))
}
