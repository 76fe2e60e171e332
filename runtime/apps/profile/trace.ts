// Profiled steps as a Chrome trace (JSON object format of the Trace Event Format), which Perfetto and
// chrome://tracing open.
import type { MeasuredSteps } from './profile.js'

/** Steps that the trace shows: a few tell the order of things, and the file stays small. */
const shownSteps = 3

export function chromeTrace({ program, entry, calls, engine }: MeasuredSteps): object {
  const graph = program.entries[entry]
  const shown = calls.slice(-shownSteps)
  const [first = 0] = shown.flatMap(({ kernels }) => (kernels[0] === undefined ? [] : [kernels[0].start]))
  return {
    displayTimeUnit: 'ms',
    traceEvents: [
      { ph: 'M', pid: 1, name: 'process_name', args: { name: `${engine}: ${entry}` } },
      ...shown.flatMap(({ kernels }) =>
        kernels.map(({ name, kernel, node, start, duration, thread }) => {
          const source = node === undefined ? undefined : graph?.nodes[node]
          const at = source?.at
          return {
            ph: 'X',
            pid: 1,
            tid: thread,
            ts: start - first,
            dur: duration,
            name: source?.op ?? kernel,
            cat: at === undefined ? 'none' : `${at.file}:${at.line}`,
            args: { name, kernel, ...(node === undefined ? {} : { node }) },
          }
        }),
      ),
    ],
  }
}
