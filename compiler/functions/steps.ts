// Mixing of batches, and cross-entropy.

import { labelled } from '../diagnostics/reporter.js'
import { describeValue } from '../types/describe.js'
import type { NetworkNode } from '../types/network-node.js'
import type { StepNodeDraft } from '../types/step-draft.js'
import { types } from '../types/type.js'
import { unknownBatch } from '../types/unknown.js'
import type { BatchValue, LogitsValue } from '../types/value.js'
import { checkSameClasses } from './class-agreement.js'
import {
  type Call,
  declareFunction,
  defaulting,
  optional,
  type RuleContext,
  required,
  type Slot,
} from './declaration.js'
import { choice, probability, real, reportMismatch, seed } from './slots.js'
import { checkRows, K, labelsOf, loss, unknownNode } from './step-values.js'
import { sameShape, showShape } from './views.js'

const batch: Slot<BatchValue> = {
  type: { kind: 'batch', classes: K },
  take(value, site) {
    if (value.kind !== 'batch') {
      return reportMismatch(site, { kind: 'batch', classes: undefined }, value, 'write `stream.view`')
    }
    if (!value.mixed) return value
    site.context.reporter.report('SAU3001', {
      gaps: { subject: site.subject, expected: 'a batch of one stream', found: 'a mixed batch' },
      labels: [labelled(site.at)],
      help: undefined,
    })
    return undefined
  },
}

const alpha = defaulting(real({ above: 0 }), 1, 'both parameters of the Beta distribution of lambda', '1.0')

/** Mixes two batches; rows of the result belong to no single stream. */
function mix(
  call: Call<'first' | 'second'>,
  first: BatchValue,
  second: BatchValue,
  make: (first: StepNodeDraft, second: StepNodeDraft) => Parameters<RuleContext['node']>[0],
): BatchValue | undefined {
  const { context } = call
  const same = checkSameClasses(context, first.dataset, second.dataset, call.at)
  const [one, two] = [first.view.output, second.view.output]
  if (one && two && !sameShape(one, two)) {
    context.reporter.report('SAU3112', {
      gaps: {
        first: first.view.identity.name,
        firstSize: showShape(one),
        second: second.view.identity.name,
        secondSize: showShape(two),
      },
      labels: [
        labelled(call.where.second, `${showShape(two)} images`),
        labelled(call.where.first, `${showShape(one)} images`),
      ],
    })
    return undefined
  }
  if (!same) return undefined
  return mixOf(call, first, second, context.node(make(first.node, second.node), call.at))
}

function mixOf(
  call: Call,
  first: BatchValue | undefined,
  second: BatchValue | undefined,
  node: StepNodeDraft,
): BatchValue {
  const known = first ?? second ?? unknownBatch(node, call.at)
  const names = [first?.rows?.name, second?.rows?.name].filter((name) => name !== undefined)
  return {
    ...known,
    node,
    rows: {
      key: `mix ${call.at.file} ${call.at.span.start}`,
      name: `a mix of ${names.join(' and ')}`,
    },
    mixed: true,
  }
}

/** A mix is a mix whatever is wrong with one of its batches. */
function recoverMix(
  a: { readonly first: BatchValue | undefined; readonly second: BatchValue | undefined },
  call: Call,
): BatchValue {
  return mixOf(call, a.first, a.second, unknownNode(call.context, call.at, a.first, a.second))
}

const mixup = declareFunction({
  name: 'mixup',
  group: 'step',
  doc: 'Mixes images and labels of two batches with one lambda ~ Beta(alpha, alpha): x = lambda x1 + (1 - lambda) x2 (Zhang et al., ICLR 2018). Labels become soft.',
  parameters: {
    first: required(batch, 'the batch that lambda weighs'),
    second: required(batch, 'the batch that 1 - lambda weighs'),
    alpha,
    seed: optional(seed, 'the seed of the lambdas'),
  },
  result: { kind: 'batch', classes: K },
  recover: recoverMix,
  apply(a, call) {
    const drawn = a.seed ?? call.seed()
    return mix(call, a.first, a.second, (first, second) => ({
      op: 'mixup',
      first,
      second,
      alpha: a.alpha,
      seed: drawn,
    }))
  },
})

const cutmix = declareFunction({
  name: 'cutmix',
  group: 'step',
  doc: 'Pastes a box of the second batch into the first and mixes the labels (Yun et al., ICCV 2019). Labels become soft.',
  parameters: {
    first: required(batch, 'the batch that is pasted into'),
    second: required(batch, 'the batch that boxes are cut from'),
    alpha,
    target: defaulting(
      choice('target', ['area', 'drawn']),
      'area',
      'the weight of the labels: the share of the pasted box, or the lambda as it was drawn',
    ),
    seed: optional(seed, 'the seed of the lambdas and boxes'),
  },
  result: { kind: 'batch', classes: K },
  recover: recoverMix,
  apply(a, call) {
    const drawn = a.seed ?? call.seed()
    return mix(call, a.first, a.second, (first, second) => ({
      op: 'cutmix',
      first,
      second,
      alpha: a.alpha,
      target: a.target,
      seed: drawn,
    }))
  },
})

/** What to write behind a call of a network. */
function nameHead(network: NetworkNode): string | undefined {
  const embeds = (name: string) => network.heads.get(name)?.output?.kind === 'embedding'
  const heads = [...network.declarations.keys()].filter((name) => !embeds(name))
  return heads.length > 0 ? `name a head: ${heads.map((name) => `\`.${name}\``).join(' or ')}` : undefined
}

const logits: Slot<LogitsValue> = {
  type: { kind: 'logits', classes: K },
  take(value, site) {
    if (value.kind === 'logits') return value
    if (value.kind === 'error') return undefined
    const made = value.kind === 'embedding' ? [labelled(value.head.at, 'gives an embedding')] : []
    site.context.reporter.report('SAU3202', {
      gaps: { found: describeValue(value) },
      labels: [labelled(site.at), ...made],
      help: value.kind === 'pass' ? nameHead(value.network) : undefined,
    })
    return undefined
  },
}

const crossEntropy = declareFunction({
  name: 'cross_entropy',
  group: 'step',
  doc: 'The mean of -sum(target * log softmax(logits)) over the batch. `label_smoothing` e of K classes makes targets (1 - e) * target + e / K (Szegedy et al., CVPR 2016).',
  parameters: {
    logits: required(logits, 'what a classifier says'),
    labels: required(labelsOf('cross_entropy', ['hard', 'soft']), 'the labels of the same batch'),
    label_smoothing: defaulting(probability, 0, 'the share of each target that all classes get alike'),
  },
  result: types.loss,
  recover: (a, call) => loss(unknownNode(call.context, call.at, a.logits, a.labels)),
  apply(a, call) {
    if (!checkRows(call.context, a.logits, call.where.logits, a.labels, call.where.labels)) return undefined
    const smoothing = a.label_smoothing === 0 ? {} : { labelSmoothing: a.label_smoothing }
    const [logitsNode, labelsNode] = [a.logits.node, a.labels.node]
    return loss(
      call.context.node(
        { op: 'cross_entropy', logits: logitsNode, labels: labelsNode, ...smoothing },
        call.at,
      ),
    )
  },
})

export const stepFunctions = [mixup, cutmix, crossEntropy]
