// Label correction and the supervised contrastive loss.
import { type Location, labelled } from '../diagnostics/reporter.js'
import { types } from '../types/type.js'
import { unknownDataset } from '../types/unknown.js'
import type { EmbeddingValue, MemoryValue } from '../types/value.js'
import {
  declareFunction,
  defaulting,
  optional,
  type RuleContext,
  required,
  type Slot,
} from './declaration.js'
import { choice, only, real, reportMismatch } from './slots.js'
import { checkRows, d, K, labelsOf, loss, unknownNode } from './step-values.js'

const embedding: Slot<EmbeddingValue> = only('embedding', { kind: 'embedding', size: d, unitLength: true })

/** `value` is undefined where something is wrong with it, which has been reported. */
type Embeddings = readonly { readonly value: EmbeddingValue | undefined; readonly at: Location }[]

/** One embedding, or a list of them, one per view, each with its place. */
const embeddings: Slot<Embeddings> = {
  type: { kind: 'list', of: embedding.type },
  take(value, site) {
    if (value.kind !== 'list') {
      const single = embedding.take(value, site)
      return [{ value: single, at: site.at }]
    }
    if (value.items.length === 0) return reportMismatch(site, embeddings.type, value)
    return value.items.map((item, index) => ({
      value: embedding.take(item.value, {
        ...site,
        at: item.at,
        subject: `item ${index + 1} of ${site.subject}`,
      }),
      at: item.at,
    }))
  },
}

const right = (z: Embeddings) =>
  z.flatMap(({ value, at }) => (value ? [{ value, at, node: value.node }] : []))

/** Unit length, rows of one batch, one size. */
function checkEmbeddings(context: RuleContext, name: string, z: Embeddings): boolean {
  const known = right(z)
  for (const { value, at } of known) {
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
  const [first, ...others] = known
  return others.every((other) => !first || checkRows(context, first.value, first.at, other.value, other.at))
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
  const { network, head, views } = memory
  const other = head && right(z).find(({ value }) => value.head !== head)
  if (other && network) {
    context.reporter.report('SAU3205', {
      gaps: {
        memory: name,
        held: `${network.name}.${head.name}`,
        given: `${other.value.network.name}.${other.value.head.name}`,
      },
      labels: [labelled(other.at), labelled(memory.identity?.at ?? at, 'made of another head')],
    })
    return false
  }
  if (!views) return true
  if (z.length !== views.length) {
    context.reporter.report('SAU3204', {
      gaps: {
        what: `a list of ${z.length}`,
        memory: name,
        difference: `it holds one mean for each of ${views.length} views`,
      },
      labels: [
        labelled(zAt, `${z.length} of them`),
        labelled(memory.identity?.at ?? at, `${views.length} views`),
      ],
      help: 'give one embedding per view, in the order of the views of the memory',
    })
    return false
  }
  const position = z.findIndex(
    ({ value }, index) => value?.view && value.view.at !== views[index]?.identity.at,
  )
  const unpaired = z[position]
  const view = unpaired?.value?.view
  if (!unpaired || !view) return true
  const expected = views[position]?.identity.name ?? ''
  context.reporter.report('SAU3204', {
    gaps: {
      what: `the embedding of view \`${view.name}\``,
      memory: name,
      difference: `its view ${position + 1} is \`${expected}\``,
    },
    labels: [
      labelled(unpaired.at, `view \`${view.name}\``),
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
  recover(a, call) {
    if (a.z) checkEmbeddings(call.context, 'correct', a.z)
    return {
      kind: 'labels',
      node: unknownNode(call.context, call.at, a.labels, ...(a.z ? right(a.z) : []), a.origin),
      form: 'corrected',
      rows: a.labels?.rows,
      dataset: a.labels?.dataset ?? unknownDataset(call.at),
    }
  },
  apply(a, call) {
    const { context, where } = call
    if (!checkEmbeddings(context, 'correct', a.z)) return undefined
    const [first, ...others] = right(a.z)
    if (!first || others.length < a.z.length - 1) return undefined
    if (!checkRows(context, first.value, first.at, a.labels, where.labels)) return undefined
    if (!checkRows(context, a.labels, where.labels, a.origin, where.origin)) return undefined
    if (!checkPairing(context, a.z, where.z, a.against, where.against)) return undefined
    const node = context.node(
      {
        op: 'correct',
        labels: a.labels.node,
        embeddings: [first, ...others].map(({ node: embedded }) => embedded),
        origin: a.origin.node,
        against: a.against,
        onNoise: a.on_noise,
      },
      call.at,
    )
    return { kind: 'labels', node, form: 'corrected', rows: a.labels.rows, dataset: a.labels.dataset }
  },
})

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
  recover(a, call) {
    if (a.z) checkEmbeddings(call.context, 'supcon', a.z)
    return loss(unknownNode(call.context, call.at, ...(a.z ? right(a.z) : []), a.labels))
  },
  apply(a, call) {
    const { context, where } = call
    if (!checkEmbeddings(context, 'supcon', a.z)) return undefined
    const [first, ...others] = right(a.z)
    if (!first || others.length < a.z.length - 1) return undefined
    if (!checkRows(context, first.value, first.at, a.labels, where.labels)) return undefined
    if (a.with && !checkPairing(context, a.z, where.z, a.with, where.with)) return undefined
    return loss(
      context.node(
        {
          op: 'supcon',
          embeddings: [first, ...others].map(({ node }) => node),
          labels: a.labels.node,
          ...(a.with && { with: a.with }),
          temperature: a.temperature,
        },
        call.at,
      ),
    )
  },
})

export const contrastiveFunctions = [correct, supcon]
