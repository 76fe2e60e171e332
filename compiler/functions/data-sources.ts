// Functions that read or draw images: cifar10, cifar100, idx, image_folder, shapes.
import { type Location, labelled } from '../diagnostics/reporter.js'
import type { SourceFacts, SourceRequest } from '../host.js'
import type { Origin } from '../plan/plan.js'
import { shapeLimits, shapeNames } from '../plan/shapes.js'
import type { SourceDraft } from '../types/dataset-node.js'
import { types } from '../types/type.js'
import { unknownDataset } from '../types/unknown.js'
import type { DatasetValue, PathValue } from '../types/value.js'
import {
  type Call,
  declareFunction,
  defaulting,
  optional,
  type RuleContext,
  required,
} from './declaration.js'
import { choice, count, path, probability, seed, whole } from './slots.js'

const split = choice('split', ['train', 'test'])
const origin = choice('origin', ['real', 'synthetic'])

interface SourceDescription {
  readonly request: SourceRequest
  readonly plan: SourceDraft['plan']
  readonly paths: readonly { readonly path: PathValue; readonly at: Location }[]
  readonly origin: Origin
  readonly split: 'train' | 'test' | undefined
}

/** What lies at the paths that are read, by format. */
const formatRead: Readonly<Record<SourceRequest['format'], string>> = {
  cifar10: 'a folder with the binary version of CIFAR-10, records of 3,073 bytes',
  cifar100: 'a folder with the binary version of CIFAR-100, records of 3,074 bytes',
  idx: 'a file of images and one of as many labels in the IDX format, plain or gzipped',
  image_folder: 'a folder with one folder of JPEG or PNG images per class',
}

/** Asks the host what lies at a path; reports what is wrong with it. */
function probe(context: RuleContext, name: string, description: SourceDescription): SourceFacts | undefined {
  const facts = context.host.probe(description.request)
  if (facts.ok) return facts
  const blamed =
    description.paths.find(({ path: { absolute } }) => absolute === facts.path) ?? description.paths[0]
  if (!blamed) return undefined
  const inside =
    facts.path === blamed.path.absolute ? '' : context.host.relative(blamed.path.absolute, facts.path)
  const shown = inside ? `${blamed.path.text}/${inside}` : blamed.path.text
  if (facts.reason === 'missing') {
    // Files that the call reads itself are near in name, and never what was meant.
    const { host } = context
    const read = new Set(description.paths.map(({ path }) => path.absolute))
    const mayMean = (near: string) => !read.has(host.resolve(host.resolve(facts.path, '..'), near))
    context.missingPath(
      { ...blamed.path, text: shown, absolute: facts.path, mayMean: inside === '' && mayMean },
      blamed.at,
    )
    return undefined
  }
  const labels = [labelled(blamed.at, 'read here')]
  switch (facts.reason) {
    case 'format':
      context.reporter.report('SAU4002', {
        gaps: { path: shown, function: name, fault: facts.message },
        labels,
        help: `\`${name}\` reads ${formatRead[description.request.format]}; fetch the data again where it is damaged`,
      })
      return undefined
    case 'label':
      context.reporter.report('SAU4003', {
        gaps: { path: shown, fault: facts.message },
        labels,
        help: 'it is damaged or of another data set: fetch it again',
      })
      return undefined
    case 'empty':
      context.reporter.report('SAU4004', {
        gaps: { class: `\`${inside || shown}\``, dataset: blamed.path.text },
        labels: [labelled(blamed.at, `\`${shown}\` ${facts.message}`)],
        help: 'put images of the class there, or take its folder away',
      })
      return undefined
  }
}

/** What is certain of published data wherever it lies: how many classes of which images. */
function publishedDataset(
  call: Call,
  classes: number | undefined,
  split: 'train' | 'test' | undefined,
): DatasetValue {
  return {
    kind: 'dataset',
    dataset: unknownDataset(call.at, {
      name: call.owner,
      classes: Array.from({ length: classes ?? 0 }, (_, position) => `class ${position}`),
      image: { height: 32, width: 32, channels: 3 },
      split,
      unknown: { classes: classes === undefined ? 'all' : 'names', counts: true },
    }),
  }
}

function sourceDataset(call: Call, name: string, description: SourceDescription): DatasetValue | undefined {
  const facts = probe(call.context, name, description)
  if (!facts) return undefined
  const none = facts.counts.map(() => 0)
  const { absolute } = description.paths[0]?.path ?? { absolute: '' }
  const part = 'split' in description.request ? description.request.split : ''
  return {
    kind: 'dataset',
    dataset: {
      name: call.owner,
      make: {
        op: 'source',
        source: { plan: description.plan, locations: description.paths.map((entry) => entry.path.absolute) },
        origin: description.origin,
      },
      classes: facts.classes,
      real: description.origin === 'real' ? facts.counts : none,
      synthetic: description.origin === 'synthetic' ? facts.counts : none,
      image: facts.image,
      split: description.split,
      at: call.at,
      pieces: [{ source: `${absolute} ${part}`, origin: description.origin, cuts: [] }],
      unknown: {},
    },
  }
}

