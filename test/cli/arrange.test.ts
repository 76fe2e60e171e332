// Words of a command line in any order.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arrange, commandIn } from '../../runtime/cli/arrange.js'

const nothingExists = () => false

describe('the command', () => {
  test.each([
    ['run exp.sau --plain', ['run', 'exp.sau', '--plain']],
    ['--plain run exp.sau', ['run', '--plain', 'exp.sau']],
    ['--engine onnx run exp.sau', ['run', '--engine', 'onnx', 'exp.sau']],
    ['exp.sau', ['run', 'exp.sau']],
    ['--plain exp.sau depth=8', ['run', '--plain', 'exp.sau', 'depth=8']],
    ['depth=8 exp.sau', ['run', 'depth=8', 'exp.sau']],
    ['--set depth=8 exp.sau', ['run', '--set', 'depth=8', 'exp.sau']],
    ['--resume last', ['run', '--resume', 'last']],
    ['-o plan.json compile exp.sau', ['compile', '-o', 'plan.json', 'exp.sau']],
    ['--json check a.sau', ['check', '--json', 'a.sau']],
  ])('`saurun %s`', (line, words) => {
    expect(arrange(line.split(' '), nothingExists)).toEqual({ kind: 'command', words })
  })

  test('is run for a word that names a file, whatever its ending', () => {
    expect(arrange(['experiment'], (word) => word === 'experiment')).toEqual({
      kind: 'command',
      words: ['run', 'experiment'],
    })
  })

  test.each([
    ['chek exp.sau', 'check'],
    ['explian SAU3102', 'explain'],
    ['dcotor', 'doctor'],
    ['frobnicate', undefined],
  ])('`saurun %s` means %s', (line, nearest) => {
    expect(arrange(line.split(' '), nothingExists)).toMatchObject({ kind: 'unknown', nearest })
  })
})

describe('help', () => {
  test.each([
    ['--help', undefined],
    ['help', undefined],
    ['help plan', 'plan'],
    ['plan --help', 'plan'],
    ['-h plan exp.sau', 'plan'],
    ['exp.sau --help', 'run'],
    ['sweep --help', 'sweep'],
    ['sweep --json status grid --help', 'sweep status'],
    ['help data get', 'data get'],
    ['help sweep grid.yaml', 'sweep'],
  ])('`saurun %s`', (line, command) => {
    expect(arrange(line.split(' '), nothingExists)).toEqual({ kind: 'help', command })
  })

  test('an empty line and the version are told apart', () => {
    expect(arrange([], nothingExists)).toEqual({ kind: 'nothing' })
    expect(arrange(['--version'], nothingExists)).toEqual({ kind: 'version' })
  })
})

test.each([
  ['sweep status grid', 'sweep status', ['grid']],
  ['sweep --runs status stop grid --now', 'sweep stop', ['--runs', 'status', 'grid', '--now']],
  ['sweep grid.yaml status', 'sweep', ['grid.yaml', 'status']],
  ['data --json get cifar10', 'data get', ['--json', 'cifar10']],
  ['engine', 'engine', []],
  ['status sweep', 'status', ['sweep']],
])('`saurun %s` calls %s', (line, name, words) => {
  const called = commandIn(line.split(' '))
  expect(called?.command.declared.name).toBe(name)
  expect(called?.words).toEqual(words)
})

test('no words are lost or made, in whatever order flags stand around the command', () => {
  const flags = fc.shuffledSubarray(['--plain', '--json', '-q', '--engine=onnx', '--seed=3'])
  fc.assert(
    fc.property(flags, fc.nat(5), (chosen, position) => {
      const line = [...chosen.slice(0, position), 'run', ...chosen.slice(position), 'exp.sau']
      const arranged = arrange(line, nothingExists)
      expect(arranged.kind).toBe('command')
      if (arranged.kind !== 'command') return
      expect(arranged.words[0]).toBe('run')
      expect([...arranged.words].sort()).toEqual([...line].sort())
    }),
  )
})
