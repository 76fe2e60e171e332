// What to call a value in a sentence: `the dataset \`real\``, `0.3`, `5 epochs`.
import type { ImageShape } from '../plan/plan.js'
import { describeType } from './type.js'
import { typeOf, type Value } from './value.js'

/** A value in words, with its number where it has one. */
export function describeValue(value: Value): string {
  switch (value.kind) {
    case 'number':
      return value.unit ? `${value.value} ${value.unit.name}` : showNumber(value.value)
    case 'bool':
      return String(value.value)
    case 'string':
      return `the text "${shorten(value.text)}"`
    case 'path':
      return `the path \`${shorten(value.text)}\``
    case 'choice':
      return `\`${value.member}\` (${value.list})`
    case 'range':
      return `the range ${showNumber(value.from)}..${showNumber(value.to)}`
    case 'bound':
      return `the bound \`${value.operator} ${value.value}\``
    case 'list':
      return value.items.length === 0 ? 'an empty list' : 'a list'
    case 'dataset':
      return `the dataset \`${value.dataset.name}\``
    case 'network':
      return `the network \`${value.network.name}\``
    case 'head':
      return `the head \`${value.network.name}.${value.head.name}\``
    case 'part':
      return `\`${value.part.name}\` of the network \`${value.network.name}\``
    case 'stream':
      return value.identity ? `the stream \`${value.identity.name}\`` : 'a stream'
    case 'memory':
      return value.identity ? `the memory \`${value.identity.name}\`` : 'a memory'
    case 'view':
      return value.identity ? `the view \`${value.identity.name}\`` : 'a view'
    case 'branch':
      return `the branch \`${value.name}\``
    case 'scalar':
      return value.condition
        ? 'a condition that changes while training'
        : value.loss
          ? 'a loss'
          : 'a number that changes while training'
    default:
      return describeType(typeOf(value))
  }
}

/** A text as it may stand in a sentence: what is longer than one line ends in dots. */
function shorten(text: string): string {
  return text.length > longestShown ? `${text.slice(0, longestShown)}...` : text
}

const longestShown = 120

/** `` `a`, `b` ``: names in a sentence; where there are very many, the first ones and how many more. */
export function showNames(names: Iterable<string>): string {
  const shown: string[] = []
  let more = 0
  for (const name of names) {
    if (shown.length < mostNames) shown.push(`\`${name}\``)
    else more++
  }
  return more === 0 ? shown.join(', ') : `${shown.join(', ')} and ${more} more`
}

const mostNames = 40

/** A number as a person writes it. */
export function showNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(12)))
}

/** `1 image`, `3 images` */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

/** `32x32x3`, or `varied`. */
export function showImage(image: ImageShape): string {
  return image === 'varied' ? 'varied' : `${image.height}x${image.width}x${image.channels}`
}
