// Published data sets that `saurun data get` knows: where they lie, what their archives are, and what readers
// find in them. Sizes and MD5 sums are those that the sites publish (cs.toronto.edu/~kriz/cifar.html,
// github.com/zalandoresearch/fashion-mnist).

export interface PublishedArchive {
  readonly file: string
  readonly bytes: number
  /** Hex. */
  readonly md5: string
}

export interface PublishedData {
  readonly name: string
  readonly title: string
  /** The official address of the folder that the archives lie in. */
  readonly site: string
  /** Name of the folder that readers are given. */
  readonly folder: string
  /** `tar`: the one archive holds the folder; `files`: the archives are the files of the folder. */
  readonly form: 'tar' | 'files'
  readonly archives: readonly PublishedArchive[]
  /** What has to be in the folder, with sizes. */
  readonly files: readonly { readonly file: string; readonly bytes: number }[]
  /** Says how the data is read in a `.sau` file; `folder` is where it lies. */
  readonly use: (folder: string) => string
}

const toronto = 'https://www.cs.toronto.edu/~kriz'

const fashionArchives: readonly PublishedArchive[] = [
  { file: 'train-images-idx3-ubyte.gz', bytes: 26_421_880, md5: '8d4fb7e6c68d591d4c3dfef9ec88bf0d' },
  { file: 'train-labels-idx1-ubyte.gz', bytes: 29_515, md5: '25c81989df183df01b3e8a0aad5dffbe' },
  { file: 't10k-images-idx3-ubyte.gz', bytes: 4_422_102, md5: 'bef4ecab320f06d8554ea6380940ec79' },
  { file: 't10k-labels-idx1-ubyte.gz', bytes: 5_148, md5: 'bb300cfdad3c16e7a12a480ee83cd310' },
]

export const publishedData: readonly PublishedData[] = [
  {
    name: 'cifar10',
    title: 'CIFAR-10, binary version',
    site: toronto,
    folder: 'cifar-10-batches-bin',
    form: 'tar',
    archives: [
      { file: 'cifar-10-binary.tar.gz', bytes: 170_052_171, md5: 'c32a1d4ab5d03f1284b67883e8d87530' },
    ],
    files: [
      { file: 'batches.meta.txt', bytes: 61 },
      ...[1, 2, 3, 4, 5].map((part) => ({ file: `data_batch_${part}.bin`, bytes: 30_730_000 })),
      { file: 'test_batch.bin', bytes: 30_730_000 },
    ],
    use: (folder) => `cifar10("${folder}", split: train)`,
  },
  {
    name: 'cifar100',
    title: 'CIFAR-100, binary version',
    site: toronto,
    folder: 'cifar-100-binary',
    form: 'tar',
    archives: [
      { file: 'cifar-100-binary.tar.gz', bytes: 168_513_733, md5: '03b5dce01913d631647c71ecec9e9cb8' },
    ],
    files: [
      { file: 'coarse_label_names.txt', bytes: 328 },
      { file: 'fine_label_names.txt', bytes: 725 },
      { file: 'train.bin', bytes: 153_700_000 },
      { file: 'test.bin', bytes: 30_740_000 },
    ],
    use: (folder) => `cifar100("${folder}", split: train)`,
  },
  {
    name: 'fashion_mnist',
    title: 'Fashion-MNIST',
    site: 'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com',
    folder: 'fashion-mnist',
    form: 'files',
    archives: fashionArchives,
    files: fashionArchives.map(({ file, bytes }) => ({ file, bytes })),
    use: (folder) =>
      `idx("${folder}/train-images-idx3-ubyte.gz", "${folder}/train-labels-idx1-ubyte.gz", split: train)`,
  },
]
