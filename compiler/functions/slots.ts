// Slots for plain values: numbers with their limits, words of closed lists, paths, ranges, lists.
import { nearestName } from '../../grammar/nearest-name.js'
import { plainNumber } from '../../grammar/number-text.js'
import type { UnitDimension } from '../../grammar/words.js'
import { labelled } from '../diagnostics/reporter.js'
import { foreignName } from '../names/foreign-names.js'
import { largestSeed } from '../plan/seeds.js'
import { closedLists, showMembers } from '../types/closed-lists.js'
import { counted, describeValue, showNumber } from '../types/describe.js'
import { type ClosedListName, describeType, type Type, types } from '../types/type.js'
import type { BoundValue, PartValue, PathValue, RangeValue, Value } from '../types/value.js'
import { mostEpochs } from './bounds.js'
import type { Site, Slot } from './declaration.js'
import { factorHelp } from './setting-help.js'

/** Reports that a value is not of the type that its place expects. */
export function reportMismatch(site: Site, type: Type, value: Value, help?: string): undefined {
  if (value.kind === 'error') return undefined
  site.context.reporter.report('SAU3001', {
    gaps: { subject: site.subject, expected: describeType(type), found: describeValue(value) },
    labels: [labelled(site.at, describeValue(value)), ...origination(value)],
    help,
  })
  return undefined
}

/** The declaration that a plain value came from, as a second place of a diagnostic. */
export function origination(value: Value): ReturnType<typeof labelled>[] {
  const from = 'from' in value && typeof value.from === 'object' ? value.from : undefined
  return from ? [labelled(from.at, `\`${from.name}\` is ${describeValue(value)}`)] : []
}

export interface Limits {
  readonly from?: number
  readonly to?: number
  /** The lower end itself is not allowed. */
  readonly above?: number
  /** The upper end is more than any run can want: of interest only where it is passed. */
  readonly isGenerous?: true
}

function withinLimits(value: number, limits: Limits): boolean {
  return (
    (limits.from === undefined || value >= limits.from) &&
    (limits.to === undefined || value <= limits.to) &&
    (limits.above === undefined || value > limits.above)
  )
}

const largest = 2 ** 31 - 1

function showLimits({ from, to, above, isGenerous }: Limits, value: number): string {
  if (isGenerous && from !== undefined && to !== undefined) {
    return value < from ? `at least ${showNumber(from)}` : `at most ${showNumber(to)}`
  }
  if (from !== undefined && to !== undefined) return `within ${showNumber(from)}..${showNumber(to)}`
  if (above !== undefined && to !== undefined)
    return `above ${showNumber(above)} and at most ${showNumber(to)}`
  if (above !== undefined) return `above ${showNumber(above)}`
  if (from !== undefined) return `at least ${showNumber(from)}`
  return `at most ${showNumber(to ?? Number.POSITIVE_INFINITY)}`
}

/** A number that is written as a text. */
function withoutQuotes(value: Value): string | undefined {
  const number = value.kind === 'string' ? plainNumber(value.text) : undefined
  return number === undefined ? undefined : `write \`${number}\` without quotes`
}

function numberSlot(type: Type, limits: Limits, whole: boolean): Slot<number> {
  return {
    type,
    take(value, site) {
      if (value.kind !== 'number') return reportMismatch(site, type, value, withoutQuotes(value))
      if (value.unit) {
        site.context.reporter.report('SAU3002', {
          gaps: {
            subject: site.subject,
            expected: `${describeType(type)} without a unit`,
            found: describeValue(value),
          },
          labels: [labelled(site.at, `a number of ${value.unit.of}`), ...origination(value)],
          help: `write \`${value.value}\``,
        })
        return undefined
      }
      if (whole && !Number.isInteger(value.value)) return reportMismatch(site, type, value)
      if (type.kind === 'prob' && !withinLimits(value.value, limits)) {
        site.context.reporter.report('SAU3004', {
          gaps: { subject: site.subject, value: showNumber(value.value) },
          labels: [labelled(site.at, 'a probability is within 0..1'), ...origination(value)],
          // Per cent, most likely.
          help:
            value.value >= 2 && value.value <= 100
              ? `write a share of one: \`${showNumber(value.value / 100)}\``
              : undefined,
        })
        return undefined
      }
      if (!withinLimits(value.value, limits)) {
        site.context.reporter.report('SAU3005', {
          gaps: {
            subject: site.subject,
            bound: showLimits(limits, value.value),
            value: showNumber(value.value),
          },
          labels: [labelled(site.at, showNumber(value.value)), ...origination(value)],
          help: type.kind === 'factor' ? inverseHelp(value.value, site) : undefined,
        })
        return undefined
      }
      return value.value
    },
  }
}

