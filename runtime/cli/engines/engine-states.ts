// Every engine as this machine sees it: whether it loads, what it is, why not, and the command that gets it.
// Each is tried in a process of its own.
import { checkEngine } from '../../apps/engine-check/check-engine.js'
import type { EngineReport } from '../../engines/engine-report.js'
import { type EngineName, engineNames } from '../../engines/names.js'
import type { Palette } from '../../observe/text/palette.js'
import { seesGpu } from '../../platform/host/gpu.js'

export interface EngineState {
  readonly name: EngineName
  readonly state: EngineReport['state']
  readonly loads: boolean
  /** Version and device, or why it does not load. */
  readonly description: string
  /** The command that gets it, or mends it; absent where it loads, or where no command does. */
  readonly get?: string
}

export async function engineStates(): Promise<readonly EngineState[]> {
  return Promise.all(engineNames.map(async (name) => engineState(name, await checkEngine({ engine: name }))))
}

export function engineState(name: EngineName, report: EngineReport): EngineState {
  const { state } = report
  if (state === 'loads') return { name, state, loads: true, description: report.description }
  const get = commandThatGets(name)
  return { name, state, loads: false, description: report.reason, ...(get === undefined ? {} : { get }) }
}

/** What to type for an engine that is not there; undefined where nothing helps on this platform. */
export function commandThatGets(name: EngineName, platform: string = process.platform): string | undefined {
  switch (name) {
    case 'tensorflow':
      return platform === 'linux' ? `saurun engine install tensorflow${seesGpu() ? ' --gpu' : ''}` : undefined
    // These come with saurun; one that does not load was not installed whole.
    case 'onnx':
    case 'tfjs':
    case 'reference':
      return undefined
  }
}

/** `loads: onnxruntime 1.30.0, CPU`. */
export function engineText({ state, description, get }: EngineState, paint: Palette): string {
  const how =
    get === undefined ? '' : `; \`${get}\` ${state === 'not_installed' ? 'gets it' : 'makes it anew'}`
  switch (state) {
    case 'loads':
      return `${paint.green('loads')}: ${description}`
    case 'not_installed':
      return `${paint.yellow(description)}${how}`
    case 'broken':
    case 'wrong':
      return `${paint.red('does not load')}: ${description}${how}`
  }
}
