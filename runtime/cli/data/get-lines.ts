// The coming of a data set as text: on a terminal one line that moves, in a log a line now and then.
import type { GetEvent } from '../../download/events.js'
import type { Palette } from '../../output/palette.js'
import { formatBytes, formatDuration } from '../../output/quantities.js'
import { clearLine } from '../../texts/terminal.js'

/** Time between two lines of progress in a log, ms. */
const patience = 10_000

export interface GetLines {
  /** Text that is due after the event, at a time in ms. */
  event(event: GetEvent, now: number): string
  /** Text that ends a line which still moves. */
  end(): string
}

/** `columns`: of the terminal; undefined for a log. */
export function getLines({
  columns,
  paint,
}: {
  readonly columns: number | undefined
  readonly paint: Palette
}): GetLines {
  let isMoving = false
  let lastLine = 0
  /** Where and when this connection began, for its speed. */
  let began = { bytes: 0, time: 0 }

  const clear = (): string => {
    const text = isMoving ? clearLine : ''
    isMoving = false
    return text
  }
  const moving = (text: string): string => {
    const cleared = clear()
    isMoving = true
    return `${cleared}${text.slice(0, Math.max(1, (columns ?? 80) - 1))}`
  }

  return {
    event(event, now) {
      switch (event.event) {
        case 'get_started':
          return `getting ${event.name} from ${event.address}\n`
        case 'download_started': {
          began = { bytes: event.from, time: now }
          lastLine = now
          const going = event.from === 0 ? '' : `, going on after ${formatBytes(event.from)}`
          return `${clear()}  ${event.file}: ${formatBytes(event.bytes)}${going}\n`
        }
        case 'download_progress': {
          const text = progressText(event, began, now)
          // Its name stands on the line above.
          if (columns !== undefined) return moving(`    ${text}`)
          if (now - lastLine < patience) return ''
          lastLine = now
          return `  ${event.file}: ${text}\n`
        }
        case 'download_retried': {
          const soon = event.seconds === 0 ? 'at once' : `in ${formatDuration(event.seconds)}`
          return `${clear()}  ${paint.yellow('cut')}: ${event.reason}; tried again ${soon}, from ${formatBytes(event.from)}\n`
        }
        case 'download_done': {
          const when = event.kept ? 'from an earlier try' : `MD5 ${event.md5}`
          return `${clear()}  ${paint.green('whole')} ${event.file}: ${when}\n`
        }
        case 'unpacked':
          return `${clear()}  ${paint.green('unpacked')} ${event.files} files, ${formatBytes(event.bytes)}\n`
        case 'got':
          return clear()
      }
    },
    end: () => (isMoving ? '\n' : ''),
  }
}

/** `45 %, 76.5 MiB of 162 MiB, 8.2 MiB a second, 0:12 left`. */
function progressText(
  { bytes, total }: { readonly bytes: number; readonly total: number },
  began: { readonly bytes: number; readonly time: number },
  now: number,
): string {
  const share = `${Math.floor((100 * bytes) / total)} %, ${formatBytes(bytes)} of ${formatBytes(total)}`
  const seconds = (now - began.time) / 1000
  const speed = (bytes - began.bytes) / seconds
  if (seconds < 1 || !(speed > 0)) return share
  return `${share}, ${formatBytes(speed)} a second, ${formatDuration((total - bytes) / speed)} left`
}
