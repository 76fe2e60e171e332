import { expect, test } from 'vitest'
import type { NetworkPrecision } from '../../../../compiler/plan/plan.js'
import type { Engine } from '../../../../runtime/engines/engine.js'
import { createReferenceEngine } from '../../../../runtime/engines/reference/index.js'
import { precisionWarning } from '../../../../runtime/run/session/precision/warning.js'

interface Case {
  readonly precision?: NetworkPrecision
  readonly bfloat16?: Engine['bfloat16']
  readonly instructions?: boolean
  readonly slowdown?: number
}

/** What is said, and whether anything was measured for it. */
async function said({ precision = 'bfloat16', bfloat16, instructions, slowdown = 3.14 }: Case) {
  const engine: Engine = { ...createReferenceEngine(), name: 'tensorflow', ...(bfloat16 && { bfloat16 }) }
  let measured = false
  const warning = await precisionWarning(precision, engine, 2, {
    processorHasBfloat16: () => instructions,
    async slowdown() {
      measured = true
      return slowdown
    },
  })
  return { code: warning?.code, message: warning?.message, measured }
}

const nothing = { code: undefined, message: undefined, measured: false }

test('float32, GPUs and processors with the instructions are neither measured nor warned about', async () => {
  expect(await said({ precision: 'float32', instructions: false })).toEqual(nothing)
  expect(await said({ bfloat16: 'device', instructions: false })).toEqual(nothing)
  expect(await said({ bfloat16: 'processor', instructions: true })).toEqual(nothing)
})

test('a processor without the instructions is warned about with the measured slowdown', async () => {
  expect(await said({ bfloat16: 'processor', instructions: false })).toEqual({
    code: 'SAU7610',
    message: 'bfloat16 is 3.1 times slower here than float32: this processor has no bfloat16 instructions',
    measured: true,
  })
})

test('an engine that rounds is warned about, whatever the processor has', async () => {
  expect((await said({ instructions: true })).message).toBe(
    'bfloat16 is 3.1 times slower here than float32: the engine tensorflow computes in float32 and rounds',
  )
  expect((await said({ instructions: true, slowdown: 0.98 })).message).toBe(
    'bfloat16 is no faster here than float32: the engine tensorflow computes in float32 and rounds',
  )
})

test('a library that refuses bfloat16 ends the run with a way out', async () => {
  const engine: Engine = { ...createReferenceEngine(), name: 'tensorflow', bfloat16: 'processor' }
  const refused = precisionWarning('bfloat16', engine, 2, {
    processorHasBfloat16: () => false,
    slowdown: async () => {
      throw new Error('could not create a primitive\n\t [[{{node train/n4}}]]')
    },
  })
  await expect(refused).rejects.toMatchObject({
    code: 'SAU7611',
    message: 'the engine tensorflow cannot compute in bfloat16 here: could not create a primitive',
    help: 'write `precision = float32`',
  })
})

test('where nobody says what the processor has, the measurement decides', async () => {
  expect((await said({ bfloat16: 'processor', slowdown: 0.7 })).message).toBeUndefined()
  expect((await said({ bfloat16: 'processor', slowdown: 2 })).message).toBe(
    'bfloat16 is 2.0 times slower here than float32: this processor seems to have no bfloat16 instructions',
  )
})
