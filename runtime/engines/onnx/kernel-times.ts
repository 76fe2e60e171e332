// The file that onnxruntime writes when it profiles: Chrome trace events, one a line, those of a call's nodes
// before the `model_run` that holds them.
import type { KernelSpan, MeasuredCall } from '../engine.js'

export interface KernelReader {
  /** Takes the next line of the file. */
  line(text: string): void
  /** The calls so far. */
  readonly calls: readonly MeasuredCall[]
}

interface TraceEvent {
  readonly cat?: string
  readonly name?: string
  readonly ts?: number
  readonly dur?: number
  readonly args?: { readonly op_name?: string }
}

const nodeEvent = /_kernel_time$/

/** `origins`: positions in the graph by the names of the nodes as they were written into the model. */
export function createKernelReader(origins: ReadonlyMap<string, number>): KernelReader {
  const calls: MeasuredCall[] = []
  let kernels: KernelSpan[] = []
  return {
    calls,
    line(text) {
      const event = parseEvent(text)
      if (event === undefined) return
      const { cat, name = '', ts = 0, dur = 0, args } = event
      if (cat === 'Session' && name === 'model_run') {
        calls.push({ milliseconds: dur / 1000, kernels })
        kernels = []
        return
      }
      if (cat !== 'Node' || !nodeEvent.test(name)) return
      const node = name.replace(nodeEvent, '')
      kernels.push({
        name: node,
        kernel: args?.op_name ?? '',
        node: originOf(node, origins),
        start: ts,
        duration: dur,
        thread: 0,
      })
    },
  }
}

function parseEvent(text: string): TraceEvent | undefined {
  const from = text.indexOf('{')
  const to = text.lastIndexOf('}')
  if (from < 0 || to < from) return undefined
  try {
    return JSON.parse(text.slice(from, to + 1)) as TraceEvent
  } catch {
    // A line of something else.
    return undefined
  }
}

/**
 * The runtime's own optimizer names what it makes after a node that it replaces: `Reshape_1108_new_reshape`.
 */
function originOf(name: string, origins: ReadonlyMap<string, number>): number | undefined {
  const known = origins.get(name)
  if (known !== undefined) return known
  const written = /[A-Za-z]+_\d+/.exec(name)?.[0]
  return written === undefined ? undefined : origins.get(written)
}
