// How much a piece of code works, counted and not timed: how often the blocks of the compiler's functions run. The same on
// every machine, however busy it is.
import { Session } from 'node:inspector/promises'

/**
 * Runs of blocks in `grammar/` and `compiler/` while `body` runs: the most of three counts, for V8 loses those of a function whose
 * code it throws away meanwhile, and never adds one.
 */
export async function workOf(body: () => void): Promise<number> {
  const counts = [await counted(body), await counted(body), await counted(body)]
  return Math.max(...counts)
}

async function counted(body: () => void): Promise<number> {
  const session = new Session()
  session.connect()
  try {
    await session.post('Profiler.enable')
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
    body()
    const { result } = await session.post('Profiler.takePreciseCoverage')
    await session.post('Profiler.stopPreciseCoverage')
    return result
      .filter(({ url }) => /\/(grammar|compiler)\/[^?]*\.[jt]s/.test(url) && !url.includes('/test/'))
      .flatMap(({ functions }) => functions)
      .flatMap(({ ranges }) => ranges)
      .reduce((sum, { count }) => sum + count, 0)
  } finally {
    session.disconnect()
  }
}
