// Entry of a pool: `pool-process.js SWEEP_FOLDER POOL [PARALLEL]`. It lives on when whoever started it is
// gone: commands in the sweep's folder and signals are the way to it. SIGINT, SIGTERM and SIGUSR2 stop its
// runs after a checkpoint.
import { mkdirSync } from 'node:fs'
import { RunError } from '../../platform/errors.js'
import { takeOwnership } from '../../platform/files/ownership.js'
import { noteSweepLeftovers } from '../../platform/files/temporaries.js'
import { logLine } from '../../platform/texts/terminal.js'
import { refusingWrites } from '../../run/process/prepare-run.js'
import { capacityFor, thisMachine } from './capacity.js'
import { localPool, openSweepJournal, poolFolder } from './events.js'
import { readInstances } from './folder.js'
import { openFrozenSweep } from './frozen-sweep.js'
import { runPool } from './pool.js'

const [, , sweepFolder, pool, parallel] = process.argv
if (sweepFolder === undefined || pool === undefined) {
  throw new Error('usage: pool-process.js SWEEP_FOLDER POOL [PARALLEL]')
}
process.title = 'saurun-pool'

const stopping = new AbortController()
const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']
if (process.platform !== 'win32') signals.push('SIGUSR2')
for (const signal of signals) process.on(signal, () => stopping.abort())

try {
  process.exit(await work(sweepFolder, pool))
} catch (error) {
  if (!(error instanceof RunError)) throw error
  logLine(`${error.code}: ${error.message}`)
  process.exit(error.exitCode)
}

/** Runs the pool to its end. @throws RunError SAU7102 where another process is this pool already. */
async function work(folder: string, name: string): Promise<number> {
  const own = poolFolder(folder, name)
  const { ownership, leftovers, journal } = refusingWrites(folder, () => {
    mkdirSync(own, { recursive: true })
    const ownership = takeOwnership(own)
    const leftovers = noteSweepLeftovers(folder)
    return { ownership, leftovers, journal: openSweepJournal(own) }
  })
  try {
    const frozen = openFrozenSweep(folder)
    const { limits } = frozen.sweep
    const { engine, threads } = frozen.capsule.settings
    const machine = thisMachine()
    const capacity = capacityFor(
      {
        parallel: parallel === undefined ? limits.parallel : Number(parallel),
        memory: limits.memory,
        runBytes: Math.max(0, ...readInstances(folder).map(({ memoryBytes }) => memoryBytes)),
        threads,
        usesGpu: engine === 'tensorflow' || engine === 'auto',
      },
      machine,
    )
    const ended = await runPool({
      pool: name,
      sweepFolder: folder,
      frozen,
      capacity,
      journal,
      stopping: stopping.signal,
      leavesOthers: name !== localPool,
    })
    journal.write(ended)
    return ended.exitCode
  } finally {
    journal.close()
    leftovers.clear()
    ownership.release()
  }
}
