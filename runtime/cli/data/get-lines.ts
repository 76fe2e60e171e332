// The coming of a data set as text: on a terminal one line that moves, in a log a line now and then.
import type { GetEvent } from '../../apps/download/events.js'
import type { Palette } from '../../observe/text/palette.js'
import { formatBytes, formatDuration } from '../../platform/quantities.js'
import { progressLine } from '../../platform/texts/progress-line.js'

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
  const progress = progressLine(columns)
  /** Where and when this connection began, for its speed. */
  let began = { bytes: 0, time: 0 }

  return {
    event(event, now) {
      switch (event.event) {
        case 'get_started':
          return `getting ${event.name} from ${event.address}\n`
        case 'download_started': {
          began = { bytes: event.from, time: now }
          progress.begin(now)
          const going = event.from === 0 ? '' : `, going on after ${formatBytes(event.from)}`
          return `${progress.clear()}  ${event.file}: ${formatBytes(event.bytes)}${going}\n`
        }
        case 'download_progress': {
          const text = progressText(event, began, now)
          // Its name stands on the line above.
          return progress.show(`    ${text}`, `  ${event.file}: ${text}`, now)
        }
        case 'download_retried': {
          const soon = event.seconds === 0 ? 'at once' : `in ${formatDuration(event.seconds)}`
          return `${progress.clear()}  ${paint.yellow('cut')}: ${event.reason}; tried again ${soon}, from ${formatBytes(event.from)}\n`
        }
        case 'download_done': {
          const when = event.kept ? 'from an earlier try' : `MD5 ${event.md5}`
          return `${progress.clear()}  ${paint.green('whole')} ${event.file}: ${when}\n`
        }
        case 'unpacked':
          return `${progress.clear()}  ${paint.green('unpacked')} ${event.files} files, ${formatBytes(event.bytes)}\n`
        case 'got':
          return progress.clear()
      }
    },
    end: progress.end,
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
