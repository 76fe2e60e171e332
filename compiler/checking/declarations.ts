// The values of declared names, each found once, whatever the order in the text.
import { labelled } from '../diagnostics/reporter.js'
import { reportMismatch } from '../functions/slots.js'
import {
  type Declared,
  type DeclaredBranch,
  type DeclaredLoss,
  nameLocation,
  wholeLocation,
} from '../names/declared.js'
import type { NetworkNode } from '../types/network-node.js'
import { type Type, types } from '../types/type.js'
import {
  unknownDataset,
  unknownLoss,
  unknownMemory,
  unknownStep,
  unknownStream,
  unknownView,
} from '../types/unknown.js'
import { errorValue, type Origination, type Value } from '../types/value.js'
import type { Compilation, Scope } from './compilation.js'
import { evaluate, locate } from './expressions.js'
import { groupOf } from './names.js'
import { collectHeads } from './networks.js'
import { evaluateParam } from './params.js'
import { walk } from './walk.js'

/** How many declarations may wait for one another, so that no file can exhaust the stack. */
const longestChain = 300

export function evaluateDeclared(c: Compilation, declared: Declared, expected: Type | undefined): Value {
  // A `let` may stand for a bare word that means one thing as a head and another as a schedule.
  const key =
    declared.node.kind === 'let'
      ? (groupOf(expected) ?? (expected?.kind === 'choice' ? expected.list : ''))
      : ''
  const known = declared.values.get(key)
  if (known) return known
  if (declared.evaluating) return reportCycle(c, declared)
  if (c.stack.length >= longestChain) {
    c.reporter.report('SAU1020', { gaps: {}, labels: [labelled(nameLocation(declared))] })
    return errorValue
  }
  declared.evaluating = true
  c.stack.push(declared)
  const depth = c.depth
  c.depth = 0
  const value = c.reporter.afresh(() => compute(c, declared, expected))
  c.depth = depth
  c.stack.pop()
  declared.evaluating = false
  declared.values.set(key, value)
  return value
}

function reportCycle(c: Compilation, declared: Declared): Value {
  const start = Math.max(0, c.stack.indexOf(declared))
  const circle = c.stack.slice(start)
  const shown = [...circle, declared].map(({ name }) => `\`${name}\``)
  const names = shown.length > 8 ? [...shown.slice(0, 4), '...', ...shown.slice(-3)] : shown
  c.reporter.report('SAU2009', {
    gaps: { name: declared.name, cycle: names.join(' -> ') },
    labels: circle.slice(0, 8).map((member, position) => {
      const next = circle[position + 1] ?? declared
      return labelled(nameLocation(member), `needs \`${next.name}\``)
    }),
  })
  return errorValue
}

export function scopeOf(declared: Declared): Scope {
  const { node, branch, file } = declared
  const name = branch ? `${branch.name}.${declared.name}` : declared.name
  const root = node.kind === 'branch' || node.kind === 'param' ? undefined : node.value
  return { file, branch, network: undefined, owner: { kind: node.kind, name, root, declared } }
}

