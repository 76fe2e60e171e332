// The types of the language. A dimension is a number or a variable that a call binds (`Logits[K]`,
// `Labels[K]`).
import type { UnitDimension } from '../../grammar/words.js'

/** A size in a type: known, to be found at a call, or of no interest. */
export type Dimension = number | { readonly variable: string } | undefined

/** Names of the closed lists; closed-lists.ts says what is in them. */
export type ClosedListName =
  | 'correction'
  | 'profile'
  | 'draw'
  | 'split'
  | 'part'
  | 'origin'
  | 'labels'
  | 'shortcut'
  | 'stem'
  | 'pool'
  | 'norm'
  | 'target'
  | 'policy'
  | 'statistics'
  | 'remainder'
  | 'precision'
  | 'per'
  | 'best'
  | 'fill_level'

export type LabelForm = 'hard' | 'soft' | 'corrected'

export type Type =
  | { readonly kind: 'int' | 'float' | 'bool' | 'string' | 'path' | 'factor' | 'prob' | 'count' }
  | { readonly kind: 'choice'; readonly list: ClosedListName }
  | { readonly kind: 'quantity'; readonly of: UnitDimension }
  | { readonly kind: 'range'; readonly of: Type }
  /** `> 100`, or a range. */
  | { readonly kind: 'bound' }
  | { readonly kind: 'list'; readonly of: Type }
  | { readonly kind: 'either'; readonly options: readonly Type[] }
  /** A number that may change while training: of `epoch`, `progress`, `step` and losses. */
  | { readonly kind: 'scalar' }
  | { readonly kind: 'loss' }
  | { readonly kind: OperationKind }
  | {
      readonly kind:
        | 'dataset'
        | 'network'
        | 'head'
        | 'part'
        | 'branch'
        | 'pass'
        | 'origins'
        | 'indices'
        | 'share_of_gap'
    }
  | { readonly kind: 'batch'; readonly classes: Dimension }
  | { readonly kind: 'labels'; readonly form: LabelForm | undefined; readonly classes: Dimension }
  | { readonly kind: 'logits'; readonly classes: Dimension }
  | { readonly kind: 'embedding'; readonly size: Dimension; readonly unitLength: boolean | undefined }
  | { readonly kind: 'prototypes'; readonly classes: Dimension; readonly size: Dimension }
  /** What an expression with an error has: fits everywhere, so that one mistake is reported once. */
  | { readonly kind: 'error' }

/**
 * Kinds whose values are written as operations; a bare name in their place is looked up among functions
 * first.
 */
export type OperationKind =
  | 'view'
  | 'layers'
  | 'schedule'
  | 'optimizer'
  | 'metric'
  | 'backbone'
  | 'stream'
  | 'memory'

export const types = {
  int: { kind: 'int' },
  float: { kind: 'float' },
  bool: { kind: 'bool' },
  string: { kind: 'string' },
  path: { kind: 'path' },
  scalar: { kind: 'scalar' },
  loss: { kind: 'loss' },
  dataset: { kind: 'dataset' },
  view: { kind: 'view' },
  layers: { kind: 'layers' },
  backbone: { kind: 'backbone' },
  schedule: { kind: 'schedule' },
  optimizer: { kind: 'optimizer' },
  metric: { kind: 'metric' },
  stream: { kind: 'stream' },
  memory: { kind: 'memory' },
  head: { kind: 'head' },
  part: { kind: 'part' },
  error: { kind: 'error' },
} as const satisfies Record<string, Type>

function dimension(size: Dimension): string {
  return size === undefined ? '_' : typeof size === 'number' ? String(size) : size.variable
}

/** A type as it is written in documentation: `Logits[K]`, `list of view`. */
export function showType(type: Type): string {
  switch (type.kind) {
    case 'choice':
      return type.list
    case 'quantity':
      return type.of
    case 'range':
      return `range of ${showType(type.of)}`
    case 'list':
      return `list of ${showType(type.of)}`
    case 'either':
      return type.options.map(showType).join(' | ')
    case 'batch':
      return type.classes === undefined ? 'Batch' : `Batch[${dimension(type.classes)}]`
    case 'labels':
      return `${type.form ? `${type.form} ` : ''}Labels[${dimension(type.classes)}]`
    case 'logits':
      return `Logits[${dimension(type.classes)}]`
    case 'embedding':
      return `${type.unitLength ? 'unit ' : ''}Embedding[${dimension(type.size)}]`
    case 'prototypes':
      return `Prototypes[${dimension(type.classes)}, ${dimension(type.size)}]`
    default:
      return type.kind
  }
}

