// Networks: what they are built for, their heads, and their calls.
import type { Expression, HeadDeclaration } from '../../grammar/syntax.js'
import { type Location, labelled } from '../diagnostics/reporter.js'
import { checkInputSize } from '../functions/applied-view.js'
import { checkSameClasses } from '../functions/class-agreement.js'
import { reportMismatch } from '../functions/slots.js'
import { showShape } from '../functions/views.js'
import type { DeclaredBranch } from '../names/declared.js'
import type { Program } from '../names/program.js'
import { backboneName, backboneParts, featureSize, halvings, sizeAfterHalvings } from '../plan/backbones.js'
import type { Backbone } from '../plan/plan.js'
import { classCountOf } from '../types/dataset-node.js'
import type { HeadNode, NetworkBinding, NetworkNode } from '../types/network-node.js'
import { types } from '../types/type.js'
import { unknownBatch } from '../types/unknown.js'
import type { BatchValue, LayersValue, PassValue, Value } from '../types/value.js'
import type { WrittenCall } from './calls.js'
import type { Compilation, Scope } from './compilation.js'
import { evaluateDeclared } from './declarations.js'
import { evaluate, locate } from './expressions.js'
import { checkLoosely } from './loosely.js'
import { walk } from './walk.js'

/** The network of a name: undefined where the name is no network, `error` where the network is wrong. */
export function networkNamed(c: Compilation, name: string): NetworkNode | 'error' | undefined {
  const declared = c.program.names.get(name)
  if (declared?.node.kind !== 'network') return undefined
  declared.uses++
  const value = evaluateDeclared(c, declared, undefined)
  return value.kind === 'network' ? value.network : 'error'
}

/** One call in the text is one pass, in training mode, with its own batch statistics. */
export function callNetwork(c: Compilation, network: NetworkNode, written: WrittenCall, scope: Scope): Value {
  const known = c.calls.get(written.expression)
  if (known) return known
  const value = passOf(c, network, written, scope)
  c.calls.set(written.expression, value)
  return value
}

function passOf(c: Compilation, network: NetworkNode, written: WrittenCall, scope: Scope): PassValue {
  const batch = batchOf(c, network, written, scope)
  const node = batch?.node ?? c.context.node({ op: 'unknown', inputs: [] }, written.at)
  return {
    kind: 'pass',
    node: c.context.node({ op: 'forward', network, batch: node }, written.at),
    network,
    batch: batch ?? unknownBatch(node, written.at),
  }
}

/** The one batch that a network is called with; undefined where something is wrong with it. */
function batchOf(
  c: Compilation,
  network: NetworkNode,
  written: WrittenCall,
  scope: Scope,
): BatchValue | undefined {
  const given = written.piped ? [written.piped] : []
  for (const argument of written.arguments) {
    const at = locate(scope, argument.value)
    if (argument.name && argument.name.text !== 'batch') {
      c.reporter.report('SAU2003', {
        gaps: { function: network.name, name: argument.name.text },
        labels: [labelled({ file: scope.file, span: argument.name.span })],
        help: 'a network takes one batch',
      })
      checkLoosely(c, argument.value, scope)
      return undefined
    }
    given.push({ value: evaluate(c, argument.value, scope, { kind: 'batch', classes: undefined }), at })
  }
  const [first, second] = given
  if (!first) {
    c.reporter.report('SAU2013', {
      gaps: { function: network.name, name: 'batch', type: 'the images to look at' },
      labels: [labelled(written.callee)],
      help: `write \`${network.name}(stream.view)\``,
    })
    return undefined
  }
  if (second) {
    c.reporter.report('SAU2014', {
      gaps: { function: network.name, most: '1 argument', signature: 'batch' },
      labels: [labelled(second.at)],
    })
    return undefined
  }
  const batch = takeBatch(c, network, first.value, first.at)
  if (batch) bindOrCheck(c, network, batch, first.at)
  return batch
}

function takeBatch(c: Compilation, network: NetworkNode, value: Value, at: Location): BatchValue | undefined {
  if (value.kind === 'batch') return value
  const site = { context: c.context, at, subject: `the network \`${network.name}\`` }
  return reportMismatch(site, { kind: 'batch', classes: undefined }, value, 'write `stream.view`')
}

/**
 * The first batch that reaches a network says what it is built for; the others must agree. What is not known
 * of the first, the next one says.
 */
