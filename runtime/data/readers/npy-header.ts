// The header of NumPy's .npy files, versions 1 to 3 (NumPy Enhancement Proposal 1, and numpy.lib.format): a
// magic word, two bytes of version, the length of what follows as a little-endian number (16 bits in version
// 1, 32 after), and a Python dictionary of three entries: element type, order, shape. Nothing of it is ever
// evaluated.

export interface NpyHeader {
  /** `<` little-endian, `>` big-endian, `|` where it does not matter. */
  readonly byteOrder: '<' | '>' | '|'
  /** `u` unsigned, `i` signed, `f` floating, `b` truth, `O` Python objects, ... */
  readonly kind: string
  /** Bytes of an element. */
  readonly size: number
  readonly fortranOrder: boolean
  readonly shape: readonly number[]
  /** Where the elements begin. */
  readonly dataAt: number
}

/** Bytes from the beginning that hold every header of a plain array. */
export const headerBytes = 65_536 + 12

/** The header at the beginning of a file, or in words why there is none. */
export function npyHeader(start: Uint8Array): NpyHeader | string {
  const text = Buffer.from(start.buffer, start.byteOffset, start.byteLength)
  if (start.length === 0) return 'is empty'
  if (text.subarray(0, 4).equals(Buffer.of(0x50, 0x4b, 3, 4))) return 'is an archive of arrays (.npz)'
  if (!text.subarray(0, 6).equals(Buffer.from('\x93NUMPY', 'latin1'))) return 'is not a NumPy file (.npy)'
  if (start.length < 10) return 'ends inside its header'
  const version = start[6] as number
  if (version < 1 || version > 3) return `has version ${version} of the .npy format, and 1 to 3 are read`
  if (version > 1 && start.length < 12) return 'ends inside its header'
  const length = version === 1 ? text.readUInt16LE(8) : text.readUInt32LE(8)
  const from = version === 1 ? 10 : 12
  if (length > headerBytes - 12) return `has a header of ${length} bytes, longer than that of any plain array`
  if (start.length < from + length) return 'ends inside its header'
  const dictionary = text.subarray(from, from + length).toString(version === 3 ? 'utf8' : 'latin1')
  return entriesOf(dictionary, from + length)
}

function entriesOf(dictionary: string, dataAt: number): NpyHeader | string {
  const type = /['"]descr['"]\s*:\s*(?:['"]([<>|=]?)([A-Za-z])(\d*)[^'"]*['"]|([[(]))/.exec(dictionary)
  const order = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(dictionary)
  // Python 2 wrote long numbers as `3L`.
  const shape = /['"]shape['"]\s*:\s*\(([\dL,\s]*)\)/.exec(dictionary)
  if (type === null || order === null || shape === null) return 'has a damaged header'
  if (type[4] !== undefined) return 'holds records of several fields'
  const [, byteOrder = '', kind = '', size = ''] = type
  return {
    byteOrder: byteOrder === '>' || byteOrder === '|' ? byteOrder : '<',
    kind,
    size: Number(size === '' ? 0 : size),
    fortranOrder: order[1] === 'True',
    shape: (shape[1] ?? '')
      .split(',')
      .map((part) => part.trim().replace(/L$/, ''))
      .filter((part) => part !== '')
      .map(Number),
    dataAt,
  }
}

/** Its element type in NumPy's words: `uint8`, `float32`, `object`. */
export function typeName({ kind, size }: NpyHeader): string {
  const names: Readonly<Record<string, string>> = {
    u: `uint${8 * size}`,
    i: `int${8 * size}`,
    f: `float${8 * size}`,
    c: `complex${8 * size}`,
    b: 'bool',
    O: 'Python objects',
    U: 'text',
    S: 'bytes',
  }
  return names[kind] ?? `elements of the kind \`${kind}${size}\``
}
