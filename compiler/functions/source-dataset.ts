// The dataset that a call reads from disk: asks the host what lies there, and says what is wrong with it.
import { type Location, labelled } from '../diagnostics/reporter.js'
import type { PassedOver, SourceFacts, SourceFailure } from '../host.js'
import { encodingHelp } from '../paths/encoding.js'
import type { Origin } from '../plan/plan.js'
import { imagesOf, requestOf, type SourceRequest, type WrittenSource } from '../plan/sources.js'
import { counted, showNumber } from '../types/describe.js'
import type { DatasetValue, PathValue } from '../types/value.js'
import type { Call, RuleContext } from './declaration.js'

export interface SourceDescription {
  /** As it is written. */
  readonly source: WrittenSource
  /** What lies at its paths, in words: `a folder with one folder of image files per class`. */
  readonly reads: string
  /** In the order in which the source names them. */
  readonly paths: readonly ReadPath[]
  readonly origin: Origin
  readonly split: 'train' | 'test' | undefined
}

interface ReadPath {
  readonly path: PathValue
  readonly at: Location
}

const listLine =
  'a line is the path of an image, a space, and the number of its class, from 0 on: `train/n01440764/10026.JPEG 0`'

/** Asks the host what lies at a path; reports what is wrong with it. */
function probe(
  context: RuleContext,
  description: SourceDescription,
  request: SourceRequest,
): SourceFacts | undefined {
  const facts = context.host.probe(request)
  if (facts.ok) return facts
  const blamed =
    description.paths.find(({ path: { absolute } }) => absolute === facts.path) ?? description.paths[0]
  if (blamed) reportFailure(context, description, facts, blamed)
  return undefined
}

function reportFailure(
  context: RuleContext,
  description: SourceDescription,
  failure: SourceFailure,
  blamed: ReadPath,
): void {
  const inside =
    failure.path === blamed.path.absolute ? '' : context.host.relative(blamed.path.absolute, failure.path)
  const shown = inside ? `${blamed.path.text}/${inside}` : blamed.path.text
  if (failure.reason === 'missing') {
    // Files that the call reads itself are near in name, and never what was meant.
    const { host } = context
    const read = new Set(description.paths.map(({ path }) => path.absolute))
    const mayMean = (near: string) => !read.has(host.resolve(host.resolve(failure.path, '..'), near))
    context.missingPath(
      {
        ...blamed.path,
        text: shown,
        absolute: failure.path,
        mayMean: inside === '' && mayMean,
        help: failure.help,
      },
      blamed.at,
    )
    return
  }
  const labels = [labelled(blamed.at, 'read here')]
  const fault = { path: shown, fault: failure.message }
  switch (failure.reason) {
    case 'format':
      context.reporter.report('SAU4002', {
        gaps: { ...fault, function: description.source.format },
        labels,
        help:
          failure.help ??
          `\`${description.source.format}\` reads ${description.reads}; fetch the data again where it is damaged`,
      })
      return
    case 'label':
      context.reporter.report('SAU4003', {
        gaps: fault,
        labels,
        help: failure.help ?? 'it is damaged or of another data set: fetch it again',
      })
      return
    case 'empty':
      context.reporter.report('SAU4004', {
        gaps: { class: `\`${inside || shown}\``, dataset: blamed.path.text },
        labels: [labelled(blamed.at, `\`${shown}\` ${failure.message}`)],
        help: failure.help ?? 'put images of the class there, or take its folder away',
      })
      return
    case 'line':
      context.reporter.report('SAU4008', { gaps: fault, labels, help: failure.help ?? listLine })
      return
    case 'repeated':
      context.reporter.report('SAU4009', {
        gaps: fault,
        labels,
        help:
          failure.help ?? 'take one of the two lines out: an image that counts twice makes every share wrong',
      })
      return
    case 'listed': {
      const [root] = description.paths
      context.reporter.report('SAU4010', {
        gaps: fault,
        labels: [...labels, ...(root ? [labelled(root.at, 'the paths begin from here')] : [])],
        help: failure.help ?? 'name the folder that the paths of the list begin from, or take the lines out',
      })
      return
    }
    case 'names':
      context.reporter.report('SAU4020', { gaps: fault, labels, help: failure.help })
      return
    case 'encoding':
      context.reporter.report('SAU4021', {
        gaps: fault,
        labels,
        help: failure.help ?? encodingHelp(shown, 'UTF-16'),
      })
      return
    case 'array':
      context.reporter.report('SAU4011', { gaps: fault, labels, help: failure.help })
      return
    case 'large':
      context.reporter.report('SAU4040', { gaps: fault, labels, help: failure.help })
  }
}

/** Classes of which files that are not read are told. */
const toldClasses = 3

function reportPassedOver(
  context: RuleContext,
  { paths: [root] }: SourceDescription,
  passedOver: readonly PassedOver[],
): void {
  if (root === undefined) return
  const all = passedOver.reduce((sum, { files }) => sum + files, 0)
  const told = passedOver
    .slice(0, toldClasses)
    .map((of) => `${showNumber(of.files)} of class \`${of.class}\` (${of.endings.join(', ')})`)
  const rest = passedOver.length - toldClasses
  context.reporter.report('SAU6030', {
    gaps: {
      files: counted(all, 'file'),
      path: root.path.text,
      classes: `${told.join(', ')}${rest > 0 ? `, and others of ${rest} more` : ''}`,
    },
    labels: [labelled(root.at, 'read here')],
  })
}

/** The dataset of a call; undefined where the host finds something wrong, which has been reported then. */
export function sourceDataset(call: Call, description: SourceDescription): DatasetValue | undefined {
  const { source, paths, origin, split } = description
  const request = requestOf(
    source,
    paths.map(({ path }) => path.absolute),
  )
  const facts = request && probe(call.context, description, request)
  if (!facts) return undefined
  if (facts.passedOver) reportPassedOver(call.context, description, facts.passedOver)
  const none = facts.counts.map(() => 0)
  return {
    kind: 'dataset',
    dataset: {
      name: call.owner,
      make: { op: 'source', source: { plan: source, request }, origin },
      classes: facts.classes,
      real: origin === 'real' ? facts.counts : none,
      synthetic: origin === 'synthetic' ? facts.counts : none,
      image: facts.image,
      split,
      at: call.at,
      pieces: [{ source: imagesOf(request), request, origin, cuts: [] }],
      unknown: {},
    },
  }
}
