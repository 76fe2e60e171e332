// The parameters with which operations are compared with Pillow, and the views that are drawn for it.

import { cifarViews, imageNetViews } from '../../../bench/views-of-sau.mjs'
import { magnitudeOf, policyOperations, policyPixels } from '../../../dist/runtime/data/views/autoaugment.js'
import {
  hasDirection,
  isGeometric,
  randAugmentOperations,
  randAugmentPixels,
} from '../../../dist/runtime/data/views/randaugment.js'

const grey = [128, 128, 128]
const mean = [124, 116, 104]

/** Operations to try on an image of this shape. */
export function operationsFor(height, width, channels) {
  const all = [...geometry(height, width), ...levels(), ...policies(height, width)]
  return channels === 3 ? [...all, ...colours()] : all
}

function geometry(height, width) {
  const list = [{ op: 'flip' }]
  for (const sampling of ['nearest', 'bilinear', 'bicubic']) {
    for (const degrees of [-180, -90, -33.3, -0.4, 0, 1, 45, 89.9, 90, 135, 180, 270]) {
      list.push({ op: 'rotate', degrees, fill: [0, 0, 0], sampling })
    }
    for (const offset of [-1.5, -0.5, 0, 0.3, 1, 7.7, 300]) {
      list.push(
        { op: 'translate_x', offset, fill: mean, sampling },
        { op: 'translate_y', offset, fill: mean, sampling },
      )
    }
    if (sampling === 'nearest') continue
    for (const slope of [-0.9, -0.3, 0, 0.01, 0.3]) {
      list.push(
        { op: 'shear_x', slope, fill: mean, sampling },
        { op: 'shear_y', slope, fill: mean, sampling },
      )
    }
  }
  for (const [top, left, tall, wide] of [
    [0, 0, height, width],
    [-2, 3, height, 4],
    [-9, -9, 5, 5],
    [1, -1, height + 3, width + 2],
  ]) {
    for (const mirror of [false, true])
      list.push({ op: 'crop', top, left, height: tall, width: wide, mirror })
  }
  for (const [top, bottom, left, right] of [
    [0, 1, 0, 1],
    [0.1, 0.6, 0.3, 0.95],
    [0.5, 0.52, 0, 1],
    [0.2, 1, 0.9, 1],
  ]) {
    const box = {
      top: Math.floor(top * height),
      left: Math.floor(left * width),
      height: Math.max(1, Math.floor((bottom - top) * height)),
      width: Math.max(1, Math.floor((right - left) * width)),
    }
    for (const [outHeight, outWidth] of [
      [1, 1],
      [5, 8],
      [32, 32],
      [Math.max(1, height >> 1), width * 2],
      [box.height, 17],
      [61, box.width],
    ]) {
      for (const filter of ['bilinear', 'lanczos']) {
        list.push({
          op: 'resized_crop',
          ...box,
          outHeight,
          outWidth,
          filter,
          mirror: (outHeight + outWidth) % 2 === 1,
        })
      }
    }
  }
  for (const [y, x, size] of [
    [0, 0, 3],
    [height - 1, width >> 1, 16],
    [height >> 1, width - 1, 1],
    [2, 2, 500],
  ]) {
    list.push({ op: 'cutout', y, x, size })
  }
  for (const sigma of [0.1, 0.35, 0.5, 0.77, 1, 1.2, 1.41, 1.42, 1.7, 2, 2.5, 3.3, 5, 9.9, 25]) {
    list.push({ op: 'gaussian_blur', sigma })
  }
  return list
}

/** Operations on levels, for any number of channels. */
function levels() {
  const list = [{ op: 'autocontrast' }, { op: 'equalize' }, { op: 'invert' }]
  for (const factor of [0, 0.1, 0.3, 0.6, 0.999, 1, 1.0625, 1.4, 1.9, 3]) {
    list.push({ op: 'brightness', factor }, { op: 'contrast', factor }, { op: 'sharpness', factor })
  }
  for (let bits = 0; bits <= 8; bits++) list.push({ op: 'posterize', bits })
  for (const threshold of [0, 1, 99.6, 128, 255, 256]) list.push({ op: 'solarize', threshold })
  for (const added of [0, 1, 55, 110]) list.push({ op: 'solarize_add', added })
  return list
}

function colours() {
  const list = [{ op: 'grayscale' }]
  for (const factor of [0, 0.1, 0.6, 1, 1.37, 1.9, 3]) list.push({ op: 'saturation', factor })
  for (const shift of [-0.5, -0.31, -0.1, -0.004, 0, 0.003, 0.05, 0.1, 0.25, 0.5])
    list.push({ op: 'hue', shift })
  return list
}

/** Every operation of the policies at every magnitude with both signs. */
function policies(height, width) {
  const list = []
  for (const operation of policyOperations) {
    for (let index = 0; index < 10; index++) {
      for (const sign of [1, -1]) {
        list.push(policyPixels(operation, magnitudeOf(operation, index), sign, height, width))
      }
    }
  }
  for (const operation of randAugmentOperations) {
    for (const increasing of [false, true]) {
      for (const magnitude of [0, 0.5, 3.3, 7, 9.71, 10]) {
        for (const sign of hasDirection(operation, increasing) ? [1, -1] : [1]) {
          for (const sampling of isGeometric(operation) ? ['bilinear', 'bicubic'] : ['bicubic']) {
            const settings = { magnitude, sign, sampling, fill: increasing ? grey : mean, increasing }
            list.push(randAugmentPixels(operation, settings, height, width))
          }
        }
      }
    }
  }
  const texts = new Set()
  return list.filter((operation) => {
    const text = JSON.stringify(operation)
    return !texts.has(text) && texts.add(text)
  })
}

const named = (prefix, views) =>
  Object.fromEntries(Object.entries(views).map(([name, view]) => [`${prefix} ${name}`, view]))

export const viewsToDraw = {
  ...named('cifar', cifarViews),
  'cifar svhn': [{ op: 'autoaugment', policy: 'svhn' }],
  ...named('imagenet', imageNetViews),
  'imagenet policy': [
    { op: 'resized_crop', size: 64, scale: [0.08, 1], ratio: [3 / 4, 4 / 3] },
    { op: 'autoaugment', policy: 'imagenet' },
  ],
}
