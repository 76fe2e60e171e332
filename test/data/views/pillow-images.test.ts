import { describe, expect, it } from 'vitest'
import { kernels } from '../../../runtime/data/pixels/simd/instance.js'
import { formulaKinds } from './formula-images.mjs'
import { expectWhatPillowGave, nameOfCase, pillowCases } from './pillow-images.js'

describe('operations on other images give exactly what Pillow gives', () => {
  it.each(pillowCases.map((each) => ({ name: nameOfCase(each), each })))('$name', ({ each }) => {
    expectWhatPillowGave(each)
  })

  it('are of every kind of image', () => {
    expect(new Set(pillowCases.map(({ input: [kind] }) => kind))).toEqual(new Set(formulaKinds))
  })

  it('are done with vectors on this machine', () => {
    expect(kernels()).toBeDefined()
  })
})
