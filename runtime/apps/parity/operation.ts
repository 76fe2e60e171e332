// Golden cases of kind `operation`: one operation of the graph and its gradients. Images are [n, c, h, w] in
// the cases.
import type { GraphTensor } from '../../../compiler/graph/index.js'
import { Builder, differentiate, input, multiply, transpose } from '../../../compiler/graph/index.js'
import { conv2d } from '../../../compiler/graph/operations/convolution.js'
import { maxPool } from '../../../compiler/graph/operations/pooling.js'
import { reduceSum } from '../../../compiler/graph/operations/reductions.js'
import type { Engine } from '../../engines/engine.js'
import type { Tensor } from '../../platform/tensor.js'
import type { GoldenCase } from './golden-case.js'
import { malformedCase, numberOf, settingOf, tensorOf } from './golden-case.js'
import type { Quantity } from './quantity.js'
import { quantity, relativeNorm, resultOf } from './quantity.js'

/** Norm of the difference from what is expected, of whose norm it may be so much. */
const tolerance = 1e-5

export async function operationParity(golden: GoldenCase, engine: Engine): Promise<readonly Quantity[]> {
  const { layout } = engine
  const builder = new Builder()
  const fed = (name: string): GraphTensor =>
    input(builder, name, { dtype: 'float32', shape: tensorOf(golden, name).shape })
  const inLayout = (images: GraphTensor): GraphTensor =>
    layout === 'NCHW' ? images : transpose(images, [0, 2, 3, 1])
  const channelsFirst = (images: GraphTensor): GraphTensor =>
    layout === 'NCHW' ? images : transpose(images, [0, 3, 1, 2])

  const side = numberOf(golden, 'padding')
  const options = { layout, stride: numberOf(golden, 'stride'), padding: [side, side, side, side] } as const
  const x = fed('x')
  const operands = new Map([['dx', x]])
  let y: GraphTensor
  switch (settingOf(golden, 'operation')) {
    case 'convolution': {
      const w = fed('w')
      operands.set('dw', w)
      y = conv2d(inLayout(x), w, { ...options, groups: numberOf(golden, 'groups') })
      break
    }
    case 'max_pool':
      y = maxPool(inLayout(x), { ...options, window: numberOf(golden, 'window') })
      break
    default:
      throw malformedCase(`${golden.file}: there is no operation '${settingOf(golden, 'operation')}'`)
  }
  const result = channelsFirst(y)
  builder.output('y', result)
  // The gradient of sum(y * dy) is what dy leads to.
  const gradients = differentiate(reduceSum(multiply(result, fed('dy'))), [...operands.values()])
  const names = ['y', ...operands.keys()]
  gradients.forEach((gradient, position) => {
    if (gradient !== undefined) builder.output(names[position + 1] ?? '', gradient)
  })

  const executable = await engine.load({ layout, variables: [], entries: { case: builder.finish() } })
  try {
    const inputs: Record<string, Tensor> = { dy: tensorOf(golden, 'dy') }
    for (const name of operands.keys()) inputs[name.slice(1)] = tensorOf(golden, name.slice(1))
    const results = await executable.run('case', inputs)
    return names.map((name) =>
      quantity(name, relativeNorm(resultOf(results, name), tensorOf(golden, name)), tolerance),
    )
  } finally {
    await executable.dispose()
  }
}
