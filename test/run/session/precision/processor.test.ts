import { expect, test } from 'vitest'
import { processorHasBfloat16 } from '../../../../runtime/run/session/precision/processor.js'

const linux = (arch: string, description: string | undefined) =>
  processorHasBfloat16({ platform: 'linux', arch, description: () => description })

test('reads the instructions that Linux lists for x64', () => {
  expect(linux('x64', 'processor\t: 0\nflags\t\t: fpu avx512_bf16 avx2\n')).toBe(true)
  expect(linux('x64', 'processor\t: 0\nflags\t\t: fpu amx_bf16 amx_tile\n')).toBe(true)
  expect(linux('x64', 'processor\t: 0\nflags\t\t: fpu avx512f avx512_vnni\n')).toBe(false)
})

test('reads the features that Linux lists for arm64', () => {
  expect(linux('arm64', 'processor\t: 0\nFeatures\t: fp asimd bf16 i8mm\n')).toBe(true)
  expect(linux('arm64', 'processor\t: 0\nFeatures\t: fp asimd\n')).toBe(false)
})

test('does not know what nothing says', () => {
  expect(linux('x64', undefined)).toBeUndefined()
  expect(linux('riscv64', 'flags : bf16')).toBeUndefined()
  expect(linux('x64', 'model name : a processor')).toBeUndefined()
  expect(
    processorHasBfloat16({ platform: 'darwin', arch: 'arm64', description: () => 'Features: bf16' }),
  ).toBeUndefined()
})
