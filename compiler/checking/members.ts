// What stands behind a dot: views and fields of streams, fields of batches, heads of networks, losses of
// branches.
import { nearestName } from '../../grammar/nearest-name.js'
import type { MemberExpression } from '../../grammar/syntax.js'
import { type Location, labelled } from '../diagnostics/reporter.js'
import { applyView } from '../functions/applied-view.js'
import { hasReal, hasSynthetic } from '../functions/data-transforms.js'
import { backboneParts } from '../plan/backbones.js'
import { describeValue, showNames } from '../types/describe.js'
import type { HeadNode, NetworkNode } from '../types/network-node.js'
import { unknownLoss } from '../types/unknown.js'
import { type BatchValue, errorValue, type PassValue, type StreamValue, type Value } from '../types/value.js'
import type { Compilation, Scope } from './compilation.js'
import { evaluateDeclared, evaluateLoss } from './declarations.js'
import { evaluate, locate } from './expressions.js'
import { namesOfKind } from './names.js'
import { headOf } from './networks.js'

export function evaluateMember(c: Compilation, e: MemberExpression, scope: Scope): Value {
  const object = evaluate(c, e.object, scope)
  const at = locate(scope, e)
  const memberAt = { file: scope.file, span: e.member.span }
  const name = e.member.text
  switch (object.kind) {
    case 'error':
      c.doubtful.add(name)
      return errorValue
    case 'stream':
      return streamMember(c, object, name, at, memberAt)
    case 'batch':
      return batchMember(c, object, name, at, memberAt)
    case 'network':
      return networkMember(c, object.network, name, memberAt, scope)
    case 'pass':
      return passHead(c, object, name, at, memberAt)
    case 'branch':
      return branchLoss(c, object.name, name, memberAt)
    default:
      if (name === '') return errorValue
      return unknownMember(c, describeValue(object), name, memberAt, [])
  }
}

function unknownMember(
  c: Compilation,
  subject: string,
  name: string,
  at: Location,
  candidates: Iterable<string>,
  help?: string,
): Value {
  if (name === '') return errorValue
  const nearest = nearestName(name, candidates, c.effort)
  // A view, head or loss may be one of the file that could not be read.
  if (nearest === undefined && c.program.importsMissing) return errorValue
  if (nearest !== undefined) {
    c.doubtful.add(nearest)
    const declared = c.program.names.get(nearest)
    if (declared) declared.uses++
  }
  const known = showNames(candidates)
  c.reporter.report('SAU2005', {
    gaps: { subject, name },
    labels: [labelled(at)],
    help: nearest ? `did you mean \`${nearest}\`?` : (help ?? (known === '' ? undefined : `it has ${known}`)),
    fix: nearest === undefined ? undefined : { title: `write ${nearest}`, ...at, replacement: nearest },
  })
  return errorValue
}

// ---- streams and batches ----------------------------------------------------------------------------------

function streamMember(
  c: Compilation,
  stream: StreamValue,
  name: string,
  at: Location,
  memberAt: Location,
): Value {
  const streamName = stream.identity?.name ?? ''
  const rows = { key: `stream ${streamName}`, name: `stream \`${streamName}\`` }
  if (name === 'labels' || name === 'origin' || name === 'index') {
    if (name === 'origin') hasBothOrigins(c, stream, at)
    const node = c.context.node({ op: 'stream_field', stream, field: name }, at)
    if (name === 'labels') return { kind: 'labels', node, form: 'hard', rows, dataset: stream.dataset }
    return name === 'origin'
      ? { kind: 'origins', node, rows, dataset: stream.dataset }
      : { kind: 'indices', node, rows }
  }
  const declared = c.program.names.get(name)
  if (!declared || (declared.node.kind !== 'view' && declared.node.kind !== 'let')) {
    if (c.program.unreadable.has(name)) return errorValue
    if (declared) declared.uses++
    return unknownMember(c, `the stream \`${streamName}\``, name, memberAt, streamMembers(c))
  }
  declared.uses++
  const view = evaluateDeclared(c, declared, { kind: 'view' })
  if (view.kind !== 'view' || !view.identity) {
    if (view.kind === 'error') return errorValue
    return unknownMember(
      c,
      `the stream \`${streamName}\``,
      name,
      memberAt,
      [],
      `\`${name}\` is ${describeValue(view)}; write \`view ${name} = ...\``,
    )
  }
  const key = `${streamName} ${view.identity.name} ${view.identity.at.file} ${view.identity.at.span.start}`
  const known = c.batches.get(key)
  if (known) return known
  const applied = applyView(c.context, view.operations, view.identity, stream.dataset, at)
  const batch: Value = {
    kind: 'batch',
    // One draw however often it is written, so it belongs to no branch that may not be taken.
    node: { make: { op: 'batch', stream, view: applied }, at, untaken: false },
    rows,
    mixed: false,
    stream,
    view: applied,
    dataset: stream.dataset,
  }
  c.batches.set(key, batch)
  return batch
}

