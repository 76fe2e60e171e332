// Flags of commands: what they mean, and what is said about those that mean nothing.
import { describe, expect, test } from 'vitest'
import { commandIn } from '../../runtime/cli/arrange.js'
import type { Command } from '../../runtime/cli/command.js'
import { allCommands, commands } from '../../runtime/cli/command-table.js'
import { flagNames } from '../../runtime/cli/flag.js'
import { helpPage, parseCommand, UsageError } from '../../runtime/cli/parser.js'
import { wordsOf } from '../../runtime/cli/settings.js'

function command(name: string): Command {
  const found = commands.find(({ declared }) => declared.name === name)
  if (found === undefined) throw new Error(`no command ${name}`)
  return found
}

const parse = (line: string) => {
  const [name = '', ...words] = line.split(' ')
  return parseCommand(command(name).declared, words)
}

function mistake(line: string): UsageError {
  try {
    parse(line)
  } catch (error) {
    if (error instanceof UsageError) return error
  }
  throw new Error(`\`${line}\` is not a mistake`)
}

describe('flags', () => {
  test('are read with their values, and only those that were typed are there', () => {
    expect(parse('run exp.sau --set depth=8 --set width=16 --seed 3 --engine reference --plain -v')).toEqual({
      words: ['exp.sau'],
      options: { set: ['depth=8', 'width=16'], seed: 3, engine: 'reference', plain: true, verbose: true },
    })
    expect(parse('run exp.sau').options).toEqual({})
    expect(parse('run exp.sau --no-unicode').options).toEqual({ unicode: false })
    expect(parse('parity golden --engine all').options).toEqual({ engine: 'all' })
    expect(parse('run exp.sau -n').options).toEqual({ dryRun: true })
  })

  test.each([
    ['run exp.sau --palin', 'did you mean `--plain`?'],
    ['run exp.sau --sead 3', 'did you mean `--seed`?'],
    ['plan exp.sau --tiem', 'did you mean `--time`?'],
    ['doctor --jsno', 'did you mean `--json`?'],
  ])('`saurun %s`: %s', (line, help) => {
    expect(mistake(line).help).toContain(help)
  })

  test.each([
    ['run exp.sau --engine onxn', 'did you mean `onnx`'],
    ['run exp.sau --engine torch', 'It is one of auto, tensorflow, onnx, tfjs, reference'],
    ['run exp.sau --threads 0', 'It is a whole number from 1 on'],
    ['run exp.sau --seed 1.5', 'It is a whole number from 0 on'],
    ['run exp.sau --set depth', 'Write it as name=value'],
    ['compile exp.sau --emit tokns', 'did you mean `tokens`'],
    ['check', "missing required argument 'file'"],
    ['explain SAU1 SAU2', 'too many arguments'],
  ])('`saurun %s`: %s', (line, message) => {
    expect(mistake(line).message).toContain(message)
  })
})

describe('settings', () => {
  const settingsOf = (line: string) => {
    const { words, options } = parse(line)
    return wordsOf(words, options)
  }

  test('come from --set and from bare words, files apart', () => {
    expect(settingsOf('run exp.sau depth=8 --set data=a=b')).toEqual({
      files: ['exp.sau'],
      settings: new Map([
        ['data', 'a=b'],
        ['depth', '8'],
      ]),
    })
  })

  test('may not contradict one another', () => {
    expect(() => settingsOf('run exp.sau depth=8 depth=14')).toThrow('`depth` is set twice, to 8 and to 14')
    expect(settingsOf('run exp.sau depth=8 depth=8').settings.size).toBe(1)
  })

  test('name a param', () => {
    expect(() => settingsOf('run exp.sau --set 3=4')).toThrow('does not name a param')
  })
})

test.each(allCommands.map((each) => [each.declared.name, each] as const))(
  'the help of %s names every flag and every command behind it, and shows examples that are understood',
  (name, each) => {
    const { declared, verbs } = each
    const page = helpPage(each, 100)
    for (const flag of declared.flags) expect(page).toContain(flag.flags)
    const unwrapped = page.replace(/\s+/g, ' ')
    for (const verb of verbs) {
      expect(page).toMatch(new RegExp(`^  ${verb.declared.name} `, 'm'))
      expect(unwrapped).toContain(` ${verb.declared.summary} `)
    }
    expect(page).toContain('Examples:')
    expect(declared.examples.length).toBeGreaterThan(0)
    for (const example of declared.examples) {
      const words = /saurun ([^|>)]+)/.exec(example.command)?.[1]?.trim().split(' ') ?? []
      const typed = commands.some((other) => other.declared.name === words[0]) ? words : ['run', ...words]
      const called = commandIn(typed)
      expect([name, ...verbs.map((verb) => verb.declared.name)]).toContain(called?.command.declared.name)
      expect(() => parseCommand(called?.command.declared ?? declared, called?.words ?? [])).not.toThrow()
    }
  },
)

test('no two flags of a command have a name in common, and none is that of its help', () => {
  for (const { declared } of allCommands) {
    const names = declared.flags.flatMap(flagNames).concat('-h', '--help')
    expect(new Set(names).size).toBe(names.length)
  }
})
