// Flags of commands: what they mean, and what is said about those that mean nothing.
import { describe, expect, test } from 'vitest'
import { type CommandDescription, commands } from '../../runtime/cli/command-table.js'
import { helpPage, parseCommand, UsageError } from '../../runtime/cli/parser.js'
import { wordsOf } from '../../runtime/cli/settings.js'

function command(name: string): CommandDescription {
  const found = commands.find((candidate) => candidate.name === name)
  if (found === undefined) throw new Error(`no command ${name}`)
  return found
}

const parse = (line: string) => {
  const [name = '', ...words] = line.split(' ')
  return parseCommand(command(name), words)
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
    expect(parse('parity golden --engine all').options).toEqual({ engines: 'all' })
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

test.each(commands.map((description) => [description.name, description] as const))(
  'the help of %s names every flag and shows examples that it understands',
  (name, description) => {
    const page = helpPage(description, 100)
    for (const flag of description.flags) expect(page).toContain(flag.flags)
    expect(page).toContain('Examples:')
    expect(description.examples.length).toBeGreaterThan(0)
    for (const example of description.examples) {
      const words = /saurun ([^|>)]+)/.exec(example.command)?.[1]?.trim().split(' ') ?? []
      const rest = words[0] === name ? words.slice(1) : words
      expect(() => parseCommand(description, rest)).not.toThrow()
    }
  },
)
