// `saurun explain CODE`: the page of a diagnostic, from docs/diagnostics.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { nearestName } from '../../../grammar/nearest-name.js'
import { packageFolder } from '../../platform/compiled-entry.js'
import { exitCodes } from '../../platform/errors.js'
import type { CommandBody } from '../declaration.js'
import type { explain } from '../declared/program.js'
import { diagnosticsFolder } from '../folders.js'
import { renderMarkdown } from '../markdown.js'
import { UsageError } from '../parser.js'

export const explainCode: CommandBody<typeof explain> = async ([word = ''], _options, context) => {
  const folder = diagnosticsFolder(packageFolder)
  const codes = readdirSync(folder)
    .filter((name) => /^SAU\d{4}\.md$/.test(name))
    .map((name) => name.slice(0, -'.md'.length))
  const wanted = codeOf(word)
  if (!codes.includes(wanted)) {
    const nearest = nearestName(wanted, codes)
    throw new UsageError(
      `there is no diagnostic \`${word}\``,
      nearest === undefined
        ? 'a code looks like SAU3102; it stands in brackets before every message'
        : `did you mean \`${nearest}\`?`,
    )
  }
  const text = readFileSync(join(folder, `${wanted}.md`), 'utf8')
  context.out(renderMarkdown(text, context.outPalette))
  return exitCodes.done
}

/** `sau3102`, `3102` and `error[SAU3102]` are all meant as SAU3102. */
function codeOf(word: string): string {
  const digits = /(?:sau)?(\d{4})/i.exec(word)?.[1]
  return digits === undefined ? word.toUpperCase() : `SAU${digits}`
}
