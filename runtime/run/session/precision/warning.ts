// What a run in bfloat16 says when it starts where float32 would be faster. The numbers are the same on every
// engine and processor up to rounding; it is the time that is lost.
import type { NetworkPrecision } from '../../../../compiler/plan/plan.js'
import type { Engine } from '../../../engines/engine.js'
import { exitCodes, RunError } from '../../../platform/errors.js'
import { cacheFolder } from '../../../platform/host/cache-folder.js'
import { processorHasBfloat16 } from './processor.js'
import { rememberedSlowdown } from './slowdown.js'

export interface PrecisionWarning {
  readonly code: 'SAU7610'
  readonly message: string
}

/** Where the facts come from, for tests. */
export interface PrecisionFacts {
  readonly processorHasBfloat16?: () => boolean | undefined
  /** Time of a step in bfloat16 by its time in float32. */
  readonly slowdown?: (engine: Engine, threads: number) => Promise<number>
}

/** Slower by less than this is not worth a word, and within what a short measurement can be wrong by. */
const notable = 1.1

/**
 * Undefined where nothing is to be said: in float32, on a device or a processor with instructions for
 * bfloat16, and where nobody says what the processor has but bfloat16 turns out no slower.
 * @throws RunError SAU7611 where the engine's library refuses bfloat16 on this processor.
 */
export async function precisionWarning(
  precision: NetworkPrecision,
  engine: Engine,
  threads: number,
  facts: PrecisionFacts = {},
): Promise<PrecisionWarning | undefined> {
  const {
    processorHasBfloat16: hasInstructions = processorHasBfloat16,
    slowdown: measured = (one, count) => rememberedSlowdown(one, count, cacheFolder()),
  } = facts
  const support = engine.bfloat16 ?? 'emulated'
  if (precision === 'float32' || support === 'device') return undefined
  const instructions = support === 'processor' ? hasInstructions() : false
  if (instructions === true) return undefined
  const slowdown = await tried(engine, () => measured(engine, threads))
  const isSlower = slowdown >= notable
  if (!isSlower && instructions === undefined) return undefined
  const speed = isSlower ? `${slowdown.toFixed(1)} times slower` : 'no faster'
  return {
    code: 'SAU7610',
    message: `bfloat16 is ${speed} here than float32: ${reason(engine, instructions)}`,
  }
}

/** A library that refuses bfloat16 on this processor refuses the small network first. */
async function tried(engine: Engine, measure: () => Promise<number>): Promise<number> {
  try {
    return await measure()
  } catch (error) {
    if (error instanceof RunError) throw error
    const [message] = (error instanceof Error ? error.message : String(error)).split('\n', 1)
    throw new RunError(
      'SAU7611',
      `the engine ${engine.name} cannot compute in bfloat16 here: ${message}`,
      'write `precision = float32`',
      exitCodes.failed,
    )
  }
}

function reason(engine: Engine, instructions: boolean | undefined): string {
  if ((engine.bfloat16 ?? 'emulated') === 'emulated')
    return `the engine ${engine.name} computes in float32 and rounds`
  return instructions === false
    ? 'this processor has no bfloat16 instructions'
    : 'this processor seems to have no bfloat16 instructions'
}
