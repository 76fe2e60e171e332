// `saurun engine install tensorflow`: the installation, and what a terminal, a log or a program sees of it.
import { checkEngine } from '../../apps/engine-check/check-engine.js'
import type { InstallEvent } from '../../engines/tensorflow/install/events.js'
import { installTensorFlow } from '../../engines/tensorflow/install/install.js'
import { type InstallWorld, processWorld } from '../../engines/tensorflow/install/world.js'
import { exitCodes } from '../../platform/errors.js'
import { enginesFolder } from '../../platform/host/data-folder.js'
import { seesGpu } from '../../platform/host/gpu.js'
import { formatBytes, formatDuration } from '../../platform/quantities.js'
import type { Context } from '../context.js'
import type { CommandBody } from '../declaration.js'
import type { engineInstall } from '../declared/engines.js'
import { type EventDisplay, eventLines } from '../event-lines.js'
import { onSignals } from '../on-signals.js'
import { UsageError } from '../parser.js'
import { installLines } from './install-lines.js'
import { requireInstallable } from './named-engine.js'

export const installEngine: CommandBody<typeof engineInstall> = async ([word], options, context) => {
  requireInstallable(word, 'install')
  const { gpu = false, version, wheel, json = false, quiet = false } = options
  if (version !== undefined && wheel !== undefined) {
    throw new UsageError('a wheel has a version of its own', 'leave out --version or --wheel')
  }
  if (gpu && !seesGpu() && !json)
    context.note('no GPU is visible here: until one is, it will compute on the CPU\n')
  const show = json ? eventLines<InstallEvent>(context) : asLines(context, quiet)
  const ending = new AbortController()
  const release = onSignals((signal) => ending.abort(signal))
  try {
    const request = { engines: enginesFolder(), gpu, version, wheel }
    await installTensorFlow(request, processWorld(testInstalled), show.event, ending.signal)
    return exitCodes.done
  } catch (error) {
    show.failed(error)
    throw error
  } finally {
    release()
  }
}

/** Loads it in a process of its own and compares it with the reference engine. */
const testInstalled: InstallWorld['test'] = (place, signal) =>
  checkEngine({ engine: 'tensorflow', place, test: true }, signal)

function asLines(context: Context, quiet: boolean): EventDisplay<InstallEvent> {
  const lines = installLines({ columns: context.noteColumns, paint: context.notePalette })
  return {
    event(event) {
      if (!quiet) context.note(lines.event(event, Date.now()))
      if (event.event !== 'installed') return
      const { description, folder, bytes, seconds, already } = event
      const size = formatBytes(bytes)
      context.out(
        already
          ? `${description} is installed already, in ${folder} (${size})\n`
          : `${description} is installed in ${folder} (${size}, ${formatDuration(seconds)})\n`,
      )
    },
    failed() {
      if (!quiet) context.note(lines.end())
    },
  }
}
