// The parameter-free shortcut and its gradient as 1x1 convolutions with constant kernels: the backends'
// strided slices and paddings of channels take ten times as long.
import type { Kernel, KernelCall } from './call.js'
import { at } from './call.js'

/**
 * The kernel [1, 1, from, to] that copies `count` channels: number i of `first.from` on to number i of
 * `first.to` on.
 */
function copyingKernel(
  call: KernelCall,
  from: number,
  to: number,
  count: number,
  first: { readonly from: number; readonly to: number },
) {
  const { core } = call.operators
  return call.constant(`channels ${from} ${to} ${count} ${first.from} ${first.to}`, () => {
    const values = new Float32Array(from * to)
    for (let channel = 0; channel < count; channel++) {
      values[(first.from + channel) * to + first.to + channel] = 1
    }
    return core.tensor4d(values, [1, 1, from, to])
  })
}

const shortcutPad: Kernel<'shortcut_pad'> = (call) => {
  const { stride, channelsBefore } = call.node.attributes
  const image = at(call.inputs, 0)
  const channels = image.shape[3] ?? 0
  const wide = at(call.node.outputs, 0).shape[3] ?? 0
  const kernel = copyingKernel(call, channels, wide, channels, { from: 0, to: channelsBefore })
  return call.operators.convolution(image, kernel, { strides: [stride, stride] })
}

const shortcutPadGradient: Kernel<'shortcut_pad_gradient'> = (call) => {
  const { operators } = call
  const { stride, channelsBefore } = call.node.attributes
  const gradient = at(call.inputs, 0)
  const { shape } = at(call.node.outputs, 0)
  const [batch = 0, height = 0, width = 0, channels = 0] = shape
  const [, rows = 0, columns = 0, wide = 0] = gradient.shape
  // Each pixel becomes a row of `stride` ones, of which the first holds it; then each row so many rows.
  const kernel = copyingKernel(call, wide, stride * channels, channels, { from: channelsBefore, to: 0 })
  const spread = operators.convolution(gradient, kernel, { strides: [1, 1] })
  if (stride === 1) return spread
  const length = columns * stride * channels
  const paddings = [
    [0, 0],
    [0, (stride - 1) * length],
  ]
  const lines = operators.reshape(spread, [batch * rows, length])
  const padded = operators.run('PadV2', { x: lines }, { paddings, constantValue: 0 })
  const images = operators.reshape(padded, [batch, rows * stride, columns * stride, channels])
  if (rows * stride === height && columns * stride === width) return images
  return operators.run('Slice', { x: images }, { begin: [0, 0, 0, 0], size: [...shape] })
}

export const shortcutKernels = {
  shortcut_pad: shortcutPad,
  shortcut_pad_gradient: shortcutPadGradient,
}
