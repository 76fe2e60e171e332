// The closed lists of names. Any of them is also the type of a param:
// `param strategy : correction = pos_neg`.
import { plainMetrics } from '../plan/metric-table.js'
import type { ClosedListName } from './type.js'

export interface ClosedList {
  readonly members: readonly string[]
  readonly doc: string
}

export const closedLists: Readonly<Record<ClosedListName, ClosedList>> = {
  correction: {
    members: ['pos_neg', 'neg_only', 'drop'],
    doc: 'What becomes of a synthetic image whose label is found to be wrong.',
  },
  profile: { members: ['exp', 'step'], doc: 'How class sizes fall from the largest class to the smallest.' },
  draw: {
    members: ['without_replacement', 'with_replacement', 'first'],
    doc: 'How the images that stay are drawn from a class.',
  },
  split: { members: ['train', 'test'], doc: 'Which part of a published data set.' },
  part: { members: ['first', 'rest'], doc: 'Which of the two complementary parts.' },
  origin: { members: ['real', 'synthetic'], doc: 'Whether images were taken or generated.' },
  labels: { members: ['fine', 'coarse'], doc: 'The 100 classes of CIFAR-100, or its 20 groups of them.' },
  shortcut: {
    members: ['pad', 'conv'],
    doc: 'How a block that changes size passes its input on: padded with zeros, or through a 1x1 convolution.',
  },
  stem: {
    members: ['imagenet', 'small'],
    doc: "How a network begins: a 7x7 convolution of stride 2 for images such as ImageNet's, or a 3x3 one of stride 1 for small images.",
  },
  pool: {
    members: ['max', 'none'],
    doc: 'What follows the stem: the largest values of 3x3 windows with stride 2, or nothing.',
  },
  norm: { members: ['batch', 'none'], doc: 'What stands between the linear layers of a head.' },
  target: {
    members: ['area', 'drawn'],
    doc: 'The weight of the pasted label: the share of the pasted box, or the lambda as it was drawn.',
  },
  policy: { members: ['cifar10', 'imagenet', 'svhn'], doc: 'The published AutoAugment policies.' },
  statistics: {
    members: ['cifar10', 'cifar100', 'imagenet'],
    doc: 'Published means and deviations of the channels.',
  },
  remainder: { members: ['keep', 'drop'], doc: 'Whether the last, smaller batch of an epoch is trained.' },
  precision: {
    members: ['float32', 'bfloat16'],
    doc: 'The numbers that the network is computed in; weights, losses and updates are `float32` in either.',
  },
  per: { members: ['epoch', 'step'], doc: 'When the learning rate changes.' },
  best: { members: plainMetrics, doc: 'The metric that chooses the best epoch.' },
  fill_level: { members: ['balanced'], doc: 'Up to the largest class.' },
}

export function isClosedList(name: string): name is ClosedListName {
  return Object.hasOwn(closedLists, name)
}

/** `pos_neg, neg_only, drop` */
export function showMembers(list: ClosedListName): string {
  return closedLists[list].members.map((member) => `\`${member}\``).join(', ')
}
