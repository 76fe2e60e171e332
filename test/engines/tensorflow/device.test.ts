import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { deviceName, firstVisibleDevice } from '../../../runtime/engines/tensorflow/device.js'
import { prepareEnvironment } from '../../../runtime/engines/tensorflow/library/load.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'saurun-gpus-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function gpu(bus: string, model: string, uuid: string): void {
  mkdirSync(join(folder, bus))
  writeFileSync(
    join(folder, bus, 'information'),
    `Model: \t\t ${model}\nIRQ:   \t\t 11\nGPU UUID: \t ${uuid}\n`,
  )
}

test.each([
  [undefined, '0'],
  ['2,3', '2'],
  ['GPU-8932f937,GPU-1', 'GPU-8932f937'],
  ['', ''],
  ['-1', '-1'],
])('of the visible GPUs %j TensorFlow gets %j', (chosen, device) => {
  expect(firstVisibleDevice(chosen)).toBe(device)
})

test('TensorFlow is told of threads, one GPU, growing memory and exact arithmetic before it is loaded', () => {
  const environment = { CUDA_VISIBLE_DEVICES: '3,1', TF_NUM_INTRAOP_THREADS: '64', TF_CPP_MIN_LOG_LEVEL: '0' }
  expect(prepareEnvironment(environment, 2)).toBe('3')
  expect(environment).toMatchObject({
    CUDA_VISIBLE_DEVICES: '3',
    TF_NUM_INTRAOP_THREADS: '2',
    TF_NUM_INTEROP_THREADS: '2',
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
    NVIDIA_TF32_OVERRIDE: '0',
    TF_CPP_MIN_LOG_LEVEL: '0',
  })
})

test('a GPU is named after its driver', () => {
  gpu('0000:01:00.0', 'NVIDIA A100', 'GPU-aa')
  expect(deviceName('0', folder)).toBe('NVIDIA A100')
})

test('among GPUs that differ only a name of its own tells which one it is', () => {
  gpu('0000:01:00.0', 'NVIDIA A100', 'GPU-aa11')
  gpu('0000:02:00.0', 'NVIDIA L4', 'GPU-bb22')
  expect(deviceName('1', folder)).toBeUndefined()
  expect(deviceName('GPU-bb', folder)).toBe('NVIDIA L4')
})

test('without a driver there is no name', () => {
  expect(deviceName('0', join(folder, 'none'))).toBeUndefined()
})
