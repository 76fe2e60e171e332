// `saurun data` without anything behind it.
import type { CommandBody } from '../declaration.js'
import type { data } from '../declared/data.js'
import { UsageError } from '../parser.js'

export const missingAction: CommandBody<typeof data> = () => {
  throw new UsageError(
    'missing what to do with data',
    'write `saurun data check FILE`, `data draw FILE` or `data get NAME`',
  )
}
