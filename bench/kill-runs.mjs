// The kill test: a run whose training process is killed with SIGKILL at drawn moments and resumed each time
// has to end as the run that nobody touched did. Works on the compiled `saurun` command alone, as a user
// would.
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, watch } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { drawsOf } from '../dist/compiler/random/draws.js'
import { keyOf } from '../dist/compiler/random/random.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const command = join(root, 'dist', 'runtime', 'cli', 'main.js')
const file = join(root, 'bench', 'kill.sau')

/** Where a kill can fall, in the order in which they are shown. */
export const places = ['starting', 'memory', 'step', 'evaluation', 'writing a checkpoint', 'between']

/** Columns of metrics.csv that are times. */
const times = new Set(['seconds', 'samples_per_second'])

/**
 * Kills until `kills` have happened and lets the run end then; a run that ends before that is compared, and
 * another one begun. Returns where the kills fell, how many runs ended, and whatever was not as it should be.
 */
export async function killRuns({ kills, engine, seed, epochs, folder, log = () => {} }) {
  const draws = drawsOf(keyOf(seed, 'kills'))
  const words = ['--engine', engine, `epochs=${epochs}`]
  const whole = await life([file, ...words, '--runs', join(folder, 'whole')], undefined, undefined)
  if (whole.exitCode !== 0)
    throw new Error(`the run that nobody touched ended with ${whole.exitCode}: ${whole.errors}`)
  const expected = resultOf(onlyRun(join(folder, 'whole')))
  const fell = Object.fromEntries(places.map((place) => [place, 0]))
  const faults = []
  let stops = 0
  let count = 0
  let runs = 0
  while (count < kills || runs === 0) {
    const parent = join(folder, `run-${runs}`)
    for (;;) {
      const run = onlyRun(parent)
      const moment = count < kills ? drawMoment(draws) : undefined
      const order = run === undefined ? [file, ...words] : ['--resume', run]
      const lived = await life([...order, '--runs', parent], moment, parent)
      if (/\n\s+at /.test(lived.errors)) faults.push(`a stack trace was printed: ${lived.errors}`)
      if (lived.exitCode === 0) break
      if (lived.exitCode === 75 && moment?.kind === 'stopping') stops++
      else if (!lived.isKilled)
        throw new Error(`not killed, and ended with ${lived.exitCode}: ${lived.errors}`)
      else {
        count++
        const place = placeOf(lived)
        fell[place]++
        log(`kill ${count}: ${place} (aimed at ${moment.kind})`)
      }
    }
    const result = resultOf(onlyRun(parent))
    for (const [part, value] of Object.entries(expected))
      if (result[part] !== value) faults.push(`run ${runs}: ${part} differs from the run that nobody touched`)
    runs++
    log(`run ${runs} ended after ${count} kills`)
  }
  return { kills: count, runs, stops, fell, faults }
}

/**
 * Milliseconds after something: the command's start, the loading of data, a checkpoint that begins, the first
 * step.
 */
function drawMoment(draws) {
  const kind = draws.below(100)
  if (kind < 12) return { kind: 'start', after: draws.below(900) }
  if (kind < 20) return { kind: 'data', after: draws.below(60) }
  if (kind < 62) return { kind: 'checkpoint', nth: 1 + draws.below(3), after: draws.below(450) / 10 }
  if (kind < 74) return { kind: 'stopping', nth: 1, steps: 1 + draws.below(12), after: draws.below(450) / 10 }
  return { kind: 'any', after: 300 + draws.below(2_500) }
}

/** One life of the command. Where a moment is given, its training process is killed then. */
async function life(words, moment, parent) {
  const before = new Set(unfinished(onlyRun(parent)))
  const eventsBefore = journalOf(onlyRun(parent)).length
  const child = spawn(process.execPath, [command, ...words, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] })
  const state = { isKilled: false, isStopping: false, steps: 0, errors: '', rest: '' }
  const kill = () => {
    if (state.isKilled || child.exitCode !== null) return
    state.isKilled = killTraining(child.pid, onlyRun(parent))
  }
  if (moment?.kind === 'start') setTimeout(kill, moment.after)
  child.stderr.on('data', (text) => {
    state.errors += text
  })
  let watcher
  child.stdout.on('data', (text) => {
    const lines = `${state.rest}${text}`.split('\n')
    state.rest = lines.pop()
    for (const line of moment === undefined ? [] : lines) {
      const event = JSON.parse(line)
      if (moment.kind === 'data' && event.phase === 'data') setTimeout(kill, moment.after)
      if (moment.kind === 'any' && event.event === 'engine_ready') setTimeout(kill, moment.after)
      if (event.event === 'engine_ready' && moment.nth !== undefined)
        watcher ??= watchCheckpoints(onlyRun(parent), moment.nth, before, () => {
          waitBusily(moment.after)
          kill()
        })
      if (event.event === 'steps_done' && moment.kind === 'stopping') {
        state.steps += event.steps
        if (state.steps >= moment.steps && !state.isStopping) {
          state.isStopping = true
          signalTraining(onlyRun(parent), 'SIGUSR2')
        }
      }
    }
  })
  const exitCode = await new Promise((resolve) => child.once('close', resolve))
  watcher?.close()
  const left = unfinished(onlyRun(parent)).filter((name) => !before.has(name))
  const events = journalOf(onlyRun(parent)).slice(eventsBefore)
  return { exitCode, isKilled: state.isKilled, errors: state.errors, left, events }
}

