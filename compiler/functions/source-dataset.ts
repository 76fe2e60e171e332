// The dataset that a call reads from disk: asks the host what lies there, and says what is wrong with it.
import { type Location, labelled } from '../diagnostics/reporter.js'
import type { PassedOver, SourceFacts, SourceFailure, SourceRequest } from '../host.js'
import { encodingHelp } from '../paths/encoding.js'
import type { Origin } from '../plan/plan.js'
import type { SourceDraft } from '../types/dataset-node.js'
import { counted, showNumber } from '../types/describe.js'
import type { DatasetValue, PathValue } from '../types/value.js'
import type { Call, RuleContext } from './declaration.js'

export interface SourceDescription {
  readonly request: SourceRequest
  readonly plan: SourceDraft['plan']
  /** In the order in which the source names them. */
  readonly paths: readonly ReadPath[]
  readonly origin: Origin
  readonly split: 'train' | 'test' | undefined
}

interface ReadPath {
  readonly path: PathValue
  readonly at: Location
}

/** What lies at the paths that are read, by format. */
const formatRead: Readonly<Record<SourceRequest['format'], string>> = {
  cifar10: 'a folder with the binary version of CIFAR-10, records of 3,073 bytes',
  cifar100: 'a folder with the binary version of CIFAR-100, records of 3,074 bytes',
  idx: 'a file of images and one of as many labels in the IDX format, plain or gzipped',
  image_folder: 'a folder with one folder of image files per class',
  image_list:
    'a folder, and a text file with the path of an image file in it and the number of its class on each line',
  npy: 'a NumPy file of images, bytes [N, H, W] or [N, H, W, C], and one of as many whole numbers, both as `np.save` writes them',
}

const listLine =
  'a line is the path of an image, a space, and the number of its class, from 0 on: `train/n01440764/10026.JPEG 0`'

/** Asks the host what lies at a path; reports what is wrong with it. */
function probe(context: RuleContext, name: string, description: SourceDescription): SourceFacts | undefined {
  const facts = context.host.probe(description.request)
  if (facts.ok) return facts
  const blamed =
    description.paths.find(({ path: { absolute } }) => absolute === facts.path) ?? description.paths[0]
  if (blamed) reportFailure(context, name, description, facts, blamed)
  return undefined
}

function reportFailure(
  context: RuleContext,
  name: string,
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
        gaps: { ...fault, function: name },
        labels,
        help:
          failure.help ??
          `\`${name}\` reads ${formatRead[description.request.format]}; fetch the data again where it is damaged`,
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
export function sourceDataset(
  call: Call,
  name: string,
  description: SourceDescription,
): DatasetValue | undefined {
  const facts = probe(call.context, name, description)
  if (!facts) return undefined
  if (facts.passedOver) reportPassedOver(call.context, description, facts.passedOver)
  const none = facts.counts.map(() => 0)
  const locations = description.paths.map(({ path }) => path.absolute)
  return {
    kind: 'dataset',
    dataset: {
      name: call.owner,
      make: {
        op: 'source',
        source: { plan: description.plan, locations, request: description.request },
        origin: description.origin,
      },
      classes: facts.classes,
      real: description.origin === 'real' ? facts.counts : none,
      synthetic: description.origin === 'synthetic' ? facts.counts : none,
      image: facts.image,
      split: description.split,
      at: call.at,
      pieces: [
        {
          source: pieceName(description.request),
          request: description.request,
          origin: description.origin,
          cuts: [],
        },
      ],
      unknown: {},
    },
  }
}

/** Equal for requests that read the same images. */
function pieceName(request: SourceRequest): string {
  switch (request.format) {
    case 'cifar10':
    case 'cifar100':
      return `${request.path} ${request.split}`
    case 'image_list':
      return `${request.path} ${request.listPath}`
    default:
      return `${request.path} `
  }
}
