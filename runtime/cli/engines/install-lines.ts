// The progress of an installation as text: on a terminal one line that moves, in a log a line now and then.
import type { InstallEvent, InstallStep } from '../../engines/tensorflow/install/events.js'
import type { Palette } from '../../output/palette.js'
import { formatBytes, formatDuration } from '../../output/quantities.js'
import { clearLine } from '../../texts/terminal.js'

/** Time between two lines of progress in a log, ms. */
const patience = 10_000

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
  let lastLine = 0
  let isMoving = false

  const clear = (): string => {
    const text = isMoving ? clearLine : ''
    isMoving = false
    return text
  }
  const moving = (text: string): string => {
    const cleared = clear()
    isMoving = true
    return `${cleared}${text.slice(0, (columns ?? 80) - 1)}`
  }

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
          lastLine = now
          return columns === undefined ? `  ${title}\n` : moving(`  ${title} ...`)
        case 'step_progress': {
          if (event.step !== step) return ''
          const total = event.total === undefined ? '' : ` of ${formatBytes(event.total)}`
          const text = `  ${title}: ${formatBytes(event.bytes)}${total}`
          if (columns !== undefined) return moving(text)
          if (now - lastLine < patience) return ''
          lastLine = now
          return `${text}\n`
        }
        case 'step_done': {
          const time = event.kept ? 'from an earlier try' : formatDuration(event.seconds)
          return columns === undefined
            ? `    ${event.note} (${time})\n`
            : `${clear()}  ${paint.green('done')} ${title}: ${event.note} ${paint.dim(time)}\n`
        }
        case 'installed':
          return clear()
      }
    },
    end: () => (isMoving ? '\n' : ''),
  }
}
