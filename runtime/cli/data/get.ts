// `saurun data get NAME...`: published data sets, and what a terminal, a log or a program sees of their
// coming.
import { relative, resolve } from 'node:path'
import { nearestName } from '../../../grammar/nearest-name.js'
import type { GetEvent } from '../../apps/download/events.js'
import { usualPatience } from '../../apps/download/fetch-archive.js'
import { getPublished } from '../../apps/download/get-published.js'
import { type PublishedData, publishedData } from '../../apps/download/published.js'
import { exitCodes } from '../../platform/errors.js'
import { formatBytes, formatDuration } from '../../platform/quantities.js'
import type { Context } from '../context.js'
import type { CommandBody } from '../declaration.js'
import type { dataGet } from '../declared/data.js'
import { type EventDisplay, eventLines } from '../event-lines.js'
import { onSignals } from '../on-signals.js'
import { UsageError } from '../parser.js'
import { getLines } from './get-lines.js'

export const getData: CommandBody<typeof dataGet> = async (words, options, context) => {
  const wanted = [...new Set(words)].map(known)
  if (wanted.length === 0)
    throw new UsageError('missing the data set to get', `there are ${names().join(', ')}`)
  const directory = resolve(context.workingFolder, options.dir ?? 'data')
  const from =
    addressOf(options.from, '--from') ?? addressOf(context.environment.SAURUN_DATA_FROM, 'SAURUN_DATA_FROM')
  const ending = new AbortController()
  const release = onSignals((signal) => ending.abort(signal))
  try {
    for (const data of wanted) {
      const show =
        options.json === true ? eventLines<GetEvent>(context) : asLines(context, data, options.quiet === true)
      try {
        await getPublished({ data, directory, from, patience: usualPatience }, show.event, ending.signal)
      } catch (error) {
        show.failed(error)
        throw error
      }
    }
    return exitCodes.done
  } finally {
    release()
  }
}

function names(): readonly string[] {
  return publishedData.map(({ name }) => name)
}

function known(word: string): PublishedData {
  const found = publishedData.find(({ name }) => name === word)
  if (found !== undefined) return found
  const nearest = nearestName(word.toLowerCase().replace(/[^a-z0-9]+/g, '_'), names())
  throw new UsageError(
    `there is no published data set \`${word}\` that saurun knows`,
    nearest === undefined ? `there are ${names().join(', ')}` : `did you mean \`${nearest}\`?`,
  )
}

/** @throws UsageError where it is no address. */
function addressOf(given: string | undefined, what: string): string | undefined {
  if (given === undefined || given === '') return undefined
  if (!URL.canParse(given) || !/^https?:$/.test(new URL(given).protocol))
    throw new UsageError(`\`${given}\` of ${what} is no address`, 'it begins with http:// or https://')
  return given
}

function asLines(context: Context, data: PublishedData, quiet: boolean): EventDisplay<GetEvent> {
  const lines = getLines({ columns: context.noteColumns, paint: context.notePalette })
  return {
    event(event) {
      if (!quiet) context.note(lines.event(event, Date.now()))
      if (event.event !== 'got') return
      const shown = relative(context.workingFolder, event.folder) || '.'
      const size = formatBytes(event.bytes)
      const how = !event.already
        ? `is in ${shown} (${size}, ${formatDuration(event.seconds)})`
        : event.checked
          ? `is in ${shown} already, and every byte is right (${size})`
          : `is in ${shown} already (${size}); its sizes are right, and it was not unpacked by saurun, so no more can be said`
      context.out(`${data.title} ${how}\n`)
      if (!quiet) context.note(`  read it with ${data.use(shown.replaceAll('\\', '/'))}\n`)
    },
    failed() {
      if (!quiet) context.note(lines.end())
    },
  }
}
