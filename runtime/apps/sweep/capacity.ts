// How many runs of a sweep fit on this machine at once, and what each may use.
import { existsSync, readdirSync } from 'node:fs'
import { availableParallelism, freemem } from 'node:os'
import { machineMemory } from '../../data/memory-budget.js'

export interface Machine {
  readonly cores: number
  /** Bytes that are there, and of them free. */
  readonly memory: number
  readonly freeMemory: number
  /** GPUs that may be used, by the names that CUDA knows them by. */
  readonly gpus: readonly string[]
}

export function thisMachine(environment: NodeJS.ProcessEnv = process.env): Machine {
  return {
    cores: Math.min(
      availableParallelism(),
      Number(environment.SLURM_CPUS_ON_NODE) || Number.POSITIVE_INFINITY,
    ),
    memory: machineMemory(),
    freeMemory: process.availableMemory?.() ?? freemem(),
    gpus: visibleGpus(environment),
  }
}

/** `CUDA_VISIBLE_DEVICES` where it is set, else every GPU that the NVIDIA driver lists. */
export function visibleGpus(
  environment: NodeJS.ProcessEnv,
  driver = '/proc/driver/nvidia/gpus',
): readonly string[] {
  const { CUDA_VISIBLE_DEVICES: visible } = environment
  if (visible !== undefined) {
    const names = visible.split(',').map((name) => name.trim())
    // CUDA takes none from the first wrong one on.
    const wrong = names.findIndex((name) => name === '' || name === '-1')
    return wrong < 0 ? names : names.slice(0, wrong)
  }
  return existsSync(driver) ? readdirSync(driver).map((_, position) => String(position)) : []
}

export interface CapacityRequest {
  /** `limits.parallel`, where it is given. */
  readonly parallel: number | undefined
  /** `limits.memory`: bytes of all runs together. */
  readonly memory: number | undefined
  /** Bytes of the tensors of the largest run. */
  readonly runBytes: number
  /** Threads of each run, where they were asked for. */
  readonly threads: number | undefined
  /** Whether runs train on GPUs, one each. */
  readonly usesGpu: boolean
}

export interface Capacity {
  readonly parallel: number
  /** Threads of each run. */
  readonly threads: number
  /** GPU of each place; empty where runs train on the CPU. */
  readonly gpus: readonly string[]
}

/** What a training process takes besides its tensors: engine, program, data and views. */
export const processBytes = 220 * 2 ** 20

/**
 * At least one run at a time, and no more than asked for, than there are GPUs where they are used, and than
 * memory holds.
 */
export function capacityFor(request: CapacityRequest, machine: Machine): Capacity {
  const { parallel, memory, runBytes, threads, usesGpu } = request
  const gpus = usesGpu ? machine.gpus : []
  const perRun = runBytes + processBytes
  const byMemory = Math.floor((memory ?? 0.8 * machine.freeMemory) / perRun)
  const wanted = parallel ?? (gpus.length > 0 ? gpus.length : Math.max(1, Math.floor(machine.cores / 2)))
  const bounds = [wanted, byMemory, ...(gpus.length > 0 ? [gpus.length] : [])]
  const places = Math.max(1, Math.min(...bounds))
  return {
    parallel: places,
    threads: threads ?? Math.max(1, Math.floor(machine.cores / places)),
    gpus: gpus.slice(0, places),
  }
}
