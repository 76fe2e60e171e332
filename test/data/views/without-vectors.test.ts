// Where WebAssembly has no vectors, plain code does what the kernels do.
import { describe, it, vi } from 'vitest'
import { expectWhatPillowGave, nameOfCase, pillowCases } from './pillow-images.js'

vi.mock('../../../runtime/data/pixels/simd/instance.js', () => ({ kernels: () => undefined }))

const withKernels = new Set([
  'resized_crop',
  'brightness',
  'contrast',
  'saturation',
  'grayscale',
  'sharpness',
])

describe('without vectors operations give exactly what Pillow gives', () => {
  const cases = pillowCases.filter(({ operations }) => operations.some(({ op }) => withKernels.has(op)))
  it.each(cases.map((each) => ({ name: nameOfCase(each), each })))('$name', ({ each }) => {
    expectWhatPillowGave(each)
  })
})
