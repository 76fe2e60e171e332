// `saurun parity`: runs every golden case of a folder through the compiler and engine code that training
// uses, and compares the numbers.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { augmentParity } from '../../data/views/parity.js'
import type { Engine } from '../../engines/engine.js'
import { exitCodes, RunError } from '../../platform/errors.js'
import { contrastiveParity } from './contrastive.js'
import type { GoldenCase } from './golden-case.js'
import { readGoldenCase } from './golden-case.js'
import { mixParity } from './mix.js'
import { networkParity } from './network.js'
import { operationParity } from './operation.js'
import type { Quantity } from './quantity.js'
import { trainingParity } from './training.js'

export type { Quantity } from './quantity.js'

/** How one case came out on one engine; `views` where it is no engine's work. */
export type ParityResult =
  | {
      readonly status: 'passed' | 'failed'
      readonly file: string
      readonly kind: string
      readonly engine: Engine['name'] | 'views'
      readonly quantities: readonly Quantity[]
      /** Parts of the case that are not known here, and were left out. */
      readonly skipped: readonly string[]
      /** Why there are no numbers, where there are none. */
      readonly message: string | undefined
      readonly seconds: number
    }
  | { readonly status: 'skipped'; readonly file: string; readonly kind: string; readonly message: string }

export interface ParityReport {
  readonly results: readonly ParityResult[]
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

export interface ParityOptions {
  readonly engines: readonly Engine[]
  /** Called after every case and engine, in order. */
  readonly onResult?: (result: ParityResult) => void
}

interface Outcome {
  readonly quantities: readonly Quantity[]
  readonly skipped?: readonly string[]
}

const engineKinds: Readonly<Record<string, (golden: GoldenCase, engine: Engine) => Promise<Outcome>>> = {
  supervised_contrastive: async (golden, engine) => ({ quantities: await contrastiveParity(golden, engine) }),
  mix: async (golden, engine) => ({ quantities: await mixParity(golden, engine) }),
  training: async (golden, engine) => ({ quantities: await trainingParity(golden, engine) }),
  operation: async (golden, engine) => ({ quantities: await operationParity(golden, engine) }),
  network: async (golden, engine) => ({ quantities: await networkParity(golden, engine) }),
}

/**
 * Runs all `.safetensors` files of a folder, in order of their names. Cases of a kind that is not known are
 * skipped by name; a case that lacks something fails with the reason.
 * @throws RunError SAU7501 when the folder is not there or holds no case.
 */
export async function runParity(directory: string, options: ParityOptions): Promise<ParityReport> {
  const results: ParityResult[] = []
  for (const file of await caseFiles(directory)) {
    const bytes = await readFile(join(directory, file))
    for await (const result of caseResults(file, bytes, options.engines)) {
      results.push(result)
      options.onResult?.(result)
    }
  }
  const count = (status: ParityResult['status']): number =>
    results.filter((result) => result.status === status).length
  return { results, passed: count('passed'), failed: count('failed'), skipped: count('skipped') }
}

async function caseFiles(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory).catch(() => undefined)
  const files = names?.filter((name) => name.endsWith('.safetensors')).sort()
  if (files !== undefined && files.length > 0) return files
  const problem =
    files === undefined ? `there is no folder ${directory}` : `${directory} holds no .safetensors file`
  throw new RunError('SAU7501', problem, 'name a folder of golden cases', exitCodes.usage)
}

async function* caseResults(
  file: string,
  bytes: Uint8Array,
  engines: readonly Engine[],
): AsyncGenerator<ParityResult> {
  let golden: GoldenCase
  try {
    golden = readGoldenCase(file, bytes)
  } catch (error) {
    if (!(error instanceof RunError)) throw error
    const empty = { quantities: [], skipped: [], seconds: 0, engine: 'views' as const }
    yield { status: 'failed', file, kind: 'unreadable', message: error.message, ...empty }
    return
  }
  const { kind } = golden
  const run = engineKinds[kind]
  if (run !== undefined) {
    for (const engine of engines) {
      const named = { file, kind, engine: engine.name }
      yield await timed(named, () => run(golden, engine))
    }
  } else if (kind === 'augment') {
    yield await timed({ file, kind, engine: 'views' }, async () =>
      augmentParity(golden.tensors, golden.metadata),
    )
  } else {
    yield { status: 'skipped', file, kind, message: `kind '${kind}' is not known` }
  }
}

/** Runs one case; an error that a malformed case causes becomes its result. */
async function timed(
  named: { readonly file: string; readonly kind: string; readonly engine: Engine['name'] | 'views' },
  run: () => Promise<Outcome>,
): Promise<ParityResult> {
  const start = performance.now()
  const seconds = (): number => (performance.now() - start) / 1000
  try {
    const { quantities, skipped = [] } = await run()
    const status = quantities.every((entry) => entry.ok) ? 'passed' : 'failed'
    return { ...named, status, quantities, skipped, message: undefined, seconds: seconds() }
  } catch (error) {
    if (!(error instanceof RunError)) throw error
    return {
      ...named,
      status: 'failed',
      quantities: [],
      skipped: [],
      message: error.message,
      seconds: seconds(),
    }
  }
}