/** ``write `factor: 100`...``: the argument with the inverse of a factor below 1. */
function inverseHelp(value: number, { subject }: Site): string | undefined {
  const help = factorHelp(value)
  const argument = /^`(\w+)` of /.exec(subject)?.[1]
  return argument === undefined
    ? help?.sentence
    : help?.sentence.replace(`\`${help.replacement}\``, `\`${argument}: ${help.replacement}\``)
}

/** A whole number. */
export const whole = (limits: Limits = {}): Slot<number> => numberSlot({ kind: 'int' }, limits, true)
/** A whole number from 1 to what no run of this argument can want more of. */
export const countUpTo = (most: number): Slot<number> =>
  numberSlot({ kind: 'count' }, { from: 1, to: most, isGenerous: true }, true)
/** A whole number from 1 on. */
export const count: Slot<number> = countUpTo(largest)
/** A number. */
export const real = (limits: Limits = {}): Slot<number> => numberSlot({ kind: 'float' }, limits, false)
/** A number in 0..1. */
export const probability: Slot<number> = numberSlot({ kind: 'prob' }, { from: 0, to: 1 }, false)
/** A number from 1 on. */
export const factor: Slot<number> = numberSlot({ kind: 'factor' }, { from: 1 }, false)
/** A seed. */
export const seed: Slot<number> = numberSlot(
  { kind: 'int' },
  { from: 0, to: largestSeed, isGenerous: true },
  true,
)

export const truth: Slot<boolean> = {
  type: { kind: 'bool' },
  take: (value, site) =>
    value.kind === 'bool' ? value.value : reportMismatch(site, { kind: 'bool' }, value),
}

/** A word of a closed list. The members are given so that rules get their exact type. */
export function choice<const Member extends string>(
  list: ClosedListName,
  members: readonly Member[],
): Slot<Member> {
  const type: Type = { kind: 'choice', list }
  return {
    type,
    take(value, site) {
      if (value.kind === 'choice' && value.list === list) {
        const member = members.find((known) => known === value.member)
        if (member !== undefined) return member
      }
      return reportMismatch(site, type, value, `it is ${showMembers(list)}`)
    },
  }
}

/** Reports a word that is not in a closed list. */
export function reportUnknownMember(site: Site, list: ClosedListName, name: string): void {
  const nearest =
    foreignName(name, closedLists[list].members)?.name ?? nearestName(name, closedLists[list].members)
  site.context.reporter.report('SAU2019', {
    gaps: { name, list: `\`${list}\``, members: showMembers(list) },
    labels: [labelled(site.at)],
    help: nearest && `did you mean \`${nearest}\`?`,
    fix: nearest === undefined ? undefined : { title: `write ${nearest}`, ...site.at, replacement: nearest },
  })
}

/** A path; a text in quotes is one, relative to the file it stands in. */
export const path: Slot<PathValue> = {
  type: types.path,
  take(value, site) {
    if (value.kind === 'path') return value
    if (value.kind === 'string') return toPath(value, site)
    return reportMismatch(site, types.path, value)
  },
}

function toPath(value: Extract<Value, { kind: 'string' }>, site: Site): PathValue {
  return {
    kind: 'path',
    text: value.text,
    absolute: site.context.host.resolve(value.folder, value.text),
    params: value.from?.params ?? [],
  }
}

/**
 * A range whose ends lie within limits; reversed and empty ranges have been reported where they are written.
 */
