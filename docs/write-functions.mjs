// Writes docs/functions.md from the compiler's own declarations: `npm run build && node docs/write-functions.mjs`.
import { writeFileSync } from 'node:fs'
import { closedLists, functions } from '../dist/compiler/index.js'
import { showType } from '../dist/compiler/types/type.js'
import { functionsPage } from './functions-page.mjs'

writeFileSync(new URL('./functions.md', import.meta.url), functionsPage(functions, closedLists, showType))
