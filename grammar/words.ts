// The words that the grammar knows: kinds of declaration by the place they stand in, reserved words, units.

/** The kinds of declaration at the top level of a file. */
export const fileDeclarationKinds = [
  'experiment',
  'import',
  'param',
  'let',
  'dataset',
  'view',
  'network',
  'stream',
  'memory',
  'branch',
  'minimize',
  'train',
  'evaluate',
] as const

/** The kinds inside the block of a network. */
export const networkDeclarationKinds = ['head'] as const

/** The kinds inside a branch. */
export const branchDeclarationKinds = ['let', 'loss'] as const

export type DeclarationKind =
  | (typeof fileDeclarationKinds)[number]
  | (typeof networkDeclarationKinds)[number]
  | (typeof branchDeclarationKinds)[number]

/** Every kind of declaration, wherever it stands. */
export const declarationKinds: readonly DeclarationKind[] = [
  ...new Set<DeclarationKind>([
    ...fileDeclarationKinds,
    ...networkDeclarationKinds,
    ...branchDeclarationKinds,
  ]),
]

/** Where statements stand: in the file itself or in a block, named by what the block belongs to. */
export type StatementPlace = 'file' | 'network' | 'branch' | 'train' | 'evaluate' | 'match'

/** The kinds of declaration that each place takes; `train` and `evaluate` take fields, `match` takes arms. */
export const kindsByPlace: Readonly<Record<StatementPlace, readonly DeclarationKind[]>> = {
  file: fileDeclarationKinds,
  network: networkDeclarationKinds,
  branch: branchDeclarationKinds,
  train: [],
  evaluate: [],
  match: [],
}

/** Words that build expressions and so cannot be names. */
export const reservedWords = ['if', 'then', 'else', 'match', 'and', 'or', 'not'] as const

/** What a unit measures. */
export type UnitDimension = 'epochs' | 'steps' | 'seconds' | 'bytes' | 'pixels'

export interface Unit {
  readonly dimension: UnitDimension
  /** How many of the dimension's base unit one of this is: 60 for `min`. */
  readonly factor: number
}

/** The closed list of units that may follow a number. */
export const units: Readonly<Record<string, Unit>> = {
  epoch: { dimension: 'epochs', factor: 1 },
  epochs: { dimension: 'epochs', factor: 1 },
  step: { dimension: 'steps', factor: 1 },
  steps: { dimension: 'steps', factor: 1 },
  s: { dimension: 'seconds', factor: 1 },
  sec: { dimension: 'seconds', factor: 1 },
  min: { dimension: 'seconds', factor: 60 },
  h: { dimension: 'seconds', factor: 3600 },
  KiB: { dimension: 'bytes', factor: 2 ** 10 },
  MiB: { dimension: 'bytes', factor: 2 ** 20 },
  GiB: { dimension: 'bytes', factor: 2 ** 30 },
  px: { dimension: 'pixels', factor: 1 },
}

/** Words that may follow a number and are not its unit, though no operator stands between. */
export const wordsAfterNumber: ReadonlySet<string> = new Set(['in', 'log'])
