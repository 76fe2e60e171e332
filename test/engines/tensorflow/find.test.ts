// Where a TensorFlow is looked for, and why one that is there cannot be used.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { libraryCandidates, libraryPlaces } from '../../../runtime/engines/tensorflow/library/find.js'
import {
  type InstalledEngine,
  installedProblem,
} from '../../../runtime/engines/tensorflow/library/installed.js'
import { enginesFolder } from '../../../runtime/platform/host/data-folder.js'
import { seesGpu } from '../../../runtime/platform/host/gpu.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'saurun-find-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const here = `${process.platform} ${process.arch}`

function putPackage(name: string, napi: readonly number[]): string {
  const at = join(folder, 'node_modules', '@tensorflow', name)
  mkdirSync(at, { recursive: true })
  const manifest = {
    name: `@tensorflow/${name}`,
    version: '4.22.0',
    binary: { napi_versions: [5, 6, 7, 8, 99] },
  }
  writeFileSync(join(at, 'package.json'), JSON.stringify(manifest))
  for (const version of napi) {
    mkdirSync(join(at, 'lib', `napi-v${version}`), { recursive: true })
    writeFileSync(join(at, 'lib', `napi-v${version}`, 'tfjs_binding.node'), 'addon')
  }
  return at
}

function putInstalled(changes: Partial<InstalledEngine> = {}): string {
  const at = join(folder, 'engines', 'tensorflow')
  mkdirSync(at, { recursive: true })
  const description: InstalledEngine = {
    engine: 1,
    version: '2.21.0',
    gpu: false,
    packageName: '@tensorflow/tfjs-node',
    packageVersion: '4.22.0',
    platform: here,
    installed: '2026-11-25T12:00:00.000Z',
    files: { 'tfjs_binding.node': 5 },
    ...changes,
  }
  writeFileSync(join(at, 'engine.json'), JSON.stringify(description))
  writeFileSync(join(at, 'tfjs_binding.node'), 'addon')
  return at
}

const search = () => ({ engines: join(folder, 'engines'), from: [join(folder, 'below')] })

describe('TensorFlow is looked for', () => {
  test('nowhere in vain: without any, there is none', () => {
    expect(libraryCandidates(search())).toEqual([])
  })

  test('where saurun installs it, then in the package for GPUs, then in the one for the CPU', () => {
    const cpu = putPackage('tfjs-node', [8])
    const gpu = putPackage('tfjs-node-gpu', [7, 8, 99])
    const own = putInstalled()
    expect(libraryPlaces(search())).toEqual([
      { addon: join(own, 'tfjs_binding.node'), packageName: '@tensorflow/tfjs-node 4.22.0' },
      {
        addon: join(gpu, 'lib', 'napi-v8', 'tfjs_binding.node'),
        packageName: '@tensorflow/tfjs-node-gpu 4.22.0',
      },
      {
        addon: join(cpu, 'lib', 'napi-v8', 'tfjs_binding.node'),
        packageName: '@tensorflow/tfjs-node 4.22.0',
      },
    ])
  })

  test('and a package whose install script did not run is named with that reason', () => {
    putPackage('tfjs-node', [])
    expect(libraryCandidates(search())).toMatchObject([
      { origin: '@tensorflow/tfjs-node 4.22.0', usable: false, problem: expect.stringContaining('no addon') },
    ])
    expect(libraryPlaces(search())).toEqual([])
  })

  test.each<[string, Partial<InstalledEngine>, string]>([
    ['for another platform', { platform: 'linux riscv64' }, 'it was made for linux riscv64'],
    [
      'without one of its files',
      { files: { 'tensorflow/libtensorflow_cc.so.2': 7 } },
      'libtensorflow_cc.so.2 is missing',
    ],
    [
      'with a file of another size',
      { files: { 'tfjs_binding.node': 6 } },
      'is damaged: 5 bytes instead of 6',
    ],
  ])('and an installed one %s is named with that reason', (_what, changes, problem) => {
    putInstalled(changes)
    expect(libraryCandidates(search())).toMatchObject([
      { usable: false, problem: expect.stringContaining(problem) },
    ])
  })

  test('and one whose description is damaged too', () => {
    writeFileSync(join(putInstalled(), 'engine.json'), '{')
    expect(libraryCandidates(search())).toMatchObject([
      { usable: false, problem: 'its engine.json is damaged' },
    ])
  })

  test('an engine for this platform with all its files has no problem', () => {
    const at = putInstalled()
    const files = { 'tfjs_binding.node': 5 }
    const description = {
      engine: 1,
      version: '',
      gpu: false,
      packageName: '',
      packageVersion: '',
      installed: '',
    } as const
    expect(installedProblem(at, { ...description, platform: here, files })).toBeUndefined()
  })
})

test('engines lie in the data folder, in that of SAURUN_HOME, or where SAURUN_ENGINES says', () => {
  expect(enginesFolder({ SAURUN_HOME: '/home/ada/s' })).toBe('/home/ada/s/data/engines')
  expect(enginesFolder({ SAURUN_HOME: '/home/ada/s', SAURUN_ENGINES: '/big/engines' })).toBe('/big/engines')
  expect(enginesFolder({ SAURUN_HOME: '', SAURUN_ENGINES: '' })).toMatch(/saurun.*engines$/)
})

test.each([
  [undefined, true, true],
  [undefined, false, false],
  ['0,1', true, true],
  ['', true, false],
  ['-1', true, false],
] as const)(
  'with CUDA_VISIBLE_DEVICES %j and a driver: %j, a GPU is seen: %j',
  (visible, driver, expected) => {
    const environment = visible === undefined ? {} : { CUDA_VISIBLE_DEVICES: visible }
    expect(seesGpu(environment, () => driver)).toBe(expected)
  },
)