/** What may stand behind the dot of a stream; it can be looked through again and again. */
function streamMembers(c: Compilation): Iterable<string> {
  return {
    *[Symbol.iterator]() {
      yield* namesOfKind(c, 'view')
      yield* ['labels', 'origin', 'index']
    },
  }
}

/** Reading the origin makes sense only where both origins are there. */
function hasBothOrigins(c: Compilation, stream: StreamValue, at: Location): void {
  const { dataset } = stream
  if ((hasReal(dataset) && hasSynthetic(dataset)) || dataset.unknown.counts) return
  c.reporter.report('SAU4103', {
    gaps: {
      what: 'the origin of images',
      dataset: dataset.name,
      origin: hasSynthetic(dataset) ? 'synthetic' : 'real',
    },
    labels: [
      labelled(at, 'read here'),
      labelled(dataset.at, hasSynthetic(dataset) ? 'no real images' : 'no synthetic images'),
    ],
    help: 'bring both together: `fill(real, from: synthetic)`; without synthetic images there is nothing to correct',
  })
}

function batchMember(
  c: Compilation,
  batch: BatchValue,
  name: string,
  at: Location,
  memberAt: Location,
): Value {
  if (name === 'images') return batch
  if (name === 'labels' || name === 'origin' || name === 'index') {
    if (batch.mixed && name !== 'labels') {
      c.reporter.report('SAU3207', { gaps: { field: name }, labels: [labelled(memberAt)] })
      return errorValue
    }
    if (name === 'origin') hasBothOrigins(c, batch.stream, at)
    const node = c.context.node({ op: 'batch_field', batch: batch.node, field: name }, at)
    const { rows, dataset } = batch
    if (name === 'labels') return { kind: 'labels', node, form: batch.mixed ? 'soft' : 'hard', rows, dataset }
    return name === 'origin' ? { kind: 'origins', node, rows, dataset } : { kind: 'indices', node, rows }
  }
  return unknownMember(c, 'a batch', name, memberAt, ['images', 'labels', 'origin', 'index'])
}

// ---- heads and losses -------------------------------------------------------------------------------------

function findHead(
  c: Compilation,
  network: NetworkNode,
  name: string,
  at: Location,
  others: readonly string[] = [],
): HeadNode | undefined {
  if (network.declarations.has(name)) {
    c.headUses.add(`${network.name}.${name}`)
    return headOf(c, network, name)
  }
  unknownMember(
    c,
    `the network \`${network.name}\``,
    name,
    at,
    [...network.declarations.keys(), ...others],
    network.declarations.size === 0 ? 'give it one: `{ head logits = linear(classes) }`' : undefined,
  )
  return undefined
}

/** A head of a network; or, for `freeze`, a part of its backbone. */
function networkMember(
  c: Compilation,
  network: NetworkNode,
  name: string,
  at: Location,
  scope: Scope,
): Value {
  const parts = network.backbone ? ['backbone', ...backboneParts(network.backbone)] : []
  if (parts.includes(name) && !network.declarations.has(name)) {
    const { at: declared } = network
    return { kind: 'part', network, part: { kind: 'backbone', name }, at, declared }
  }
  const isFreezing = scope.owner.kind === 'train' && scope.owner.name === 'freeze'
  const head = findHead(c, network, name, at, isFreezing ? parts : [])
  return head ? { kind: 'head', network, head } : errorValue
}

function passHead(c: Compilation, pass: PassValue, name: string, at: Location, memberAt: Location): Value {
  const head = findHead(c, pass.network, name, memberAt)
  if (!head?.output) return errorValue
  const node = c.context.node({ op: 'head', pass: pass.node, head: name }, at)
  const { rows } = pass.batch
  if (head.output.kind === 'logits') return { kind: 'logits', node, classes: head.output.size, rows }
  return {
    kind: 'embedding',
    node,
    size: head.output.size,
    unitLength: head.output.unitLength,
    rows,
    view: pass.batch.rows && pass.batch.view.identity,
    mixed: pass.batch.mixed,
    network: pass.network,
    head,
  }
}

function branchLoss(c: Compilation, branchName: string, name: string, at: Location): Value {
  const branch = c.program.branches.get(branchName)
  const loss = branch?.losses.get(name)
  if (branch && loss) {
    loss.uses++
    return evaluateLoss(c, branch, loss)
  }
  const declaredLet = branch?.lets.get(name)
  const value = declaredLet && evaluateDeclared(c, declaredLet, undefined)
  const isLoss = value?.kind === 'scalar' && value.loss
  if (declaredLet) declaredLet.uses++
  unknownMember(
    c,
    `the branch \`${branchName}\``,
    name,
    at,
    [...(branch?.losses.keys() ?? [])],
    declaredLet &&
      `\`${name}\` is a \`let\`, which only its own branch can read; ${isLoss ? 'make it a `loss`' : 'take it out of the branch to share it'}`,
  )
  return declaredLet && !isLoss ? errorValue : unknownLoss
}
