// Every declaration with its type, as data: for `compile --emit types`, and for editors later.

import type { Span } from '../../grammar/syntax.js'
import { showShape } from '../functions/views.js'
import type { Declared } from '../names/declared.js'
import { classCountOf } from '../types/dataset-node.js'
import { showType } from '../types/type.js'
import { typeOf, type Value } from '../types/value.js'
import type { Compilation } from './compilation.js'

export interface DeclaredType {
  /** `branch.name` for what stands in a branch, `network.head` for heads. */
  readonly name: string
  readonly kind: string
  /** The type as text: `Logits[10]`; `error` where something is wrong with it. */
  readonly type: string
  readonly file: string
  readonly span: Span
  /** What the compiler knows beyond the type: counts, shapes, values. */
  readonly facts: Readonly<Record<string, unknown>>
}

export function describeDeclarations(c: Compilation): readonly DeclaredType[] {
  const described: DeclaredType[] = []
  const add = (
    name: string,
    kind: string,
    file: string,
    span: Span,
    value: Value | undefined,
    written?: string,
  ) =>
    described.push({
      name,
      kind,
      type: value && value.kind !== 'error' ? (written ?? showType(typeOf(value))) : 'error',
      file,
      span,
      facts: value ? factsOf(value) : {},
    })
  for (const declared of c.program.names.values()) {
    const [value] = declared.values.values()
    add(declared.name, declared.node.kind, declared.file, declared.node.span, value, declaredTypeOf(declared))
    if (value?.kind === 'network') {
      for (const [name, { node, file }] of value.network.declarations) {
        const head = value.network.heads.get(name)
        const output = head?.output
        described.push({
          name: `${declared.name}.${name}`,
          kind: 'head',
          type: output
            ? showType(
                output.kind === 'logits'
                  ? { kind: 'logits', classes: output.size }
                  : { kind: 'embedding', size: output.size, unitLength: output.unitLength },
              )
            : 'error',
          file,
          span: node.span,
          facts: {},
        })
      }
    }
  }
  for (const branch of c.program.branches.values()) {
    for (const declared of branch.lets.values()) {
      const [value] = declared.values.values()
      add(`${branch.name}.${declared.name}`, 'let', declared.file, declared.node.span, value)
    }
    for (const loss of branch.losses.values()) {
      add(`${branch.name}.${loss.identity.name}`, 'loss', branch.file, loss.node.span, loss.value)
    }
  }
  return described
}

/** A param has the type that is written, whatever its value. */
function declaredTypeOf({ node }: Declared): string | undefined {
  return node.kind === 'param' ? node.type.text : undefined
}

function factsOf(value: Value): Readonly<Record<string, unknown>> {
  switch (value.kind) {
    case 'number':
    case 'bool':
      return { value: value.value }
    case 'choice':
      return { value: value.member }
    case 'string':
    case 'path':
      return { value: value.text }
    case 'dataset': {
      const { classes, real, synthetic, image, split } = value.dataset
      return { classes, real, synthetic, image: showShape(image), ...(split && { split }) }
    }
    case 'stream':
      return { dataset: value.dataset.name }
    case 'network': {
      const { binding, backbone } = value.network
      return {
        backbone,
        ...(binding && { classes: classCountOf(binding.dataset) }),
        ...(binding?.input && { input: showShape(binding.input) }),
      }
    }
    case 'memory':
      return { over: value.over.name, views: value.views?.map((view) => view.identity.name) }
    default:
      return {}
  }
}
