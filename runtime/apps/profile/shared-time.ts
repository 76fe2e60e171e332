// Kernels of one step may run at the same time, and then their durations add up to more than the step takes.
// So every moment is divided among the kernels that run in it: the parts add up to the time in which any
// kernel ran.
import type { KernelSpan } from '../../engines/engine.js'

/** Microseconds of each kernel, in their order. */
export function sharedTimes(spans: readonly Pick<KernelSpan, 'start' | 'duration'>[]): readonly number[] {
  const times = spans.map(() => 0)
  const borders = spans
    .flatMap(({ start, duration }, span) =>
      duration > 0
        ? [
            { time: start, span, begins: true },
            { time: start + duration, span, begins: false },
          ]
        : [],
    )
    .sort((a, b) => a.time - b.time)
  const running = new Set<number>()
  let since = 0
  for (const { time, span, begins } of borders) {
    const part = (time - since) / running.size
    for (const other of running) times[other] = (times[other] ?? 0) + part
    since = time
    if (begins) running.add(span)
    else running.delete(span)
  }
  return times
}
