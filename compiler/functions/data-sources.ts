// Functions that read or draw images: cifar10, cifar100, idx, npy, image_folder, image_list, shapes.
import { mostClasses } from '../host.js'
import { shapeLimits, shapeNames } from '../plan/shapes.js'
import { types } from '../types/type.js'
import { unknownDataset } from '../types/unknown.js'
import type { DatasetValue } from '../types/value.js'
import { type Call, declareFunction, defaulting, optional, required } from './declaration.js'
import { choice, countUpTo, path, probability, seed, whole } from './slots.js'
import { sourceDataset } from './source-dataset.js'

const split = choice('split', ['train', 'test'])
const origin = choice('origin', ['real', 'synthetic'])
const namesDoc =
  'a text file with the name of a class on each line, class 0 first; without it classes are called by their numbers'

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
    sourceDataset(call, {
      source: { format: 'cifar10', path: a.path.text, split: a.split },
      reads: 'a folder with the binary version of CIFAR-10, records of 3,073 bytes',
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
    sourceDataset(call, {
      source: { format: 'cifar100', path: a.path.text, split: a.split, labels: a.labels },
      reads: 'a folder with the binary version of CIFAR-100, records of 3,074 bytes',
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
    names: optional(path, namesDoc),
    origin: defaulting(origin, 'real', 'whether the images were taken or generated'),
    split: optional(split, 'which part of a published data set it is, where it is one'),
    classes: optional(
      whole({ from: 1, to: mostClasses }),
      'how many classes there are, for labels that lack the last ones',
    ),
  },
  result: types.dataset,
  apply: (a, call) =>
    sourceDataset(call, {
      source: {
        format: 'idx',
        path: a.images.text,
        labelsPath: a.labels.text,
        ...(a.names && { namesPath: a.names.text }),
        ...(a.classes !== undefined && { givenClasses: a.classes }),
      },
      reads: 'a file of images and one of as many labels in the IDX format, plain or gzipped',
      paths: [
        { path: a.images, at: call.where.images },
        { path: a.labels, at: call.where.labels },
        ...(a.names ? [{ path: a.names, at: call.where.names }] : []),
      ],
      origin: a.origin,
      split: a.split,
    }),
})

const npy = declareFunction({
  name: 'npy',
  group: 'dataset',
  doc: 'A pair of NumPy files as `np.save` writes them: images as bytes, [N, H, W] or [N, H, W, C] with one or three channels, and as many whole numbers as labels.',
  parameters: {
    images: required(path, 'the file of images'),
    labels: required(path, 'the file of labels'),
    names: optional(path, namesDoc),
    origin: defaulting(origin, 'real', 'whether the images were taken or generated'),
    split: optional(split, 'which part of a published data set it is, where it is one'),
    classes: optional(
      whole({ from: 1, to: mostClasses }),
      'how many classes there are, for labels that lack the last ones',
    ),
  },
  result: types.dataset,
  apply: (a, call) =>
    sourceDataset(call, {
      source: {
        format: 'npy',
        path: a.images.text,
        labelsPath: a.labels.text,
        ...(a.names && { namesPath: a.names.text }),
        ...(a.classes !== undefined && { givenClasses: a.classes }),
      },
      reads:
        'a NumPy file of images, bytes [N, H, W] or [N, H, W, C], and one of as many whole numbers, both as `np.save` writes them',
      paths: [
        { path: a.images, at: call.where.images },
        { path: a.labels, at: call.where.labels },
        ...(a.names ? [{ path: a.names, at: call.where.names }] : []),
      ],
      origin: a.origin,
      split: a.split,
    }),
})

const imageFolder = declareFunction({
  name: 'image_folder',
  group: 'dataset',
  doc: 'A folder with one folder of image files per class (JPEG, PNG, WebP, GIF, BMP, TIFF, PPM, PGM); the folders in alphabetical order are the classes.',
  parameters: {
    path: required(path, 'the folder that holds the folders of the classes'),
    origin: defaulting(origin, 'real', 'whether the images were taken or generated'),
    split: optional(split, 'which part of a published data set it is, where it is one'),
  },
  result: types.dataset,
  apply: (a, call) =>
    sourceDataset(call, {
      source: { format: 'image_folder', path: a.path.text },
      reads: 'a folder with one folder of image files per class',
      paths: [{ path: a.path, at: call.where.path }],
      origin: a.origin,
      split: a.split,
    }),
})

const imageList = declareFunction({
  name: 'image_list',
  group: 'dataset',
  doc: 'Image files, of any kind that `image_folder` reads, that a text file lists: on each line the path of an image below `root`, a space, and the number of its class (ImageNet-LT, Places-LT, iNaturalist). The classes are the numbers from 0 to the largest one, unless `names` or `classes` says how many there are.',
  parameters: {
    root: required(path, 'the folder that the paths of the list begin from'),
    list: required(path, 'the list, a text file'),
    names: optional(path, namesDoc),
    classes: optional(
      whole({ from: 1, to: mostClasses }),
      'how many classes there are, for a list that lacks the last ones',
    ),
    origin: defaulting(origin, 'real', 'whether the images were taken or generated'),
    split: optional(split, 'which part of a published data set it is, where it is one'),
  },
  result: types.dataset,
  apply: (a, call) =>
    sourceDataset(call, {
      source: {
        format: 'image_list',
        path: a.root.text,
        listPath: a.list.text,
        ...(a.names && { namesPath: a.names.text }),
        ...(a.classes !== undefined && { givenClasses: a.classes }),
      },
      reads:
        'a folder, and a text file with the path of an image file in it and the number of its class on each line',
      paths: [
        { path: a.root, at: call.where.root },
        { path: a.list, at: call.where.list },
        ...(a.names ? [{ path: a.names, at: call.where.names }] : []),
      ],
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
    per_class: required(countUpTo(shapeLimits.perClass), 'images of each class'),
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
          },
          origin: a.origin,
        },
        classes,
        real: a.origin === 'real' ? counts : none,
        synthetic: a.origin === 'synthetic' ? counts : none,
        image: { height: a.size, width: a.size, channels: 3 },
        split: a.split,
        at: call.at,
        pieces: [{ source: `shapes ${drawn} ${a.origin}`, request: undefined, origin: a.origin, cuts: [] }],
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

export const dataSources = [cifar10, cifar100, idx, npy, imageFolder, imageList, shapes]