/** Calls `begun` when the folder of a checkpoint under way appears for the `nth` time. */
function watchCheckpoints(run, nth, before, begun) {
  const seen = new Set(before)
  const watchers = []
  const look = () => {
    for (const name of unfinished(run)) {
      if (!name.startsWith('.writing-') || seen.has(name)) continue
      seen.add(name)
      if (seen.size - before.size === nth) begun()
    }
  }
  const checkpoints = join(run, 'checkpoints')
  const watchInside = () => watchers.push(watch(checkpoints, look))
  if (existsSync(checkpoints)) watchInside()
  else {
    const outer = watch(run, () => {
      if (watchers.length > 1 || !existsSync(checkpoints)) return
      watchInside()
      look()
    })
    watchers.push(outer)
  }
  return {
    close() {
      for (const watcher of watchers) watcher.close()
    },
  }
}

/** Timers are too coarse for the tens of milliseconds that a checkpoint takes. */
function waitBusily(milliseconds) {
  const end = performance.now() + milliseconds
  while (performance.now() < end);
}

/**
 * Kills the training process of the command with the process id `parent`. Where there is none yet, the
 * command itself, held first so that it starts none meanwhile.
 */
function killTraining(parent, run) {
  process.kill(parent, 'SIGSTOP')
  const training = ownerOf(run) ?? childOf(parent)
  process.kill(training ?? parent, 'SIGKILL')
  process.kill(parent, 'SIGCONT')
  return true
}

function signalTraining(run, signal) {
  const training = ownerOf(run)
  if (training !== undefined) process.kill(training, signal)
}

/** The living process that has the run. */
function ownerOf(run) {
  try {
    const { pid } = JSON.parse(readFileSync(join(run, 'owner.json'), 'utf8'))
    process.kill(pid, 0)
    return pid
  } catch {
    return undefined
  }
}

/** On Linux, the process that the command started and that has not taken the run yet. */
function childOf(parent) {
  try {
    const children = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim()
    return children === '' ? undefined : Number(children.split(' ')[0])
  } catch {
    return undefined
  }
}

/**
 * What the process was at when it died: by what it left in checkpoints/, and by its last words in the
 * journal.
 */
function placeOf({ left, events }) {
  if (left.length > 0) return 'writing a checkpoint'
  const last = events.findLast(({ event }) => !['run_ended', 'commanded'].includes(event))
  switch (last?.event) {
    case 'phase_started':
      return (
        { train: 'step', evaluate: 'evaluation', memory: 'memory', checkpoint: 'between' }[last.phase] ??
        'starting'
      )
    case 'steps_done':
      return 'step'
    case 'epoch_done':
    case 'evaluated':
    case 'checkpoint_written':
      return 'between'
    default:
      return 'starting'
  }
}

function journalOf(run) {
  const path = join(run ?? '', 'journal.jsonl')
  if (run === undefined || !existsSync(path)) return []
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line)]
      } catch {
        return []
      }
    })
}

/** Folders of checkpoints that were not finished. */
function unfinished(run) {
  const folder = run === undefined ? undefined : join(run, 'checkpoints')
  if (folder === undefined || !existsSync(folder)) return []
  return readdirSync(folder).filter((name) => name.startsWith('.'))
}

/**
 * The run under a folder of runs, once it is one: a command killed before it wrote the Plan has begun
 * nothing.
 */
function onlyRun(parent) {
  const folder = parent === undefined ? undefined : join(parent, 'kill')
  if (folder === undefined || !existsSync(folder)) return undefined
  const run = readdirSync(folder).find((name) => existsSync(join(folder, name, 'plan.json')))
  return run === undefined ? undefined : join(folder, run)
}

/**
 * What has to be the same: every byte of the state, the place in the run, and metrics.csv but for its times.
 */
function resultOf(run) {
  const folder = join(run, 'checkpoints')
  const last = readdirSync(folder)
    .filter((name) => name.startsWith('step-'))
    .sort()
    .at(-1)
  const read = (name) => readFileSync(join(folder, last, name))
  const { state } = JSON.parse(read('state.json').toString('utf8'))
  const [header, ...rows] = readFileSync(join(run, 'metrics.csv'), 'utf8').trimEnd().split('\n')
  const columns = header.split(',')
  const kept = [columns, ...rows.map((row) => row.split(','))].map((cells) =>
    cells.filter((_, at) => !times.has(columns[at])),
  )
  return {
    'its last checkpoint': last,
    weights: read('weights.safetensors').toString('hex'),
    'the optimizer’s state': read('optimizer.safetensors').toString('hex'),
    memories: read('memory.safetensors').toString('hex'),
    'the place in the run': JSON.stringify({
      ...state,
      seconds: undefined,
      sums: { ...state.sums, seconds: 0, waited: 0 },
    }),
    'metrics.csv': kept.map((cells) => cells.join(',')).join('\n'),
  }
}
