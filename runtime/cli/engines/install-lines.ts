// The progress of an installation as text: on a terminal one line that moves, in a log a line now and then.
import type { InstallEvent, InstallStep } from '../../engines/tensorflow/install/events.js'
import type { Palette } from '../../observe/text/palette.js'
import { formatBytes, formatDuration } from '../../platform/quantities.js'
import { progressLine } from '../../platform/texts/progress-line.js'

export interface InstallLines {
  /** Text that is due after the event, at a time in ms. */
  event(event: InstallEvent, now: number): string
  /** Text that ends a line which still moves. */
  end(): string
}

/** `columns`: of the terminal; undefined for a log. */
export function installLines({
  columns,
  paint,
}: {
  readonly columns: number | undefined
  readonly paint: Palette
}): InstallLines {
  let title = ''
  let step: InstallStep | undefined
  const progress = progressLine(columns)

  return {
    event(event, now) {
      switch (event.event) {
        case 'install_started': {
          const what = `TensorFlow ${event.version ?? ''}${event.gpu ? ' for GPUs' : ''}`
          return `installing ${what} in ${event.folder}\n`
        }
        case 'step_started':
          title = event.title
          step = event.step
          progress.begin(now)
          return columns === undefined ? `  ${title}\n` : progress.show(`  ${title} ...`, '', now)
        case 'step_progress': {
          if (event.step !== step) return ''
          const total = event.total === undefined ? '' : ` of ${formatBytes(event.total)}`
          const text = `  ${title}: ${formatBytes(event.bytes)}${total}`
          return progress.show(text, text, now)
        }
        case 'step_done': {
          const time = event.kept ? 'from an earlier try' : formatDuration(event.seconds)
          return columns === undefined
            ? `    ${event.note} (${time})\n`
            : `${progress.clear()}  ${paint.green('done')} ${title}: ${event.note} ${paint.dim(time)}\n`
        }
        case 'installed':
          return progress.clear()
      }
    },
    end: progress.end,
  }
}
