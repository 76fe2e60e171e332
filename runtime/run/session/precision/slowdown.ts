// How many times slower bfloat16 is than float32 on an engine of this machine: a small network timed in both,
// once, and remembered in the cache folder.
import { mkdirSync, readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { traceProbe } from '../../../../compiler/graph/index.js'
import type { NetworkPrecision } from '../../../../compiler/plan/plan.js'
import type { Engine } from '../../../engines/engine.js'
import { programVersion } from '../../../platform/compiled-entry.js'
import { writeDurably } from '../../../platform/files/durable.js'
import type { Tensors } from '../../../platform/tensor.js'
import { initialValues } from '../../loop/initialize.js'

/**
 * Each precision has this many turns, of so many milliseconds and at most so many runs; one run is always
 * made.
 */
const turns = 2
const budget = 80
const mostRuns = 8

/** Images of a timed step: some milliseconds for native libraries, some tens of them for the others. */
const timedImages: Readonly<Record<Engine['name'], number>> = {
  tensorflow: 32,
  onnx: 32,
  tfjs: 4,
  reference: 1,
}

/**
 * Time of a step in bfloat16 divided by its time in float32, in turns. Only one of both is loaded at a time:
 * idle threads of one session of onnxruntime would wait for work in a loop, beside the other's.
 */
export async function measureSlowdown(engine: Engine, threads: number): Promise<number> {
  let [single, half] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (let turn = 0; turn < turns; turn++) {
    single = Math.min(single, await fastestRun(engine, threads, 'float32'))
    half = Math.min(half, await fastestRun(engine, threads, 'bfloat16'))
  }
  return half / single
}

/** Milliseconds. The fastest run of several is the one that others on this machine disturbed least. */
async function fastestRun(engine: Engine, threads: number, precision: NetworkPrecision): Promise<number> {
  const program = traceProbe(engine.layout, precision, {
    batch: timedImages[engine.name],
    channels: 16,
    side: 32,
  })
  const inputs = madeImages(program.entries.train?.inputs[0]?.type.shape ?? [])
  const executable = await engine.load(program, { threads })
  try {
    await executable.write(initialValues(program))
    const times: number[] = []
    const started = performance.now()
    do {
      const before = performance.now()
      await executable.run('train', inputs)
      times.push(performance.now() - before)
    } while (times.length < mostRuns && performance.now() - started < budget)
    // The first run pays for what is made once.
    return Math.min(...(times.length > 1 ? times.slice(1) : times))
  } finally {
    await executable.dispose()
  }
}

/** Numbers between -1 and 1 in no simple order; what they are changes no time. */
function madeImages(shape: readonly number[]): Tensors {
  const length = shape.reduce((product, size) => product * size, 1)
  const data = Float32Array.from({ length }, (_, position) => Math.sin(position * 12.9898))
  return { images: { dtype: 'float32', shape, data } }
}

const fileName = 'bfloat16.json'

/**
 * As `measureSlowdown`, where this engine was not measured before on this processor and with as many threads.
 */
export async function rememberedSlowdown(
  engine: Engine,
  threads: number,
  folder: string,
  measure: typeof measureSlowdown = measureSlowdown,
): Promise<number> {
  const path = join(folder, fileName)
  const key = [
    programVersion(),
    engine.description,
    cpus()[0]?.model.trim() ?? '',
    `${threads} threads`,
  ].join(', ')
  const known = readKnown(path)
  const remembered = known[key]
  if (remembered !== undefined) return remembered
  const slowdown = await measure(engine, threads)
  try {
    mkdirSync(folder, { recursive: true })
    writeDurably(path, `${JSON.stringify({ ...known, [key]: slowdown }, undefined, 2)}\n`)
  } catch {
    // A read-only or full disk costs time, not correctness.
  }
  return slowdown
}

function readKnown(path: string): Readonly<Record<string, number>> {
  try {
    const known: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (typeof known !== 'object' || known === null) return {}
    return Object.fromEntries(
      Object.entries(known).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
    )
  } catch {
    return {}
  }
}
