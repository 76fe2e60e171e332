// The published data sets as the compiler sees them: classes, counts and shapes, without an image.
import { cifar10Classes, type DataFacts } from '../compiler/memory-host.js'

const small = { height: 32, width: 32, channels: 3 }
const fine = Array.from({ length: 100 }, (_, c) => `class ${String(c).padStart(2, '0')}`)

const equal = (classes: readonly string[], count: number): DataFacts => ({
  classes,
  counts: classes.map(() => count),
  image: small,
})

/** 1,000 classes from 1,280 images to 5, as ImageNet-LT begins and ends. */
const thousand = Array.from({ length: 1000 }, (_, c) => `n${String(c).padStart(8, '0')}`)
const pictures = (count: (c: number) => number): DataFacts => ({
  classes: thousand,
  counts: thousand.map((_, c) => count(c)),
  image: 'varied',
})

/**
 * CIFAR-10 and CIFAR-100 with a pool of synthetic images as large as the training set, and ImageNet-LT's
 * lists, in each folder.
 */
export function publishedData(folders: readonly string[]): Readonly<Record<string, DataFacts>> {
  return Object.assign(
    {},
    ...folders.map((folder) => ({
      [`${folder}/cifar-10-batches-bin train`]: equal(cifar10Classes, 5000),
      [`${folder}/cifar-10-batches-bin test`]: equal(cifar10Classes, 1000),
      [`${folder}/cifar-10-synthetic`]: equal(cifar10Classes, 5000),
      [`${folder}/cifar-100-binary train`]: equal(fine, 500),
      [`${folder}/cifar-100-binary test`]: equal(fine, 100),
      [`${folder}/cifar-100-synthetic`]: equal(fine, 500),
      [`${folder} ${folder}/ImageNet_LT_train.txt`]: pictures((c) =>
        Math.round(1280 * (5 / 1280) ** (c / 999)),
      ),
      [`${folder} ${folder}/ImageNet_LT_test.txt`]: pictures(() => 50),
      [`${folder}/synthetic`]: pictures(() => 1280),
    })),
  )
}
