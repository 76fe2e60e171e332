// What is certain of a view operation with a wrong argument: often the size of the image it gives.
import type { Location } from '../diagnostics/reporter.js'
import type { ImageShape } from '../plan/plan.js'
import { unknownStep, unknownView } from '../types/unknown.js'
import type { ViewValue } from '../types/value.js'
import type { KnownImage } from '../types/view-step.js'
import type { Call } from './declaration.js'

export const square = (size: number, input: ImageShape): KnownImage => ({
  height: size,
  width: size,
  channels: input === 'varied' ? 3 : input.channels,
})

/** An operation with a wrong argument that leaves the size of the image as it is. */
export const keepingSize = (name: string) => (_: unknown, call: Call) =>
  unknownView(unknownStep(name, call.at, (input) => input))

/**
 * An operation with a wrong argument that cuts or scales images to `side` pixels, or to their own size
 * without.
 */
export function cutting(
  name: string,
  side: number | undefined,
  call: Call,
  sideAt: Location | undefined,
): ViewValue {
  const leftOut = sideAt === call.at && !call.unplaced
  const output = (input: ImageShape) =>
    side !== undefined
      ? square(side, input)
      : leftOut && input !== 'varied'
        ? square(Math.min(input.height, input.width), input)
        : undefined
  return unknownView(unknownStep(name, call.at, output))
}
