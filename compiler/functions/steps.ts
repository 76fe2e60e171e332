// What a step computes from batches and what the network says about them: mixup, cutmix, correct, supcon, cross_entropy.
import { checkSameClasses } from '../checking/classes.js'
import { type Location, labelled } from '../diagnostics/reporter.js'
import { describeValue } from '../types/describe.js'
import { type Type, types } from '../types/type.js'
import type {
  BatchValue,
  EmbeddingValue,
  LabelsValue,
  LogitsValue,
  MemoryValue,
  Rows,
  ScalarValue,
  StepNodeDraft,
} from '../types/value.js'
import {
  type Call,
  declareFunction,
  defaulting,
  optional,
  type RuleContext,
  required,
  type Slot,
} from './declaration.js'
import { choice, only, real, reportMismatch, seed } from './slots.js'
import { sameShape, showShape } from './views.js'

const K = { variable: 'K' }
const d = { variable: 'd' }

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
  if (!checkSameClasses(context, first.dataset, second.dataset, call.at)) return undefined
  const [one, two] = [first.view.output, second.view.output]
  if (!sameShape(one, two)) {
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
  return {
    kind: 'batch',
    node: context.node(make(first.node, second.node), call.at),
    rows: {
      key: `mix ${call.at.file} ${call.at.span.start}`,
      name: `a mix of ${first.rows.name} and ${second.rows.name}`,
    },
    mixed: true,
    stream: first.stream,
    view: first.view,
    dataset: first.dataset,
  }
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

function labelsOf(name: string, forms: readonly LabelsValue['form'][]): Slot<LabelsValue> {
  const type: Type = { kind: 'labels', form: forms.length === 1 ? forms[0] : undefined, classes: K }
  return {
    type,
    take(value, site) {
      if (value.kind !== 'labels') {
        return reportMismatch(site, { kind: 'labels', form: undefined, classes: undefined }, value)
      }
      if (forms.includes(value.form)) return value
      site.context.reporter.report('SAU3201', {
        gaps: { function: name, expected: forms.join(' or '), found: value.form },
        labels: [labelled(site.at, `${value.form} labels`), labelled(value.node.at, 'made here')],
        help:
          value.form === 'soft'
            ? 'mixing makes labels soft; read the labels of a stream: `stream.labels`'
            : 'corrected labels may hold noise; they are for `supcon`',
      })
      return undefined
    },
  }
}

const embedding: Slot<EmbeddingValue> = only('embedding', { kind: 'embedding', size: d, unitLength: true })

/** One embedding, or a list of them, one per view, each with its place. */
const embeddings: Slot<readonly { readonly value: EmbeddingValue; readonly at: Location }[]> = {
  type: { kind: 'list', of: embedding.type },
  take(value, site) {
    if (value.kind !== 'list') {
      const single = embedding.take(value, site)
      return single && [{ value: single, at: site.at }]
    }
    if (value.items.length === 0) return reportMismatch(site, embeddings.type, value)
    const taken = value.items.map((item, index) => {
      const one = embedding.take(item.value, {
        ...site,
        at: item.at,
        subject: `item ${index + 1} of ${site.subject}`,
      })
      return one && { value: one, at: item.at }
    })
    const complete = taken.filter((item) => item !== undefined)
    return complete.length === taken.length ? complete : undefined
  },
}

type Embeddings = readonly { readonly value: EmbeddingValue; readonly at: Location }[]

/** Unit length, rows of one batch, one size. */
function checkEmbeddings(context: RuleContext, name: string, z: Embeddings): boolean {
  for (const { value, at } of z) {
    if (value.unitLength) continue
    const head = `${value.network.name}.${value.head.name}`
    context.reporter.report('SAU3203', {
      gaps: { function: name, head },
      labels: [labelled(at, 'not of unit length'), labelled(value.head.at, 'does not end in `l2_normalize`')],
      help: 'end the head in `|> l2_normalize`',
      fix: {
        title: 'add |> l2_normalize',
        file: value.head.at.file,
        span: { start: value.head.at.span.end, end: value.head.at.span.end },
        replacement: ' |> l2_normalize',
      },
    })
    return false
  }
  const [first, ...others] = z
  return others.every((other) => !first || checkRows(context, first.value, first.at, other.value, other.at))
}

function checkRows(
  context: RuleContext,
  first: { readonly rows: Rows },
  firstAt: Location,
  second: { readonly rows: Rows },
  secondAt: Location,
): boolean {
  if (first.rows.key === second.rows.key) return true
  context.reporter.report('SAU3206', {
    gaps: { first: first.rows.name, second: second.rows.name },
    labels: [labelled(secondAt, `of ${second.rows.name}`), labelled(firstAt, `of ${first.rows.name}`)],
  })
  return false
}

/** Embeddings and the views of prototypes pair by position, and both come from one head. */
function checkPairing(
  context: RuleContext,
  z: Embeddings,
  zAt: Location,
  memory: MemoryValue,
  at: Location,
): boolean {
  const name = memory.identity?.name ?? 'the memory'
  const other = z.find(({ value }) => value.head !== memory.head)
  if (other) {
    context.reporter.report('SAU3205', {
      gaps: {
        memory: name,
        held: `${memory.network.name}.${memory.head.name}`,
        given: `${other.value.network.name}.${other.value.head.name}`,
      },
      labels: [labelled(other.at), labelled(memory.identity?.at ?? at, 'made of another head')],
    })
    return false
  }
  if (z.length !== memory.views.length) {
    context.reporter.report('SAU3204', {
      gaps: {
        what: `a list of ${z.length}`,
        memory: name,
        difference: `it holds one mean for each of ${memory.views.length} views`,
      },
      labels: [
        labelled(zAt, `${z.length} of them`),
        labelled(memory.identity?.at ?? at, `${memory.views.length} views`),
      ],
      help: 'give one embedding per view, in the order of the views of the memory',
    })
    return false
  }
  const position = z.findIndex(({ value }, index) => value.view.at !== memory.views[index]?.identity.at)
  const unpaired = z[position]
  if (!unpaired) return true
  const expected = memory.views[position]?.identity.name ?? ''
  context.reporter.report('SAU3204', {
    gaps: {
      what: `the embedding of view \`${unpaired.value.view.name}\``,
      memory: name,
      difference: `its view ${position + 1} is \`${expected}\``,
    },
    labels: [
      labelled(unpaired.at, `view \`${unpaired.value.view.name}\``),
      labelled(memory.identity?.at ?? at, `view \`${expected}\` here`),
    ],
    help: 'give one embedding per view, in the order of the views of the memory',
  })
  return false
}

const prototypes = only('memory', { kind: 'prototypes', classes: K, size: d })

const correct = declareFunction({
  name: 'correct',
  group: 'step',
  doc: 'Finds synthetic images whose nearest neighbour among the real images of the batch and the prototypes has, in some view, another label, and treats them as noise (Li et al., ICONIP 2024).',
  parameters: {
    labels: required(labelsOf('correct', ['hard']), 'the labels as they are'),
    z: required(embeddings, 'embeddings, one per view'),
    origin: required(only('origins', { kind: 'origins' }), 'which images are synthetic'),
    against: required(prototypes, 'class means, one per view'),
    on_noise: defaulting(
      choice('correction', ['pos_neg', 'neg_only', 'drop']),
      'pos_neg',
      'what becomes of an image whose label is wrong',
    ),
  },
  result: { kind: 'labels', form: 'corrected', classes: K },
  apply(a, call) {
    const { context, where } = call
    const first = a.z[0]
    if (!first || !checkEmbeddings(context, 'correct', a.z)) return undefined
    if (!checkRows(context, first.value, first.at, a.labels, where.labels)) return undefined
    if (!checkRows(context, a.labels, where.labels, a.origin, where.origin)) return undefined
    if (!checkPairing(context, a.z, where.z, a.against, where.against)) return undefined
    const node = context.node(
      {
        op: 'correct',
        labels: a.labels.node,
        embeddings: a.z.map(({ value }) => value.node),
        origin: a.origin.node,
        against: a.against,
        onNoise: a.on_noise,
      },
      call.at,
    )
    return { kind: 'labels', node, form: 'corrected', rows: a.labels.rows, dataset: a.labels.dataset }
  },
})

function loss(node: StepNodeDraft): ScalarValue {
  return { kind: 'scalar', scalar: { op: 'draft_node', node }, loss: true, condition: false }
}

const supcon = declareFunction({
  name: 'supcon',
  group: 'step',
  doc: 'Supervised contrastive loss: pulls images of one class together and others apart (Khosla et al., NeurIPS 2020), with prototypes among them where given.',
  parameters: {
    z: required(embeddings, 'embeddings of unit length, one per view'),
    labels: required(labelsOf('supcon', ['hard', 'corrected']), 'their labels'),
    with: optional(prototypes, 'class means that join the batch, one per class and view'),
    temperature: defaulting(real({ above: 0 }), 0.1, 'what similarities are divided by'),
  },
  result: types.loss,
  apply(a, call) {
    const { context, where } = call
    const first = a.z[0]
    if (!first || !checkEmbeddings(context, 'supcon', a.z)) return undefined
    if (!checkRows(context, first.value, first.at, a.labels, where.labels)) return undefined
    if (a.with && !checkPairing(context, a.z, where.z, a.with, where.with)) return undefined
    return loss(
      context.node(
        {
          op: 'supcon',
          embeddings: a.z.map(({ value }) => value.node),
          labels: a.labels.node,
          with: a.with,
          temperature: a.temperature,
        },
        call.at,
      ),
    )
  },
})

const logits: Slot<LogitsValue> = {
  type: { kind: 'logits', classes: K },
  take(value, site) {
    if (value.kind === 'logits') return value
    if (value.kind === 'error') return undefined
    const made = value.kind === 'embedding' ? [labelled(value.head.at, 'gives an embedding')] : []
    site.context.reporter.report('SAU3202', {
      gaps: { found: describeValue(value) },
      labels: [labelled(site.at), ...made],
    })
    return undefined
  },
}

const crossEntropy = declareFunction({
  name: 'cross_entropy',
  group: 'step',
  doc: 'The mean of -sum(target * log softmax(logits)) over the batch.',
  parameters: {
    logits: required(logits, 'what a classifier says'),
    labels: required(labelsOf('cross_entropy', ['hard', 'soft']), 'the labels of the same batch'),
  },
  result: types.loss,
  apply(a, call) {
    if (!checkRows(call.context, a.logits, call.where.logits, a.labels, call.where.labels)) return undefined
    return loss(
      call.context.node({ op: 'cross_entropy', logits: a.logits.node, labels: a.labels.node }, call.at),
    )
  },
})

export const stepFunctions = [mixup, cutmix, correct, supcon, crossEntropy]
