// How much a piece of code works, counted and not timed: how often the compiler's functions are called. The
// same on every machine, however busy it is.
import { Session } from 'node:inspector/promises'
import { setFlagsFromString } from 'node:v8'

// The counts of a function whose code is thrown away, for it was not called for a while, go with it.
setFlagsFromString('--no-flush-bytecode')

/**
 * Calls of functions in `grammar/` and `compiler/` while `body` runs. Not runs of blocks: V8 counts those in
 * functions alone that it compiles while it counts. The search for names that are near to unknown ones is
 * left out: it compares each with each, until it has spent its `searchEffort`.
 */
export async function workOf(body: () => void): Promise<number> {
  const session = new Session()
  session.connect()
  try {
    await session.post('Profiler.enable')
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false })
    body()
    const { result } = await session.post('Profiler.takePreciseCoverage')
    await session.post('Profiler.stopPreciseCoverage')
    return result
      .filter(({ url }) => /\/(grammar|compiler)\/[^?]*\.[jt]s/.test(url) && !url.includes('/test/'))
      .filter(({ url }) => !url.includes('/grammar/nearest-name.'))
      .flatMap(({ functions }) => functions)
      .flatMap(({ ranges }) => ranges)
      .reduce((sum, { count }) => sum + count, 0)
  } finally {
    session.disconnect()
  }
}
