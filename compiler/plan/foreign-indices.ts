// Index files of other programs: record numbers as `np.savetxt`, `json.dump` and CSV leave them, in one list,
// or in a list for every class. What could be meant in two ways is not guessed at.

/** Record numbers, `undefined` where the text or value holds none in a form that is known. */
export type ForeignIndices =
  | { readonly kind: 'list'; readonly indices: readonly number[] }
  | {
      readonly kind: 'classes'
      /**
       * Names or numbers of the classes, where the file gives them; else its lists are those of class 0, 1,
       * ...
       */
      readonly keys: readonly string[] | undefined
      readonly indices: readonly (readonly number[])[]
    }

/** How to write the record numbers of another form as a file that is read, for the help of a diagnostic. */
export const readableForms =
  'write a JSON list of record numbers, `json.dump([int(i) for i in indices], file)`, or one for every class; numbers on lines, as of `np.savetxt`, are read too'

/**
 * Numbers on lines, or between commas or blanks, whole whether they are written `12` or `1.2e+01`; lines that
 * begin with `#` are comments, as `np.savetxt` writes its header.
 */
export function numbersOnLines(text: string): readonly number[] | undefined {
  const lines = text.split(/\r\n|\r|\n/).filter((line) => !/^\s*#/.test(line))
  const words = lines.flatMap((line) => line.split(/[\s,;]+/)).filter((word) => word !== '')
  return words.length > 0 && words.every((word) => /^[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?$/.test(word))
    ? words.map(Number)
    : undefined
}

/** A list of lists, or a map from classes to lists, of numbers that are whole. */
export function indicesOfClasses(value: unknown): ForeignIndices | undefined {
  const lists = Array.isArray(value) ? value : isMap(value) ? Object.values(value) : []
  if (lists.length === 0 || !lists.every(isListOfIndices)) return undefined
  return { kind: 'classes', keys: isMap(value) ? Object.keys(value) : undefined, indices: lists }
}

/**
 * The lists of a file by the classes of the data, in their order.
 * @returns what does not fit, as a sentence, where its classes are not those of the data
 */
export function byClass(
  { keys, indices }: Extract<ForeignIndices, { kind: 'classes' }>,
  classes: readonly string[],
): readonly (readonly number[])[] | string {
  if (indices.length !== classes.length)
    return `it has ${indices.length} lists, and the data has ${classes.length} classes`
  if (keys === undefined) return indices
  const places = classes.map((name, label) => {
    const named = keys.indexOf(name)
    return named === -1 ? keys.indexOf(String(label)) : named
  })
  const missing = places.indexOf(-1)
  return missing === -1
    ? places.map((place) => indices[place] ?? [])
    : `it has no list for class ${missing}, \`${classes[missing]}\``
}

/**
 * Whether the numbers of every list go no further than its class has images, though they are of other classes
 * in the source.
 */
export function countsWithinClasses(
  indices: readonly (readonly number[])[],
  labels: ArrayLike<number>,
): boolean {
  const images = indices.map(() => 0)
  for (let i = 0; i < labels.length; i++) images[labels[i] ?? 0] = (images[labels[i] ?? 0] ?? 0) + 1
  return indices.every((records, label) => records.every((record) => record < (images[label] ?? 0)))
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isListOfIndices(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0)
}
