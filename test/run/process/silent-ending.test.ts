import { expect, test } from 'vitest'
import { silentEnding } from '../../../runtime/run/process/silent-ending.js'

const end = { code: null, signal: null, printed: '', killed: false }

test('a process that the system ended for memory is told from one that somebody killed', () => {
  expect(silentEnding('/runs/a', { ...end, signal: 'SIGKILL', killed: true })).toMatchObject({
    code: 'SAU7301',
    exitCode: 5,
    outcome: 'failed',
    message: 'memory ran out: the system ended the training process',
  })
  expect(silentEnding('/runs/a', { ...end, signal: 'SIGKILL' })).toMatchObject({
    code: 'SAU7302',
    exitCode: 1,
  })
  // Another process of the machine was the one that was ended.
  expect(silentEnding('/runs/a', { ...end, code: 3, killed: true })).toMatchObject({
    code: 'SAU7302',
    exitCode: 1,
  })
})

test.each(['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGILL'] as const)('%s is named', (signal) => {
  expect(silentEnding('/runs/a', { ...end, signal })).toMatchObject({
    code: 'SAU7302',
    exitCode: 1,
    message: `the training process was ended by ${signal} without a word; what it printed is in /runs/a/process.log`,
    help: 'go on from the last checkpoint with `saurun --resume /runs/a`',
  })
})

test('an abort of which the C++ library said that memory ran out is that', () => {
  const printed = "terminate called after throwing an instance of 'std::bad_alloc'\n"
  expect(silentEnding('/runs/a', { ...end, signal: 'SIGABRT', printed })).toMatchObject({
    code: 'SAU7301',
    exitCode: 5,
  })
})

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('%s is no failure and has its code', (signal, exitCode) => {
  expect(silentEnding('/runs/a', { ...end, signal })).toMatchObject({
    outcome: 'stopped',
    code: 'SAU7303',
    exitCode,
  })
})