export function range(limits: Limits = {}): Slot<RangeValue> {
  const type: Type = { kind: 'range', of: { kind: 'float' } }
  return {
    type,
    take(value, site) {
      if (value.kind !== 'range') return reportMismatch(site, type, value)
      const outside = [value.from, value.to].find((end) => !withinLimits(end, limits))
      if (outside === undefined) return value
      site.context.reporter.report('SAU3005', {
        gaps: { subject: site.subject, bound: showLimits(limits, outside), value: showNumber(outside) },
        labels: [labelled(site.at)],
      })
      return undefined
    },
  }
}

/** `> 100` or `21..100`. */
export const bound: Slot<BoundValue | RangeValue> = {
  type: { kind: 'bound' },
  take: (value, site) =>
    value.kind === 'bound' || value.kind === 'range' ? value : reportMismatch(site, { kind: 'bound' }, value),
}

/** A number with a unit of one kind, in the base unit. */
export function quantity(of: UnitDimension, example: string): Slot<number> {
  const type: Type = { kind: 'quantity', of }
  return {
    type,
    take(value, site) {
      if (value.kind !== 'number') return reportMismatch(site, type, value, `write \`${example}\``)
      if (value.unit?.of !== of) {
        site.context.reporter.report('SAU3002', {
          gaps: { subject: site.subject, expected: describeType(type), found: describeValue(value) },
          labels: [
            labelled(site.at, value.unit ? `a number of ${value.unit.of}` : 'a number without a unit'),
            ...origination(value),
          ],
          help: value.unit ? `write \`${example}\`` : `write \`${counted(value.value, of.slice(0, -1))}\``,
        })
        return undefined
      }
      const base = value.value * value.unit.size
      if (Number.isInteger(base) && base >= 1 && base <= mostEpochs) return base
      site.context.reporter.report('SAU3005', {
        gaps: {
          subject: site.subject,
          bound: base > mostEpochs ? `at most ${mostEpochs} ${of}` : `a whole number of ${of} from 1 on`,
          value: describeValue(value),
        },
        labels: [labelled(site.at)],
      })
      return undefined
    },
  }
}

/** A list whose items all fit `item`, with `least` to `most` of them. */
export function list<T>(item: Slot<T>, least = 1, most = 1000): Slot<readonly T[]> {
  const type: Type = { kind: 'list', of: item.type }
  return {
    type,
    take(value, site) {
      if (value.kind !== 'list') return reportMismatch(site, type, value, 'write it in brackets: `[...]`')
      if (value.items.length < least) return reportMismatch(site, type, value)
      if (value.items.length > most) {
        site.context.reporter.report('SAU3005', {
          gaps: {
            subject: `the length of ${site.subject}`,
            bound: `at most ${most}`,
            value: value.items.length,
          },
          labels: [labelled(site.at)],
        })
        return undefined
      }
      const taken = value.items.map((entry, index) =>
        item.take(entry.value, { ...site, at: entry.at, subject: `item ${index + 1} of ${site.subject}` }),
      )
      const complete = taken.filter((entry) => entry !== undefined)
      return complete.length === taken.length ? complete : undefined
    },
  }
}

/** A list with a number for each channel of an image, or a number alone for all of them. */
export function perChannel(limits: Limits): Slot<readonly number[]> {
  const one = real(limits)
  const several = list(one)
  return {
    type: several.type,
    take(value, site) {
      if (value.kind === 'list') return several.take(value, site)
      const number = one.take(value, site)
      return number === undefined ? undefined : [number]
    },
  }
}

/** A part of a network: of its backbone, or a head. */
export const part: Slot<PartValue> = {
  type: types.part,
  take(value, site) {
    if (value.kind === 'part') return { ...value, at: site.at }
    if (value.kind !== 'head') return reportMismatch(site, types.part, value)
    const { network, head } = value
    return { kind: 'part', network, part: { kind: 'head', name: head.name }, at: site.at, declared: head.at }
  },
}

/** A value of one kind, as it is. */
export function only<K extends Value['kind']>(kind: K, type: Type): Slot<Extract<Value, { kind: K }>> {
  const isKind = (value: Value): value is Extract<Value, { kind: K }> => value.kind === kind
  return { type, take: (value, site) => (isKind(value) ? value : reportMismatch(site, type, value)) }
}
