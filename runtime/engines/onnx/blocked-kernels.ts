// onnxruntime's blocked kernels: convolutions and poolings over images whose channels lie in blocks of 8 or
// 16, so that one vector instruction holds a block (MLAS, "NCHWc"). The runtime uses them by itself only
// where kernels are constants; in training they change at every step, so the engine writes these operators
// into its models itself. The size of the block depends on the processor, and some have none: a tiny model
// tells.
import type { InferenceSession as Session } from 'onnxruntime-node'
import { domains, ModelWriter } from './model.js'

/** What is needed of onnxruntime-node, which is loaded only when a run asks for it. */
export type OnnxRuntime = typeof import('onnxruntime-node')

/** Channels of a block on this machine: 8 or 16, or 0 where blocked kernels are not there. */
export async function probeBlockSize(runtime: OnnxRuntime): Promise<number> {
  const model = new ModelWriter()
  const image = model.input('image', 'float32', [1, 4, 1, 1])
  const reordered = model.node('ReorderInput', [image], {}, domains.blocked)
  // A blocked tensor of fewer channels than a block is filled up to a whole one, which its size tells.
  model.output('reordered', reordered, 'float32', undefined)
  let session: Session | undefined
  try {
    session = await runtime.InferenceSession.create(model.encode(), { logSeverityLevel: 4 })
    const result = await session.run({
      image: new runtime.Tensor('float32', new Float32Array(4), [1, 4, 1, 1]),
    })
    const channels = result.reordered?.dims[1] ?? 0
    return channels === 8 || channels === 16 ? channels : 0
  } catch {
    return 0
  } finally {
    await session?.release()
  }
}
