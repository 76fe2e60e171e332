// The one place that loads onnxruntime-node, and what has to be said to it before.
import type { OnnxRuntime } from './blocked-kernels.js'

/**
 * Read by onnxruntime when its library is loaded. Without the first, version 1.30 writes an identifier of the
 * device and a store of events into the user's cache and looks up a host to send them to; the second is the
 * name that other tools of its makers have for the same.
 */
const withoutTelemetry = { ORT_DISABLE_TELEMETRY: '1', ORT_TELEMETRY_DISABLED: '1' } as const

/**
 * Loads onnxruntime, which then writes and sends nothing of its own. To be called on the main thread: changes
 * of a worker's environment do not reach native libraries.
 * @throws whatever the library's loading throws
 */
export async function loadOnnxRuntime(): Promise<OnnxRuntime> {
  Object.assign(process.env, withoutTelemetry)
  const { default: runtime }: { default: OnnxRuntime } = await import('onnxruntime-node')
  return runtime
}
