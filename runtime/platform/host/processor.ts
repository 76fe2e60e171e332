// Which processor this is.
import { cpus } from 'node:os'

/** Its model as the system names it: `AMD EPYC 9B45`; `unknown` where it does not. */
export function processorModel(): string {
  const model = cpus()[0]?.model.trim() ?? ''
  return model === '' ? 'unknown' : model
}
