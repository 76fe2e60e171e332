// Writes docs/functions.md and docs/plan.schema.json from the compiler's own declarations:
// `npm run build && node docs/write-functions.mjs && npm run format`.
import { writeFileSync } from 'node:fs'
import { closedLists, functions, planSchema } from '../dist/compiler/index.js'
import { showType } from '../dist/compiler/types/type.js'
import { functionsPage } from './functions-page.mjs'

writeFileSync(new URL('./functions.md', import.meta.url), functionsPage(functions, closedLists, showType))
writeFileSync(new URL('./plan.schema.json', import.meta.url), `${JSON.stringify(planSchema, null, 2)}\n`)
