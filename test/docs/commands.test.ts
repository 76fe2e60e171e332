// The tables of docs/commands.md against what commands declare.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { allCommands } from '../../runtime/cli/command-table.js'
import { type Declaration, everywhere } from '../../runtime/cli/declaration.js'
import type { Flag } from '../../runtime/cli/flag.js'

const docs = resolve(import.meta.dirname, '../../docs')
const page = readFileSync(join(docs, 'commands.md'), 'utf8')
const declarations = allCommands.map(({ declared }) => declared)

interface CommandTables {
  withCommandTables: (
    page: string,
    declarations: readonly Declaration[],
    everywhere: readonly Flag[],
  ) => string
  commandsWithTables: (page: string) => readonly string[]
}
const script: string = join(docs, 'command-tables.mjs')
const { withCommandTables, commandsWithTables } = (await import(script)) as CommandTables

test('tables are what commands declare', () => {
  expect(page).toBe(withCommandTables(page, declarations, everywhere))
})

test('every command with flags of its own has one', () => {
  const own = declarations.filter(({ flags }) =>
    flags.some((flag) => !everywhere.some((each) => each === flag)),
  )
  const missing = own.filter(({ name }) => !commandsWithTables(page).includes(name)).map(({ name }) => name)
  // That of the word alone is that of `engine list`.
  expect(missing).toEqual(['engine'])
})
