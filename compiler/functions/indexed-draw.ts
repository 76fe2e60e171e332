// `longtail(draw: "indices.json")`: the file is read, compared with the data that it is to be drawn from, and
// becomes a list of records in the Plan.
import { labelled } from '../diagnostics/reporter.js'
import { mostIndexBytes } from '../host.js'
import { byClass, countsWithinClasses, type ForeignIndices, readableForms } from '../plan/foreign-indices.js'
import { contentOf, type Draw, drawHash, type ReadIndices, readIndexFile } from '../plan/index-file.js'
import { certain } from '../types/certain.js'
import type { DatasetNode, SourceDraft } from '../types/dataset-node.js'
import { showNumber } from '../types/describe.js'
import { withContent } from '../types/source-content.js'
import type { DatasetValue, PathValue } from '../types/value.js'
import { derived, madeHere, onlyOrigin, withCounts } from './data-transforms.js'
import type { Call, RuleContext } from './declaration.js'

type LongtailCall = Call<'d' | 'profile' | 'factor' | 'seed' | 'draw'>

interface Arguments {
  readonly draw: PathValue
  readonly factor: number
  readonly seed: number | undefined
}

export function indexedDraw(a: Arguments, input: DatasetNode, call: LongtailCall): DatasetValue | undefined {
  const { context, where } = call
  const { reporter } = context
  const { draw: file } = a
  if (a.seed !== undefined)
    return contradicted(call, 'seed', `\`seed: ${a.seed}\``, file, 'names every image')
  if (where.profile !== call.at)
    return contradicted(call, 'profile', 'a `profile`', file, 'names every image of every class')
  const origin = onlyOrigin(call, 'longtail', input)
  if (!origin) return undefined
  const source = wholeSource(input)
  if (!source) {
    reporter.report('SAU4016', {
      gaps: { path: file.text, dataset: input.name },
      labels: [labelled(where.draw, 'read here'), madeHere(input, 'a part of its source')],
    })
    return undefined
  }
  const text = context.host.readText(file.absolute, mostIndexBytes)
  if (text === undefined) {
    context.missingPath({ ...file, mayMean: (near) => /\.(json|txt)$/i.test(near) }, where.draw)
    return undefined
  }
  const read = typeof text === 'string' ? readIndexFile(text) : ({ kind: 'fault', ...text } as const)
  if (read.kind === 'fault') {
    reporter.report('SAU4012', {
      gaps: { path: file.text, fault: read.fault },
      labels: [labelled(where.draw, 'read here')],
      help:
        read.help ??
        `\`saurun data draw FILE -o indices.json\` writes one; of another program's, ${readableForms}`,
    })
    return undefined
  }
  const draw = fitting(read, input, source, file, call)
  if (!draw) return undefined
  const counts = draw.indices.map(({ length }) => length)
  const records = draw.indices.flat()
  const kept = new Set(records)
  const [largest, smallest] = [Math.max(...counts), Math.min(...counts)]
  const wanted = largest / a.factor
  if (smallest < Math.floor(wanted) || smallest > Math.ceil(wanted)) {
    return contradicted(
      call,
      'factor',
      `\`factor: ${showNumber(a.factor)}\``,
      file,
      `keeps ${largest} images of the largest class and ${smallest} of the smallest`,
      smallest === 0
        ? undefined
        : `write \`factor: ${showNumber(Number((largest / smallest).toPrecision(6)))}\``,
    )
  }
  return derived(input, call, {
    make: {
      op: 'indexed',
      input,
      path: file.text,
      sha256: drawHash(draw),
      counts,
      records,
    },
    ...withCounts(input, origin, counts),
    ...(kept.size < records.length &&
      origin === 'real' && { different: draw.indices.map((ofClass) => new Set(ofClass).size) }),
    pieces: input.pieces.map((piece) => ({ ...piece, records: kept })),
  })
}

/** Reports an argument that has no say, or a wrong one, beside an index file. */
function contradicted(
  call: LongtailCall,
  argument: 'factor' | 'seed' | 'profile',
  told: string,
  file: PathValue,
  says: string,
  help = `leave out \`${argument}\``,
): undefined {
  call.context.reporter.report('SAU4015', {
    gaps: { told, path: file.text, says },
    labels: [labelled(call.where[argument]), labelled(call.where.draw, says)],
    help,
  })
  return undefined
}

