// A whole epoch of experiments/sau.sau, with views, memory, evaluation and checkpoint, against its bare
// steps; and how much of the training process's time is JavaScript beside the session call.
// Usage: node bench/epoch.mjs [ENGINE] [EPOCHS]   (npm run build before; needs ../shared/data)
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { median } from './median.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const [, , engine = 'tensorflow', epochs = '5'] = process.argv
const threads = '2'
const epochBar = 1.4
const scriptBar = 0.03
const folder = mkdtempSync(join(tmpdir(), 'saurun-bench-'))
try {
  // Steps before and after the epochs, so that a machine whose speed drifts does not decide.
  const before = await bareSteps(15)
  const run = await train()
  const after = await bareSteps(15)
  const step = median([...before, ...after])
  const epoch = median(run.epochs)
  const ratio = epoch / (run.stepsPerEpoch * step)
  const script = scriptShare(run.profile)
  console.log(
    `${engine}: a step ${(step * 1000).toFixed(0)} ms, an epoch of ${run.stepsPerEpoch} steps ${epoch.toFixed(2)} s`,
  )
  console.log(
    `  epoch against its bare steps: ${ratio.toFixed(2)}x (at most ${epochBar}: ${verdict(ratio <= epochBar)})`,
  )
  console.log(
    `  JavaScript beside the session call: ${(100 * script).toFixed(1)} % (at most ${100 * scriptBar}: ${verdict(script < scriptBar)})`,
  )
  process.exitCode = ratio <= epochBar && script < scriptBar ? 0 : 1
} finally {
  rmSync(folder, { recursive: true })
}

function verdict(isMet) {
  return isMet ? 'met' : 'MISSED'
}

/** Seconds of steps on one made-up batch, after two that are not counted. */
async function bareSteps(count) {
  const words = [join(root, 'bench', 'saurun-step.mjs'), '8', '16', '128', threads, engine]
  const child = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'ignore'] })
  const seconds = []
  child.stdin.write('\n'.repeat(count + 2))
  child.stdin.end()
  for await (const line of createInterface({ input: child.stdout })) {
    const { milliseconds } = JSON.parse(line)
    if (milliseconds !== undefined) seconds.push(milliseconds / 1000)
  }
  return seconds.slice(2)
}

/**
 * Trains. The run is stopped in its first epoch and gone on with by the training process alone, under the
 * profiler that Node brings.
 */
async function train() {
  const runs = join(folder, 'runs')
  const file = join(root, 'experiments', 'sau.sau')
  const data = join(root, '..', 'shared', 'data')
  const settings = [`data=${data}`, 'depth=8', 'width=16', 'rate=0.05', 'decay=5e-4', `epochs=${epochs}`]
  const words = [
    file,
    ...settings,
    '--engine',
    engine,
    '--threads',
    threads,
    '--runs',
    runs,
    '--json',
    '--quiet',
  ]
  const first = spawn(process.execPath, [join(root, 'dist', 'runtime', 'cli', 'main.js'), ...words], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  for await (const line of createInterface({ input: first.stdout })) {
    if (JSON.parse(line).event === 'steps_done') first.kill('SIGINT')
  }
  const [experiment] = readdirSync(runs)
  const [name] = readdirSync(join(runs, experiment))
  const run = join(runs, experiment, name)
  const profiles = join(folder, 'profiles')
  const options = ['--cpu-prof', `--cpu-prof-dir=${profiles}`]
  const second = spawn(
    process.execPath,
    [...options, join(root, 'dist', 'runtime', 'training-process.js'), run],
    {
      stdio: 'ignore',
    },
  )
  await new Promise((resolve) => second.on('exit', resolve))
  const journal = readFileSync(join(run, 'journal.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const { stepsPerEpoch } = JSON.parse(readFileSync(join(run, 'plan.json'), 'utf8')).train
  // An epoch goes from where its memories are renewed to where those of the next one are.
  const starts = journal.filter(({ event, phase }) => event === 'phase_started' && phase === 'memory')
  const ends = [...starts.slice(2).map(({ time }) => time), journal.at(-1).time]
  const seconds = starts.slice(1).map(({ time }, position) => (ends[position] - time) / 1000)
  // The main thread's profile is the one that called the session.
  const profile = readdirSync(profiles)
    .map((entry) => JSON.parse(readFileSync(join(profiles, entry), 'utf8')))
    .find(({ nodes }) => nodes.some(isSessionCall))
  return { epochs: seconds, stepsPerEpoch, profile }
}

/**
 * Native time counts for the function that calls it, and this one of the tensorflow engine does nothing else.
 */
function isSessionCall({ callFrame }) {
  return callFrame.functionName === 'callSession'
}

/**
 * Time in JavaScript and its garbage collection, as a share of that and the session call, since the first
 * call.
 */
function scriptShare({ nodes, samples, timeDeltas }) {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const start = samples.findIndex((id) => isSessionCall(byId.get(id)))
  let session = 0
  let script = 0
  for (let index = start; index < samples.length; index++) {
    const node = byId.get(samples[index])
    if (isSessionCall(node)) session += timeDeltas[index]
    else if (!['(idle)', '(root)'].includes(node.callFrame.functionName)) script += timeDeltas[index]
  }
  return script / (script + session)
}
