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
}
