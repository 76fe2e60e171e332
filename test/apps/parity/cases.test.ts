import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runParity } from '../../../runtime/apps/parity/index.js'
import { relativeNorm } from '../../../runtime/apps/parity/quantity.js'
import { createReferenceEngine } from '../../../runtime/engines/reference/index.js'
import { type SafeTensor, writeSafetensors } from '../../../runtime/platform/safetensors/index.js'

let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'saurun-parity-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true })
})

const floats = (shape: readonly number[], values: readonly number[]): SafeTensor => ({
  dtype: 'F32',
  shape,
  data: Float32Array.from(values),
})
const integers = (values: readonly number[]): SafeTensor => ({
  dtype: 'I64',
  shape: [values.length],
  data: BigInt64Array.from(values, BigInt),
})

async function parityOf(tensors: Record<string, SafeTensor>, metadata: Record<string, string>) {
  await writeFile(join(folder, 'case.safetensors'), writeSafetensors(tensors, metadata))
  const { results } = await runParity(folder, { engines: [createReferenceEngine()] })
  const [result] = results
  if (result === undefined) throw new Error('no result')
  return result
}

/**
 * Two images of one pixel. mixup weighs them 3/4 and 1/4. The box of cutmix, of side 1/2 around (0.4, 0.4),
 * has the corners 0.15 and 0.65, which round to the whole pixel; labels keep the drawn weight. All logits are
 * 0: every loss is log 2.
 */
function mixCase(): Record<string, SafeTensor> {
  return {
    x1: floats([1, 1, 1, 3], [4, 8, 0]),
    x2: floats([1, 1, 1, 3], [0, 0, 4]),
    labels1: integers([0]),
    labels2: integers([1]),
    x_mixup: floats([1, 1, 1, 3], [3, 6, 1]),
    y_mixup: floats([1, 2], [0.75, 0.25]),
    x_cutmix: floats([1, 1, 1, 3], [0, 0, 4]),
    y_cutmix: floats([1, 2], [0.75, 0.25]),
    logits_mixup: floats([1, 2], [0, 0]),
    logits_cutmix: floats([1, 2], [0, 0]),
    loss: floats([1], [2 * Math.log(2)]),
    grad_logits_mixup: floats([1, 2], [-0.25, 0.25]),
    grad_logits_cutmix: floats([1, 2], [-0.25, 0.25]),
  }
}

const mixSettings = {
  kind: 'mix',
  classes: '2',
  lambda_mixup: '0.75',
  lambda_cutmix: '0.75',
  center: '[0.4, 0.4]',
}

describe('parity', () => {
  it('passes a case that holds, naming every quantity', async () => {
    const result = await parityOf(mixCase(), mixSettings)
    expect(result).toMatchObject({
      status: 'passed',
      file: 'case.safetensors',
      kind: 'mix',
      engine: 'reference',
    })
    const names = result.status === 'skipped' ? [] : result.quantities.map((quantity) => quantity.name)
    expect(names).toEqual([
      'x_mixup',
      'y_mixup',
      'x_cutmix',
      'y_cutmix',
      'grad_logits_mixup',
      'grad_logits_cutmix',
      'loss',
    ])
  })

  it.each(Object.keys(mixCase()).filter((name) => !/^(x|labels)\d|^logits/.test(name)))(
    'fails when %s is off by a hundredth',
    async (name) => {
      const tensors = mixCase()
      const { shape, data } = tensors[name] ?? integers([])
      const moved: number[] = []
      for (const value of data) moved.push(Number(value) + 0.01)
      tensors[name] = floats(shape, moved)
      const result = await parityOf(tensors, mixSettings)
      const off = result.status === 'skipped' ? [] : result.quantities.filter((quantity) => !quantity.ok)
      expect(result.status).toBe('failed')
      expect(off.map((quantity) => quantity.name)).toEqual([name])
    },
  )

  it('fails a case that lacks something, and says what', async () => {
    const { x2: _, ...others } = mixCase()
    expect(await parityOf(others, mixSettings)).toMatchObject({
      status: 'failed',
      message: "case.safetensors has no tensor 'x2'",
    })
    const { center: __, ...settings } = mixSettings
    expect(await parityOf(mixCase(), settings)).toMatchObject({
      status: 'failed',
      message: "case.safetensors has no 'center' in its metadata",
    })
  })

  it('skips a kind that it does not know, by name', async () => {
    expect(await parityOf({}, { kind: 'diffusion' })).toEqual({
      status: 'skipped',
      file: 'case.safetensors',
      kind: 'diffusion',
      message: "kind 'diffusion' is not known",
    })
  })

  it('fails a file that is no safetensors file', async () => {
    await writeFile(join(folder, 'case.safetensors'), 'no')
    const { results, failed } = await runParity(folder, { engines: [createReferenceEngine()] })
    expect(failed).toBe(1)
    expect(results[0]).toMatchObject({ status: 'failed', kind: 'unreadable' })
  })

  it('refuses a folder that is not there, or holds no case', async () => {
    await expect(runParity(join(folder, 'none'), { engines: [] })).rejects.toMatchObject({
      code: 'SAU7501',
      exitCode: 2,
    })
    await expect(runParity(folder, { engines: [] })).rejects.toMatchObject({ code: 'SAU7501' })
  })
})

describe('relative errors in norm', () => {
  const tensor = (values: readonly number[]) =>
    ({ dtype: 'float32', shape: [values.length], data: Float64Array.from(values) }) as const

  it('are relative to the expected norm, or to the floor where that is larger', () => {
    expect(relativeNorm(tensor([3, 4.5]), tensor([3, 4]))).toBeCloseTo(0.1, 12)
    expect(relativeNorm(tensor([2e-5]), tensor([1e-5]), 1e-2)).toBeCloseTo(1e-3, 12)
  })

  it('are NaN where a number is missing, which is outside of every tolerance', () => {
    expect(relativeNorm(tensor([Number.NaN, 1]), tensor([1, 1]))).toBeNaN()
  })
})
