// What lies on the disk of the samples under samples/: folders by what is right or wrong with them.
import { type DataFacts, tenClasses } from './memory-host.js'

const folder = '/lab'

const four = ['disc', 'square', 'triangle', 'star']
const grey = { height: 16, width: 16, channels: 1 }
const colour = { height: 16, width: 16, channels: 3 }

export const sampleData: Readonly<Record<string, DataFacts>> = {
  [`${folder}/data/cifar-10-batches-bin train`]: tenClasses(500),
  [`${folder}/data/cifar-10-batches-bin test`]: tenClasses(100),
  [`${folder}/data/cifar-10-synthetic`]: tenClasses(500),
  [`${folder}/data/grey-images`]: { classes: four, counts: [40, 40, 40, 40], image: grey },
  [`${folder}/data/varied`]: { classes: four, counts: [40, 40, 40, 40], image: 'varied' },
  [`${folder}/data/other-names`]: {
    classes: ['circle', 'square', 'triangle', 'stars'],
    counts: [40, 40, 40, 40],
    image: colour,
  },
  [`${folder}/data/broken`]: {
    reason: 'format',
    message: 'has 12 bytes left over after 9,999 records of 3,073',
  },
  [`${folder}/data/labels`]: {
    reason: 'label',
    message: 'has label 12 in record 7, and CIFAR-10 has 10 classes',
  },
  [`${folder}/data/images ${folder}/data/no-label.txt`]: {
    reason: 'line',
    path: `${folder}/data/no-label.txt`,
    message: 'line 3 is `train/n01440764/n01440764_10026.JPEG`, a single word',
  },
  [`${folder}/data/images ${folder}/data/twice.txt`]: {
    reason: 'repeated',
    path: `${folder}/data/twice.txt`,
    message: 'line 12 repeats `train/n01440764/n01440764_10026.JPEG` of line 5',
  },
  [`${folder}/data/images ${folder}/data/gone.txt`]: {
    reason: 'listed',
    path: `${folder}/data/gone.txt`,
    message: 'line 1 names `train/n01440764/n01440764_10026.JPEG`; nor are 115,845 others',
  },
  [`${folder}/data/images ${folder}/data/named.txt`]: {
    reason: 'names',
    path: `${folder}/data/names.txt`,
    message:
      'lines 135 and 518 both say `crane`; so does 1 other name, such as `maillot` on lines 639 and 640',
  },
  [`${folder}/data/images ${folder}/data/wide.txt`]: {
    reason: 'encoding',
    path: `${folder}/data/wide.txt`,
    message: 'is UTF-16',
  },
  [`${folder}/data/floats.npy`]: {
    reason: 'array',
    message: 'holds float32, and images are bytes (uint8)',
    help: 'save bytes from 0 to 255: `np.save("images.npy", (images * 255).round().astype(np.uint8))` for values in 0..1',
  },
  [`${folder}/data/flowers`]: {
    reason: 'large',
    path: `${folder}/data/flowers/rose/0042.png`,
    message: 'has 30,000 x 30,000 pixels, and images of up to 178,956,970 are read',
    help: 'make it smaller, or take it away: decoded it fills the memory of this machine',
  },
  [`${folder}/data/phones`]: {
    classes: four,
    counts: [40, 40, 40, 40],
    image: colour,
    passedOver: [
      { class: 'disc', files: 5, endings: ['.avif', '.heic'] },
      { class: 'square', files: 1, endings: ['.heic'] },
      { class: 'star', files: 2, endings: ['.heic'] },
      { class: 'triangle', files: 2, endings: ['.heic'] },
    ],
  },
  [`${folder}/data/images ${folder}/data/right.txt`]: {
    classes: four,
    counts: [40, 40, 40, 40],
    image: 'varied',
  },
  [`${folder}/data/images ${folder}/data/gap.txt`]: { classes: four, counts: [40, 40, 0, 40], image: colour },
  [`${folder}/data/right.npy`]: { classes: four, counts: [40, 40, 40, 40], image: colour },
}