const cifar10 = declareFunction({
  name: 'cifar10',
  group: 'dataset',
  doc: 'CIFAR-10 in its official binary format: 32x32 colour images of 10 classes.',
  parameters: {
    path: required(
      path,
      'the folder that holds `data_batch_1.bin` to `data_batch_5.bin` and `test_batch.bin`',
    ),
    split: required(split, 'the training or the test images'),
  },
  result: types.dataset,
  apply: (a, call) =>
    sourceDataset(call, 'cifar10', {
      request: { format: 'cifar10', path: a.path.absolute, split: a.split },
      plan: { format: 'cifar10', path: a.path.text, split: a.split },
      paths: [{ path: a.path, at: call.where.path }],
      origin: 'real',
      split: a.split,
    }),
  recover: (a, call) => publishedDataset(call, 10, a.split),
})

const cifar100 = declareFunction({
  name: 'cifar100',
  group: 'dataset',
  doc: 'CIFAR-100 in its official binary format: 32x32 colour images of 100 classes in 20 groups.',
  parameters: {
    path: required(path, 'the folder that holds `train.bin` and `test.bin`'),
    split: required(split, 'the training or the test images'),
    labels: defaulting(choice('labels', ['fine', 'coarse']), 'fine', 'the 100 classes, or the 20 groups'),
  },
  result: types.dataset,
  apply: (a, call) =>
    sourceDataset(call, 'cifar100', {
      request: { format: 'cifar100', path: a.path.absolute, split: a.split, labels: a.labels },
      plan: { format: 'cifar100', path: a.path.text, split: a.split, labels: a.labels },
      paths: [{ path: a.path, at: call.where.path }],
      origin: 'real',
      split: a.split,
    }),
  recover: (a, call) =>
    publishedDataset(call, a.labels === undefined ? undefined : a.labels === 'fine' ? 100 : 20, a.split),
})

const idx = declareFunction({
  name: 'idx',
  group: 'dataset',
  doc: 'A pair of IDX files (the format of MNIST and Fashion-MNIST), plain or gzipped.',
  parameters: {
    images: required(path, 'the file of images'),
    labels: required(path, 'the file of labels'),
    origin: defaulting(origin, 'real', 'whether the images were taken or generated'),
    split: optional(split, 'which part of a published data set it is, where it is one'),
  },
  result: types.dataset,
  apply: (a, call) =>
    sourceDataset(call, 'idx', {
      request: { format: 'idx', path: a.images.absolute, labelsPath: a.labels.absolute },
      plan: { format: 'idx', path: a.images.text, labelsPath: a.labels.text },
      paths: [
        { path: a.images, at: call.where.images },
        { path: a.labels, at: call.where.labels },
      ],
      origin: a.origin,
      split: a.split,
    }),
})

const imageFolder = declareFunction({
  name: 'image_folder',
  group: 'dataset',
  doc: 'A folder with one folder of JPEG or PNG images per class; the folders in alphabetical order are the classes.',
  parameters: {
    path: required(path, 'the folder that holds the folders of the classes'),
    origin: defaulting(origin, 'real', 'whether the images were taken or generated'),
    split: optional(split, 'which part of a published data set it is, where it is one'),
  },
  result: types.dataset,
  apply: (a, call) =>
    sourceDataset(call, 'image_folder', {
      request: { format: 'image_folder', path: a.path.absolute },
      plan: { format: 'image_folder', path: a.path.text },
      paths: [{ path: a.path, at: call.where.path }],
      origin: a.origin,
      split: a.split,
    }),
})

const shapes = declareFunction({
  name: 'shapes',
  group: 'dataset',
  doc: 'Drawn images of simple shapes on clutter: a data set that needs no download. Under `noise`, that share of the images of every class shows another class than its label says.',
  parameters: {
    classes: required(
      whole({ from: shapeLimits.classes[0], to: shapeLimits.classes[1] }),
      'how many classes',
    ),
    per_class: required(count, 'images of each class'),
    size: required(whole({ from: shapeLimits.size[0], to: shapeLimits.size[1] }), 'pixels a side'),
    seed: optional(seed, 'the seed of the drawing'),
    origin: defaulting(origin, 'real', 'the style: synthetic images are drawn otherwise than real ones'),
    noise: defaulting(probability, 0, 'the share of images that show another class than their label says'),
    split: optional(split, 'which part of a study it is, where it is one'),
  },
  result: types.dataset,
  apply(a, call) {
    const classes = shapeNames.slice(0, a.classes)
    const drawn = a.seed ?? call.seed()
    const counts = classes.map(() => a.per_class)
    const none = classes.map(() => 0)
    return {
      kind: 'dataset',
      dataset: {
        name: call.owner,
        make: {
          op: 'source',
          source: {
            plan: {
              format: 'shapes',
              classes: a.classes,
              perClass: a.per_class,
              size: a.size,
              seed: drawn,
              origin: a.origin,
              noise: a.noise,
            },
            locations: [],
          },
          origin: a.origin,
        },
        classes,
        real: a.origin === 'real' ? counts : none,
        synthetic: a.origin === 'synthetic' ? counts : none,
        image: { height: a.size, width: a.size, channels: 3 },
        split: a.split,
        at: call.at,
        pieces: [{ source: `shapes ${drawn}`, origin: a.origin, cuts: [] }],
        unknown: {},
      },
    }
  },
  recover: (a, call) => ({
    kind: 'dataset',
    dataset: unknownDataset(call.at, {
      name: call.owner,
      classes: shapeNames.slice(0, a.classes ?? 0),
      image: { height: a.size ?? 0, width: a.size ?? 0, channels: 3 },
      split: a.split,
      unknown: {
        counts: true,
        ...(a.classes === undefined && { classes: 'all' }),
        ...(a.size === undefined && { image: true }),
      },
    }),
  }),
})

export const dataSources = [cifar10, cifar100, idx, imageFolder, shapes]
