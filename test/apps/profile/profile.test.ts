import { describe, expect, test } from 'vitest'
import { partsOf } from '../../../runtime/apps/profile/parts.js'
import { profileOf } from '../../../runtime/apps/profile/profile.js'
import { lineTable, profileText } from '../../../runtime/apps/profile/profile-text.js'
import { sourceReader } from '../../../runtime/apps/profile/sources.js'
import { chromeTrace } from '../../../runtime/apps/profile/trace.js'
import { graph, measured, texts } from './made-steps.js'

const profile = profileOf(measured, texts)

test('parts follow from where a node leads to', () => {
  expect(partsOf(graph, measured.program.variables, measured.plan.train.at)).toEqual([
    'forward',
    'forward',
    'forward',
    'forward',
    'gradient',
    'gradient',
    'update',
    // A running statistic is the forward pass's.
    'forward',
  ])
})

describe('a profile', () => {
  test('says how long a step took and how much of it is told', () => {
    expect(profile.step).toEqual({
      milliseconds: 10,
      fastest: 9,
      slowest: 11,
      kernels: 9,
      coverage: 0.9,
      mapped: expect.closeTo(8.5 / 9, 10),
    })
  })

  test('gives lines their forward, gradient and update, most time first', () => {
    expect(profile.lines).toEqual([
      {
        file: 'exp.sau',
        line: 2,
        text: 'let y = net(a.plain)',
        calls: 6,
        totalMilliseconds: 10,
        milliseconds: 5,
        share: 0.5,
        forward: 4,
        gradient: 1,
        update: 0,
      },
      expect.objectContaining({ line: 3, text: 'loss l = log(y)', milliseconds: 3, forward: 1, gradient: 2 }),
      expect.objectContaining({ line: 4, text: 'train {', milliseconds: 0.5, update: 0.5 }),
    ])
  })

  test('gives operations their place and the mean of a kernel', () => {
    expect(profile.operations[0]).toEqual({
      node: 2,
      operation: 'multiply',
      part: 'forward',
      file: 'exp.sau',
      line: 2,
      column: 9,
      kernel: 'Mul',
      calls: 2,
      totalMilliseconds: 6,
      milliseconds: 3,
      share: 0.3,
      meanMilliseconds: 3,
    })
    expect(profile.operations.find(({ node }) => node === 3)).toMatchObject({ line: 3, column: 14 })
  })

  test('names what it could not map', () => {
    expect(profile.unmapped).toEqual([
      { kernel: 'Copy', calls: 2, totalMilliseconds: 1, milliseconds: 0.5, share: 0.05 },
    ])
  })

  test('lines, what has no line, and what is between kernels are the whole step', () => {
    const lines = profile.lines.reduce((sum, line) => sum + line.share, 0)
    const unmapped = profile.unmapped.reduce((sum, kernel) => sum + kernel.share, 0)
    expect(lines + unmapped + (1 - profile.step.coverage)).toBeCloseTo(1, 10)
  })

  test('reads as a page', async () => {
    await expect(`${profileText(profile).join('\n')}\n`).toMatchFileSnapshot('__snapshots__/profile.txt')
  })

  test('keeps control characters of a file out of the terminal', () => {
    const [, row] = lineTable([
      { file: 'a\u001b.sau', line: 1, text: 'x\u001b[2J', milliseconds: 1, share: 1 },
    ])
    expect(row).toBe('a\\u001b.sau:1       1.00  100.0 %  x\\u001b[2J')
  })
})

test('a trace has an event for each kernel, under the name of its operation and its line', () => {
  const trace = JSON.parse(JSON.stringify(chromeTrace(measured)))
  expect(trace.traceEvents).toHaveLength(1 + 14)
  expect(trace.traceEvents[4]).toEqual({
    ph: 'X',
    pid: 1,
    tid: 0,
    ts: 6000,
    dur: 2000,
    name: 'multiply',
    cat: 'exp.sau:2',
    args: { name: 'Mul_4', kernel: 'Mul', node: 5 },
  })
})

test('places in imported files are read in these', () => {
  const source = sourceReader(texts)
  expect(source.line({ file: 'lib/base.sau', line: 2 })).toBe('view v = flip')
  expect(source.column({ file: 'lib/base.sau', start: 10, end: 11, line: 2 })).toBe(5)
  expect(source.line({ file: 'elsewhere.sau', line: 1 })).toBe('')
})
