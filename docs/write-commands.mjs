// Writes the tables of docs/commands.md from what commands declare:
// `npm run build && node docs/write-commands.mjs`.
import { readFileSync, writeFileSync } from 'node:fs'
import { allCommands } from '../dist/runtime/cli/command-table.js'
import { everywhere } from '../dist/runtime/cli/declaration.js'
import { withCommandTables } from './command-tables.mjs'

const page = new URL('./commands.md', import.meta.url)
const declarations = allCommands.map(({ declared }) => declared)
writeFileSync(page, withCommandTables(readFileSync(page, 'utf8'), declarations, everywhere))