function compute(c: Compilation, declared: Declared, expected: Type | undefined): Value {
  const { node } = declared
  const scope = scopeOf(declared)
  const at = wholeLocation(declared)
  const identity = { name: declared.name, at }
  const site = (what: string) => ({
    context: c.context,
    at: 'value' in node ? locate(scope, node.value) : at,
    subject: `the ${what} \`${declared.name}\``,
  })
  switch (node.kind) {
    case 'param':
      return evaluateParam(c, declared, node)
    case 'let': {
      const value = evaluate(c, node.value, scope, expected)
      if (value.kind === 'view' && !value.identity) return value
      return withOrigination(c, value, declared)
    }
    case 'dataset': {
      const value = evaluate(c, node.value, scope, types.dataset)
      if (value.kind === 'dataset')
        return { kind: 'dataset', dataset: { ...value.dataset, name: declared.name, at } }
      reportMismatch(site('dataset'), types.dataset, value)
      return { kind: 'dataset', dataset: unknownDataset(at, { name: declared.name }) }
    }
    case 'view': {
      const value = evaluate(c, node.value, scope, types.view)
      if (value.kind === 'view') return { kind: 'view', operations: value.operations, identity }
      reportMismatch(site('view'), types.view, value)
      return { ...unknownView(unknownStep(declared.name, at, () => undefined)), identity }
    }
    case 'stream': {
      const value = evaluate(c, node.value, scope, types.stream)
      if (value.kind !== 'stream') reportMismatch(site('stream'), types.stream, value)
      return { ...(value.kind === 'stream' ? value : unknownStream(at)), identity }
    }
    case 'memory': {
      const value = evaluate(c, node.value, scope, types.memory)
      if (value.kind !== 'memory') reportMismatch(site('memory'), types.memory, value)
      return { ...(value.kind === 'memory' ? value : unknownMemory(at)), identity }
    }
    case 'network': {
      const value = evaluate(c, node.value, scope, types.backbone)
      const base = value.kind === 'network' ? value.network : undefined
      if (value.kind !== 'network' && value.kind !== 'backbone')
        reportMismatch(site('network'), types.backbone, value)
      const backbone = base ? base.backbone : value.kind === 'backbone' ? value.backbone : undefined
      const inherited = base?.declarations ?? new Map()
      const network: NetworkNode = {
        name: declared.name,
        at: nameLocation(declared),
        backbone,
        declarations: collectHeads(c, declared.name, backbone, inherited, node.heads, declared.file),
        heads: new Map(),
        binding: undefined,
      }
      c.networks.set(network.name, network)
      return { kind: 'network', network }
    }
    case 'branch':
      return { kind: 'branch', name: declared.name }
  }
}

/** Notes on a plain value where it was declared, to show both places when it does not fit. */
export function withOrigination(c: Compilation, value: Value, declared: Declared): Value {
  switch (value.kind) {
    case 'number':
    case 'bool':
    case 'choice':
    case 'string':
    case 'path': {
      const from: Origination = {
        name: declared.name,
        at: wholeLocation(declared),
        params: paramsBehind(c, declared),
      }
      return value.kind === 'path'
        ? { ...value, from, params: unique(value.params, from.params) }
        : { ...value, from }
    }
    default:
      return value
  }
}

const unique = (...lists: readonly (readonly string[])[]) => [...new Set(lists.flat())]

function paramsBehind(c: Compilation, declared: Declared): readonly string[] {
  if (declared.node.kind === 'param') return [declared.name]
  if (declared.node.kind !== 'let') return []
  const params: string[] = []
  walk(declared.node.value, (e) => {
    if (e.kind === 'name' && c.program.names.get(e.name)?.node.kind === 'param') params.push(e.name)
  })
  return params
}

/** The value of `branch.loss`: a loss, whose definition is found once. */
export function evaluateLoss(c: Compilation, branch: DeclaredBranch, loss: DeclaredLoss): Value {
  if (loss.value) return loss.value
  const at = { file: branch.file, span: loss.node.name.span }
  if (loss.evaluating) {
    const name = `${branch.name}.${loss.identity.name}`
    c.reporter.report('SAU2009', {
      gaps: { name, cycle: `\`${name}\` -> \`${name}\`` },
      labels: [labelled(at)],
    })
    return errorValue
  }
  loss.evaluating = true
  const scope: Scope = {
    file: branch.file,
    branch,
    network: undefined,
    owner: {
      kind: 'loss',
      name: `${branch.name}.${loss.identity.name}`,
      root: loss.node.value,
      declared: undefined,
    },
  }
  const value = c.reporter.afresh(() => evaluate(c, loss.node.value, scope, types.loss))
  loss.evaluating = false
  if (value.kind === 'scalar' && value.loss && !value.condition) {
    loss.definition = value.scalar
    loss.value = {
      kind: 'scalar',
      scalar: { op: 'loss', loss: loss.identity },
      loss: true,
      condition: false,
    }
  } else {
    const site = {
      context: c.context,
      at: locate(scope, loss.node.value),
      subject: `the loss \`${loss.identity.name}\``,
    }
    reportMismatch(site, types.loss, value)
    loss.value = unknownLoss
  }
  return loss.value
}