function bindOrCheck(c: Compilation, network: NetworkNode, batch: BatchValue, call: Location): void {
  const offered = {
    dataset: batch.dataset,
    view: batch.view.identity,
    input: batch.view.output,
    call,
  }
  const { binding } = network
  if (!binding) {
    network.binding = offered
    checkHalvings(c, network, batch, call)
    return
  }
  const { dataset, view, input } = offered
  network.binding = {
    ...binding,
    ...(classCountOf(binding.dataset) === undefined && { dataset }),
    ...(binding.input === undefined && { view, input }),
  }
  if (binding.input === undefined) checkHalvings(c, network, batch, call)
  checkSameClasses(c.context, binding.dataset, batch.dataset, call)
  checkInputSize(c.context, batch.view, network, binding, call)
}

/** Reports images that are too small for a network: a picture of one pixel would be halved. */
function checkHalvings(c: Compilation, network: NetworkNode, { view }: BatchValue, call: Location): void {
  const { backbone } = network
  if (!backbone || !view.output) return
  const count = halvings(backbone)
  const { height, width } = view.output
  if (sizeAfterHalvings(Math.min(height, width), count) !== undefined) return
  const name = backboneName(backbone)
  const isLarge = backbone.op === 'resnet' && backbone.stem === 'imagenet'
  c.reporter.report('SAU3120', {
    gaps: { backbone: name, halvings: count, size: showShape(view.output) },
    labels: [
      labelled(view.identity.at, `ends at ${showShape(view.output)}`),
      labelled(call, `feeds \`${network.name}\``),
      labelled(network.at, `halves them ${count} times`),
    ],
    help: isLarge
      ? 'write `stem: small`, which is made for small images'
      : 'let the view end at larger images',
  })
}

function isComplete(binding: NetworkBinding | undefined): boolean {
  return binding?.input !== undefined && classCountOf(binding.dataset) !== undefined
}

/** What a network is built for, looked for among its calls where none has been checked yet. */
export function bindingOf(c: Compilation, network: NetworkNode): NetworkBinding | undefined {
  if (isComplete(network.binding) || c.searched.has(network.name)) return network.binding
  c.searched.add(network.name)
  for (const { root, scope } of expressionsNaming(c, network.name)) {
    walk(root, (e) => {
      const argument = isComplete(network.binding) ? undefined : argumentOfCall(e, network.name)
      if (!argument) return
      const value = evaluate(c, argument, scope, { kind: 'batch', classes: undefined })
      if (value.kind === 'batch' && !isComplete(network.binding))
        bindOrCheck(c, network, value, locate(scope, argument))
    })
    if (isComplete(network.binding)) break
  }
  if (!network.binding) c.searched.delete(network.name)
  return network.binding
}

/** Reports a network that is read somewhere and called nowhere. */
export function reportUntrained(c: Compilation, network: NetworkNode, use: Location): void {
  // Its calls may stand in the part that could not be read.
  if (c.reporter.hasSyntaxErrors) return
  if (expressionsNaming(c, network.name).length > 0) return
  c.reporter.report('SAU3307', {
    gaps: { network: network.name },
    labels: [labelled(use), labelled(network.at, 'never called')],
  })
}

/** The batch of `net(batch)` or `batch |> net`. */
function argumentOfCall(e: Expression, network: string): Expression | undefined {
  const isNetwork = (callee: Expression) => callee.kind === 'name' && callee.name === network
  if (e.kind === 'call' && isNetwork(e.callee)) return e.arguments[0]?.value
  if (e.kind === 'pipe' && isNetwork(e.right.kind === 'call' ? e.right.callee : e.right)) return e.left
  return undefined
}

interface StepExpression {
  readonly root: Expression
  readonly scope: Scope
}

/** Expressions of the step by the names that stand in them: thousands of networks may be looked for. */
const byName = new WeakMap<Program, ReadonlyMap<string, readonly StepExpression[]>>()

function expressionsNaming(c: Compilation, name: string): readonly StepExpression[] {
  const known = byName.get(c.program) ?? indexByName(c)
  byName.set(c.program, known)
  return known.get(name) ?? []
}

function indexByName(c: Compilation): ReadonlyMap<string, readonly StepExpression[]> {
  const index = new Map<string, StepExpression[]>()
  for (const expression of stepExpressions(c)) {
    const names = new Set<string>()
    walk(expression.root, (e) => {
      if (e.kind === 'name') names.add(e.name)
    })
    for (const name of names) {
      const known = index.get(name)
      if (known) known.push(expression)
      else index.set(name, [expression])
    }
  }
  return index
}

