// Whether there is a GPU that TensorFlow could use, without loading anything: the driver's own file, and what
// the user made visible of it.
import { existsSync } from 'node:fs'

export function seesGpu(
  environment: NodeJS.ProcessEnv = process.env,
  exists: (path: string) => boolean = existsSync,
): boolean {
  const { CUDA_VISIBLE_DEVICES: visible } = environment
  if (visible !== undefined && /^\s*(-1.*)?$/.test(visible)) return false
  return exists('/proc/driver/nvidia/version') || exists('/dev/nvidiactl')
}
