// The space that settings are drawn from: one dimension per param.
import type { ParamSetting } from '../checking/template.js'

/** A param to draw. Both ends of a range belong to it. */
export type Dimension =
  | {
      readonly kind: 'real' | 'whole'
      readonly name: string
      readonly low: number
      readonly high: number
      /** Whether equal ratios are equally likely, instead of equal differences. */
      readonly log: boolean
    }
  | { readonly kind: 'choice'; readonly name: string; readonly values: readonly ParamSetting[] }

export type Space = readonly Dimension[]

/** A value for each param of a space, by name. */
export type Point = Readonly<Record<string, ParamSetting>>

/**
 * The value at a share in [0, 1) of a dimension, so that uniform shares give what the dimension calls
 * uniform.
 */
export function valueAt(dimension: Dimension, share: number): ParamSetting {
  switch (dimension.kind) {
    case 'choice': {
      const { values } = dimension
      return values[Math.min(values.length - 1, Math.floor(share * values.length))] ?? ''
    }
    case 'whole': {
      const { low, high, log } = dimension
      if (!log) return Math.min(high, low + Math.floor(share * (high - low + 1)))
      // Every whole number has the ratio from half below to half above it.
      return clamp(Math.round(between(Math.log(low - 0.5), Math.log(high + 0.5), share, Math.exp)), low, high)
    }
    case 'real': {
      const { low, high, log } = dimension
      const value = log ? between(Math.log(low), Math.log(high), share, Math.exp) : low + share * (high - low)
      return tidied(value, low, high)
    }
  }
}

function between(low: number, high: number, share: number, back: (value: number) => number): number {
  return back(low + share * (high - low))
}

/** Six significant digits: what a person reads and types again is what was run. */
export function tidied(value: number, low: number, high: number): number {
  return clamp(Number(value.toPrecision(6)), low, high)
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value))
}
