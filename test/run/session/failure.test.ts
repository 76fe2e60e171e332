import { expect, test } from 'vitest'
import { sessionError } from '../../../runtime/engines/tensorflow/failure.js'
import { RunError } from '../../../runtime/platform/errors.js'
import { asRunError } from '../../../runtime/run/session/failure.js'
import { messageWithEstimate } from '../../../runtime/run/session/memory-estimate.js'
import { tinyPlan } from './tiny-experiment.js'

function systemError(code: string, path?: string): Error {
  return Object.assign(new Error(`${code}: refused`), { code, ...(path === undefined ? {} : { path }) })
}

test.each(['ENOSPC', 'EDQUOT', 'EROFS', 'EIO'])('%s while a run is written is no bug', (code) => {
  expect(asRunError(systemError(code), '/runs/a')).toMatchObject({
    code: 'SAU7106',
    message: `/runs/a cannot be written: ${code}: refused`,
    exitCode: 1,
  })
})

test('a file that may not be touched is laid to the run only where it is the run’s', () => {
  expect(asRunError(systemError('EACCES', '/runs/a/lock.json'), '/runs/a').code).toBe('SAU7106')
  expect(asRunError(systemError('EACCES', '/data/train.bin'), '/runs/a').code).toBe('SAU8126')
})

test('a run folder that is not there any more is told from a full disk', () => {
  expect(asRunError(systemError('ENOENT', '/runs/a/checkpoints'), '/runs/a')).toMatchObject({
    code: 'SAU7312',
    message: '/runs/a was removed or moved while the run trained',
    exitCode: 1,
  })
  expect(asRunError(systemError('ENOENT', '/runs/another'), '/runs/a').code).toBe('SAU7001')
})

test('a bug is told in one line', () => {
  expect(asRunError(new Error('first\n    at second'), '/runs/a').message).toBe(
    'an error that should not happen: first',
  )
})

test('memory that ran out has a code and an exit code of its own', () => {
  expect(asRunError(systemError('ENOMEM'), '/runs/a')).toMatchObject({ code: 'SAU7301', exitCode: 5 })
  expect(asRunError(new RangeError('Array buffer allocation failed'), '/runs/a').code).toBe('SAU7301')
})

test('TensorFlow’s words for a lack of memory are understood', () => {
  const said = sessionError(
    new Error(
      'Session fail to run with error: OOM when allocating tensor with shape[128,2048] and type float on /job:localhost/device:GPU:0\n\t [[{{node train/n5_conv2d/Conv2D}}]]',
    ),
  )
  expect(said.message).not.toContain('\n')
  expect(asRunError(said, '/runs/a')).toMatchObject({ code: 'SAU7301', exitCode: 5 })
  expect(
    asRunError(sessionError(new Error('Session fail to run with error: Incompatible shapes')), '/runs/a')
      .code,
  ).toBe('SAU7001')
})

test('where memory ran out, the plan’s estimate stands beside it', () => {
  const plan = tinyPlan()
  const failure = { code: 'SAU7301', message: 'memory ran out: no more' }
  expect(messageWithEstimate(failure, plan)).toMatch(
    /^memory ran out: no more; by the plan a step needs about \d+ MiB besides \d+ MiB of weights and other state$/,
  )
  expect(messageWithEstimate({ code: 'SAU7001', message: 'else' }, plan)).toBe('else')
})

test('a typed error stays as it is, and anything else is a bug', () => {
  const typed = new RunError('SAU8001', 'no such file', undefined, 4)
  expect(asRunError(typed, '/runs/a')).toBe(typed)
  expect(asRunError(new TypeError('x is undefined'), '/runs/a').code).toBe('SAU7001')
})
