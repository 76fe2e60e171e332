// The program with the times of one entry's nodes: onnxruntime writes them down while it runs, and into a
// file at the end.
import { createReadStream, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Program } from '../../../compiler/graph/graph.js'
import type { MeasuredCall, MeasuringExecutable } from '../engine.js'
import type { OnnxRuntime } from './blocked-kernels.js'
import { OnnxExecutable } from './executable.js'
import { createKernelReader } from './kernel-times.js'

export interface OnnxMeasurement {
  readonly runtime: OnnxRuntime
  readonly program: Program
  /** Channels of a block. */
  readonly block: number
  readonly threads: number
  readonly entry: string
  /** Where the runtime's file goes. */
  readonly folder: string
}

export function measureOnnx(measurement: OnnxMeasurement): MeasuringExecutable {
  const { runtime, program, block, threads, entry, folder } = measurement
  const prefix = join(folder, 'onnxruntime')
  const executable = new OnnxExecutable(runtime, program, block, threads, { entry, prefix })
  return {
    run: (name, inputs) => executable.run(name, inputs),
    read: (names) => executable.read(names),
    write: (values) => executable.write(values),
    dispose: () => executable.dispose(),
    async calls() {
      const origins = await executable.endMeasurement()
      return readCalls(prefix, origins)
    },
  }
}

/** The file grows by a megabyte or more a call, so it is read line by line. */
async function readCalls(
  prefix: string,
  origins: ReadonlyMap<string, number>,
): Promise<readonly MeasuredCall[]> {
  const file = readdirSync(dirname(prefix)).find((name) => name.startsWith(`${basename(prefix)}_`))
  if (file === undefined) throw new Error('onnxruntime wrote no times')
  const reader = createKernelReader(origins)
  const lines = createInterface({ input: createReadStream(join(dirname(prefix), file)) })
  for await (const line of lines) reader.line(line)
  return reader.calls
}
