// Tries an engine in a process of its own: whether it loads, and whether it computes what it should.
import { fork } from 'node:child_process'
import type { EngineReport } from '../../engines/engine-report.js'
import type { EngineName } from '../../engines/names.js'
import type { LibraryPlace } from '../../engines/tensorflow/library/load.js'
import { compiledEntry } from '../../platform/compiled-entry.js'

export interface CheckRequest {
  readonly engine: EngineName
  /** The TensorFlow to load, instead of the first one found. */
  readonly place?: LibraryPlace | undefined
  /** Compare it with the reference engine too. */
  readonly test?: boolean
  readonly threads?: number | undefined
}

/** An engine that has not answered by then hangs, ms. A GPU may spend a minute on its first kernels. */
const trialTime = 180_000

/** Never throws for what the engine does: a crash is a reason. `signal` ends the trial. */
export function checkEngine(request: CheckRequest, signal?: AbortSignal): Promise<EngineReport> {
  return new Promise((resolve) => {
    const child = fork(compiledEntry('runtime/apps/engine-check/child.js'), [JSON.stringify(request)], {
      // What a library prints while it loads is of use only where it does not.
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
      timeout: trialTime,
      killSignal: 'SIGKILL',
      ...(signal === undefined ? {} : { signal }),
    })
    let printed = ''
    child.stderr?.on('data', (text) => {
      printed = `${printed}${text}`.slice(-4000)
    })
    let report: EngineReport | undefined
    child.on('message', (message: EngineReport) => {
      report = message
    })
    child.once('error', (error) => {
      report ??= { state: 'broken', reason: error.message }
    })
    child.once('close', (code, ended) => {
      const last = printed.trim().split('\n').at(-1) ?? ''
      const how = ended === null ? `ended with code ${code}` : `was ended by ${ended}`
      const reason = `the process that tried it ${how}${last === '' ? '' : `: ${last.slice(0, 300)}`}`
      resolve(report ?? { state: 'broken', reason })
    })
  })
}