/** Every expression that may call a network, in textual order. */
function* stepExpressions(c: Compilation): Generator<StepExpression> {
  const scopeOf = (
    file: string,
    branch: DeclaredBranch | undefined,
    kind: string,
    name: string,
    root: Expression,
  ) => ({
    file,
    branch,
    network: undefined,
    owner: { kind, name, root, declared: undefined },
  })
  for (const declared of c.program.names.values()) {
    if (declared.node.kind !== 'let') continue
    const root = declared.node.value
    yield { root, scope: scopeOf(declared.file, undefined, 'let', declared.name, root) }
  }
  for (const branch of c.program.branches.values()) {
    for (const statement of branch.node.statements) {
      const root = statement.value
      const name = `${branch.name}.${statement.name.text}`
      yield { root, scope: scopeOf(branch.file, branch, statement.kind, name, root) }
    }
  }
}

// ---- declarations -----------------------------------------------------------------------------------------

/** Names that heads may not have: those by which `freeze` knows the backbone, and those of its weights. */
function partNames(backbone: Backbone): readonly string[] {
  const layers = backbone.blocks.map((_, stage) => `layer${stage + 1}`)
  return ['backbone', ...backboneParts(backbone), 'conv1', 'bn1', ...layers]
}

/** Heads of a `network` declaration, with those of the network it copies. */
export function collectHeads(
  c: Compilation,
  network: string,
  backbone: Backbone | undefined,
  inherited: NetworkNode['declarations'],
  heads: readonly HeadDeclaration[],
  file: string,
): Map<string, { readonly node: HeadDeclaration; readonly file: string }> {
  const all = new Map(inherited)
  for (const node of heads) {
    const name = node.name.text
    if (name === '') continue
    const known = all.get(name)
    if (known) {
      c.reporter.report('SAU2007', {
        gaps: { name },
        labels: [
          labelled({ file, span: node.name.span }, 'declared again'),
          labelled({ file: known.file, span: known.node.name.span }, 'first declared here'),
        ],
        help: 'give one of them another name',
      })
      continue
    }
    all.set(name, { node, file })
    if (backbone && partNames(backbone).includes(name)) {
      c.reporter.report('SAU3124', {
        gaps: { network, name },
        labels: [labelled({ file, span: node.name.span })],
      })
    }
  }
  return all
}

/** A head of a network, checked once. */
export function headOf(c: Compilation, network: NetworkNode, name: string): HeadNode | undefined {
  const known = network.heads.get(name)
  if (known) return known
  const declaration = network.declarations.get(name)
  if (!declaration) return undefined
  const { node, file } = declaration
  const at = { file, span: node.span }
  // Known while it is being checked, so that a head that names itself ends.
  network.heads.set(name, { name, at, layers: undefined, output: undefined })
  const scope: Scope = {
    file,
    branch: undefined,
    network,
    owner: { kind: 'head', name: `${network.name}.${name}`, root: node.value, declared: undefined },
  }
  const value = c.reporter.afresh(() => evaluate(c, node.value, scope, types.layers))
  const site = { context: c.context, at: locate(scope, node.value), subject: `the head \`${name}\`` }
  const layers = value.kind === 'layers' ? value : reportMismatch(site, types.layers, value)
  const output = layers && outputOf(c, network, layers)
  const head = { name, at, layers, output }
  network.heads.set(name, head)
  return head
}

/** What a head gives; reports a classifier whose outputs are not the classes of the data. */
function outputOf(c: Compilation, network: NetworkNode, layers: LayersValue): HeadNode['output'] {
  // A head that only scales the features has their size.
  const { backbone } = network
  let size = backbone && featureSize(backbone)
  for (const { layer } of layers.layers) {
    if (layer.op === 'linear' || layer.op === 'cosine') size = layer.size
    if (layer.op === 'mlp') size = layer.sizes.at(-1)
    if (layer.op === 'unknown' && layer.like !== 'l2_normalize') size = undefined
  }
  const last = layers.layers.at(-1)
  const op = last && (last.layer.op === 'unknown' ? last.layer.like : last.layer.op)
  if (!last || !op) return undefined
  if (op === 'mlp') return { kind: 'embedding', size, unitLength: false }
  const binding = bindingOf(c, network)
  if (op === 'l2_normalize') return { kind: 'embedding', size, unitLength: true }
  const classes = binding && classCountOf(binding.dataset)
  if (!binding || size === undefined || classes === undefined || classes === size)
    return { kind: 'logits', size, unitLength: false }
  c.reporter.report('SAU3102', {
    gaps: { outputs: size, dataset: binding.dataset.name, classes, example: `${op}(classes)` },
    labels: [labelled(last.at, `${size} outputs`), labelled(binding.dataset.at, `${classes} classes`)],
  })
  return { kind: 'logits', size: undefined, unitLength: false }
}