/** The source that a dataset holds all of, in its order. */
function wholeSource({ make, real, synthetic }: DatasetNode): SourceDraft | undefined {
  switch (make.op) {
    case 'source':
      return make.source
    case 'resize':
      return wholeSource(make.input)
    case 'only': {
      const kept = make.origin === 'real' ? real : synthetic
      const isAll = kept.every(
        (count, c) => count === (make.input.real[c] ?? 0) + (make.input.synthetic[c] ?? 0),
      )
      return isAll ? wholeSource(make.input) : undefined
    }
    default:
      return undefined
  }
}

/** The draw that a file means on this data; reports where it is of other data, or names what is not there. */
function fitting(
  read: Exclude<ReadIndices, { kind: 'fault' }>,
  input: DatasetNode,
  source: SourceDraft,
  file: PathValue,
  call: LongtailCall,
): Draw | undefined {
  const { context, where } = call
  const content = contentOf(withContent(context.host, source))
  if (read.kind === 'draw' && read.draw.content !== content) {
    context.reporter.report('SAU4013', {
      gaps: { path: file.text, dataset: input.name },
      labels: [
        labelled(where.draw, `drawn from data whose digest begins with ${read.draw.content.slice(0, 12)}`),
        madeHere(input, `the digest of this data begins with ${content.slice(0, 12)}`),
      ],
    })
    return undefined
  }
  const labels = labelsOf(context, source)
  const fault =
    read.kind === 'draw'
      ? drawFault(read.draw, read.repeats, input, labels)
      : foreignFault(read, content, input, labels)
  if (fault === undefined)
    return read.kind === 'draw' ? read.draw : grouped(recordsOf(read), content, input, labels)
  context.reporter.report('SAU4014', {
    gaps: { path: file.text, dataset: input.name, fault },
    labels: [
      labelled(where.draw, 'read here'),
      madeHere(input, `${labels.length} images of ${input.classes.length} classes`),
    ],
    help: 'it belongs to other data, or was damaged: draw anew, or name the right file',
  })
  return undefined
}

function labelsOf({ host }: RuleContext, { plan, request }: SourceDraft): ArrayLike<number> {
  if (plan.format !== 'shapes') return host.labels(certain(request))
  const { classes, perClass } = plan
  return Array.from({ length: classes * perClass }, (_, i) => Math.floor(i / perClass))
}

function drawFault(
  { classes, indices }: Draw,
  repeats: boolean,
  input: DatasetNode,
  labels: ArrayLike<number>,
): string | undefined {
  if (classes.length !== input.classes.length)
    return `it has ${classes.length} classes, and the data has ${input.classes.length}`
  for (const [label, name] of classes.entries()) {
    const records = indices[label] ?? []
    if (name !== input.classes[label])
      return `its class ${label} is \`${name}\`, and that of the data is \`${input.classes[label]}\``
    const wrong = recordFault(records, labels.length) ?? (repeats ? undefined : repeatFault(records))
    if (wrong !== undefined) return wrong
    const strange = records.find((record) => labels[record] !== label)
    if (strange !== undefined)
      return `it has record ${strange} among \`${name}\`, and the data says \`${input.classes[labels[strange] ?? -1]}\``
  }
  return undefined
}

function recordFault(records: readonly number[], count: number): string | undefined {
  const beyond = records.find((record) => record >= count)
  return beyond === undefined ? undefined : `it names record ${beyond}, and records go from 0 to ${count - 1}`
}

function repeatFault(records: readonly number[]): string | undefined {
  const seen = new Set<number>()
  for (const record of records) {
    if (seen.has(record)) return `it names record ${record} twice`
    seen.add(record)
  }
  return undefined
}

function recordsOf(read: ForeignIndices): readonly number[] {
  return read.kind === 'list' ? read.indices : read.indices.flat()
}

/**
 * What of another program's file does not fit. A record that it names twice is drawn twice, as programs that
 * draw with replacement mean it.
 */
function foreignFault(
  read: ForeignIndices,
  content: string,
  input: DatasetNode,
  labels: ArrayLike<number>,
): string | undefined {
  if (read.kind === 'list') return recordFault(read.indices, labels.length)
  const indices = byClass(read, input.classes)
  if (typeof indices === 'string') return indices
  const wrong = drawFault({ content, classes: input.classes, indices }, true, input, labels)
  return wrong !== undefined && countsWithinClasses(indices, labels)
    ? `${wrong}; its numbers seem to count within each class, and here they count all images of the source`
    : wrong
}

/** A plain list has no order of its own: class after class, in the order of the source. */
function grouped(
  records: readonly number[],
  content: string,
  { classes }: DatasetNode,
  labels: ArrayLike<number>,
): Draw {
  const indices: number[][] = classes.map(() => [])
  for (const record of records.toSorted((a, b) => a - b)) indices[labels[record] ?? -1]?.push(record)
  return { content, classes, indices }
}