/** What to call a value of a type in a sentence: `a dataset`, `a whole number`. */
export function describeType(type: Type): string {
  switch (type.kind) {
    case 'int':
      return 'a whole number'
    case 'count':
      return 'a whole number from 1 on'
    case 'float':
      return 'a number'
    case 'factor':
      return 'a factor (a number from 1 on)'
    case 'prob':
      return 'a probability (0..1)'
    case 'bool':
      return 'true or false'
    case 'string':
      return 'a text in quotes'
    case 'path':
      return 'a path'
    case 'choice':
      return `one of \`${type.list}\``
    case 'quantity':
      return `a number of ${type.of === 'seconds' ? 'seconds, minutes or hours' : type.of}`
    case 'range':
      return `a range of ${plural(type.of)}`
    case 'bound':
      return 'a bound such as `> 100`, or a range'
    case 'list':
      return `a list of ${plural(type.of)}`
    case 'either':
      return type.options.map(describeType).join(' or ')
    case 'scalar':
      return 'a number that may change over the run'
    case 'loss':
      return 'a loss'
    case 'layers':
      return 'layers of a head'
    case 'view':
      return 'a view'
    case 'optimizer':
      return 'an optimizer'
    case 'head':
      return 'a head, such as `net.logits`'
    case 'part':
      return 'a part of a network, such as `net.backbone` or `net.logits`'
    case 'pass':
      return 'what a network yields'
    case 'origins':
      return 'the origin of a batch'
    case 'indices':
      return 'the indices of a batch'
    case 'share_of_gap':
      return 'a `ratio(...)`'
    case 'labels':
      return type.form ? `${type.form} labels` : 'labels'
    case 'logits':
      return type.classes === undefined ? 'logits' : `logits of ${dimension(type.classes)} classes`
    case 'embedding':
      return `an embedding${type.size === undefined ? '' : ` of ${dimension(type.size)}`}`
    case 'prototypes':
      return 'prototypes'
    case 'error':
      return 'an error'
    default:
      return `a ${type.kind}`
  }
}

function plural(type: Type): string {
  switch (type.kind) {
    case 'int':
    case 'count':
      return 'whole numbers'
    case 'float':
    case 'factor':
    case 'prob':
      return 'numbers'
    case 'embedding':
      return 'embeddings'
    default:
      return `${type.kind}s`
  }
}

/** Sizes bound to variables while one call is checked, each with where it was first found. */
export type Substitution = Map<string, { readonly size: number; readonly parameter: string }>

/** A dimension that a call uses with two sizes. */
export interface SizeConflict {
  readonly variable: string
  readonly first: { readonly size: number; readonly parameter: string }
  readonly second: { readonly size: number; readonly parameter: string }
}

/** Binds the variables of a parameter's type to the sizes of an argument's type; kinds are known to fit. */
export function unify(
  parameter: Type,
  argument: Type,
  name: string,
  bound: Substitution,
): SizeConflict | undefined {
  if (parameter.kind === 'list' && argument.kind === 'list')
    return unify(parameter.of, argument.of, name, bound)
  const bind = (wanted: Dimension, given: Dimension): SizeConflict | undefined => {
    if (typeof given !== 'number' || typeof wanted !== 'object') return undefined
    const first = bound.get(wanted.variable)
    const second = { size: given, parameter: name }
    if (!first) bound.set(wanted.variable, second)
    return first && first.size !== given ? { variable: wanted.variable, first, second } : undefined
  }
  if (parameter.kind === 'logits' && argument.kind === 'logits')
    return bind(parameter.classes, argument.classes)
  if (parameter.kind === 'labels' && argument.kind === 'labels')
    return bind(parameter.classes, argument.classes)
  if (parameter.kind === 'batch' && argument.kind === 'batch')
    return bind(parameter.classes, argument.classes)
  if (parameter.kind === 'embedding' && argument.kind === 'embedding')
    return bind(parameter.size, argument.size)
  if (parameter.kind === 'prototypes' && argument.kind === 'prototypes') {
    return bind(parameter.classes, argument.classes) ?? bind(parameter.size, argument.size)
  }
  return undefined
}
