// What TensorFlow's executor logs of a session call, and the times of the nodes that follow from it.
// Beginning and end of a node are a line each (executor.cc):
//
//   I0000 00:00:1795608879.173689  5600 executor.cc:879] Process node: 33 step 5 {{node train/a}}...
//   I0000 00:00:1795608879.180371  5600 executor.cc:936] Synchronous kernel done: 33 step 5 {{node...
//
// Older versions begin a line with
// `2026-11-25 12:13:29.123456: I tensorflow/core/common_runtime/executor.cc:841]`, without a thread. Either
// way the clock is `hours:minutes:seconds` with microseconds, the new form putting seconds since 1970 there.
import type { KernelSpan } from '../engine.js'

/**
 * Has the executor log (level 2: the ends of nodes too), and GPU operations end before the next one is begun.
 */
export const executorLogEnvironment: Readonly<Record<string, string>> = {
  TF_CPP_MIN_LOG_LEVEL: '0',
  TF_CPP_VMODULE: 'executor=2',
  CUDA_LAUNCH_BLOCKING: '1',
}

const line =
  /(\d+):(\d+):(\d+\.\d+)(?::|\s+(\d+))[^\]\n]*executor\.cc:\d+\] (Process node|(?:Synchronous|Async) kernel done): (\d+) step (-?\d+) \{\{node ([^}]+)\}\} = (\w+)/g

/** Microseconds of a day, by which a clock without a date starts anew. */
const day = 86_400e6

/** Nodes that only hand over values at the border of the call. */
const borderKernels: ReadonlySet<string> = new Set(['NoOp', '_Arg', '_Retval'])

/**
 * Kernels in the order in which they ended; `nodeOf` gives the position in the graph of a TensorFlow node by
 * its name.
 */
export function readExecutorLog(
  log: string,
  nodeOf: (name: string) => number | undefined,
): readonly KernelSpan[] {
  const begun = new Map<string, { readonly start: number; readonly thread: number }>()
  const threads = new Map<string, number>()
  const spans: KernelSpan[] = []
  for (const match of log.matchAll(line)) {
    const [, hours, minutes, seconds, thread = '', what, id, step, name = '', kernel = ''] = match
    if (borderKernels.has(kernel)) continue
    const time = Math.round((Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1e6)
    const key = `${step} ${id} ${name}`
    if (what === 'Process node') {
      if (!threads.has(thread)) threads.set(thread, threads.size)
      begun.set(key, { start: time, thread: threads.get(thread) ?? 0 })
      continue
    }
    const start = begun.get(key)
    if (start === undefined) continue
    begun.delete(key)
    const duration = time - start.start
    spans.push({
      name,
      kernel,
      node: nodeOf(name),
      ...start,
      duration: duration < 0 ? duration + day : duration,
    })
  }
  return spans
}
