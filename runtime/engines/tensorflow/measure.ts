// The program with the times of one entry's nodes. The addon passes no options to a session call, so
// TensorFlow cannot be asked for its own statistics; but its executor can be made to log when it begins and
// ends each node, to standard error. That is set by the environment before the library is loaded, and
// standard error has to be a file that can be read back: a process made for the measurement has both
// (runtime/apps/profile).
import { fstatSync, ftruncateSync, readSync } from 'node:fs'
import type { Program } from '../../../compiler/graph/graph.js'
import type { MeasuredCall, MeasuringExecutable } from '../engine.js'
import { TensorFlowExecutable } from './executable.js'
import { readExecutorLog } from './executor-log.js'
import type { TensorFlowBinding } from './library/binding.js'

const standardError = 2

export function measureTensorFlow(
  binding: TensorFlowBinding,
  program: Program,
  entry: string,
): MeasuringExecutable {
  const executable = new TensorFlowExecutable(binding, program)
  const nodeOf = nodeFinder(executable.nodePrefixes(entry))
  const calls: MeasuredCall[] = []
  return {
    async run(name, inputs) {
      takeLog()
      const began = performance.now()
      const outputs = await executable.run(name, inputs)
      const milliseconds = performance.now() - began
      if (name === entry) calls.push({ milliseconds, kernels: readExecutorLog(takeLog(), nodeOf) })
      return outputs
    },
    read: (names) => executable.read(names),
    write: (values) => executable.write(values),
    dispose: () => executable.dispose(),
    async calls() {
      return calls
    },
  }
}

/**
 * Positions in the graph by names of TensorFlow nodes: `train/n12_conv2d/Conv2D`, or what TensorFlow's
 * optimizer makes of it, `ArithmeticOptimizer/FoldTranspose_train/n12_conv2d/Conv2D`.
 */
export function nodeFinder(prefixes: readonly string[]): (name: string) => number | undefined {
  const [first = ''] = prefixes
  const entry = first.slice(0, first.lastIndexOf('/'))
  const written = new RegExp(`(?:^|[^A-Za-z0-9])${entry}/n(\\d+)_`)
  return (name) => {
    const position = written.exec(name)?.[1]
    return position === undefined ? undefined : Number(position)
  }
}

/** What was logged since the last time; it is taken out of the file, which would grow by megabytes a call. */
function takeLog(): string {
  if (!fstatSync(standardError).isFile()) {
    throw new Error('to measure TensorFlow, standard error has to be a file')
  }
  const { size } = fstatSync(standardError)
  const bytes = Buffer.alloc(size)
  let read = 0
  while (read < size) {
    const count = readSync(standardError, bytes, read, size - read, read)
    if (count === 0) break
    read += count
  }
  ftruncateSync(standardError, 0)
  return bytes.toString('utf8', 0, read)
}
