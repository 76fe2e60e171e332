// The matrix product.
import type { Tensor } from '../builder.js'
import type { TensorType } from '../graph.js'
import type { Operation } from './operation.js'
import { GraphBug, inputType } from './operation.js'
import { requireActivations, requireRank } from './shapes.js'

/** Which factors are transposed first. */
export interface ProductOptions {
  readonly transposeLeft: boolean
  readonly transposeRight: boolean
}

/** [rows, inner, columns] of a product. */
export function productSizes(
  inputs: readonly TensorType[],
  { transposeLeft, transposeRight }: ProductOptions,
): readonly [number, number, number] {
  const left = inputType(inputs, 0)
  const right = inputType(inputs, 1)
  const [l0 = 0, l1 = 0] = left.shape
  const [r0 = 0, r1 = 0] = right.shape
  const [rows, inner] = transposeLeft ? [l1, l0] : [l0, l1]
  const [rightInner, columns] = transposeRight ? [r1, r0] : [r0, r1]
  if (inner !== rightInner) throw new GraphBug(`inner sizes ${inner} and ${rightInner} differ`)
  return [rows, inner, columns]
}

export const matmulOperation: Operation<'matmul', ProductOptions> = {
  name: 'matmul',
  infer(inputs, attributes) {
    for (const position of [0, 1]) requireRank(inputType(inputs, position), 2, 'factor')
    const dtype = requireActivations(inputs)
    const [rows, , columns] = productSizes(inputs, attributes)
    return [{ dtype, shape: [rows, columns] }]
  },
  gradient({ input, gradient, attributes: { transposeLeft, transposeRight } }) {
    const [left, right] = [input(0), input(1)]
    return [
      () =>
        transposeLeft
          ? matmul(right, gradient, { transposeLeft: transposeRight, transposeRight: true })
          : matmul(gradient, right, { transposeRight: !transposeRight }),
      () =>
        transposeRight
          ? matmul(gradient, left, { transposeLeft: true, transposeRight: transposeLeft })
          : matmul(left, gradient, { transposeLeft: !transposeLeft }),
    ]
  },
  flops(inputs, _outputs, attributes) {
    const [rows, inner, columns] = productSizes(inputs, attributes)
    return 2 * rows * inner * columns
  },
}

/** The product of two matrices, each transposed first where asked. */
export function matmul(left: Tensor, right: Tensor, options: Partial<ProductOptions> = {}): Tensor {
  const { transposeLeft = false, transposeRight = false } = options
  return left.builder.single(matmulOperation, [left, right], { transposeLeft, transposeRight })
}
