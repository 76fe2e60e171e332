// Comparisons, truth values and choice.
import type { Tensor } from '../builder.js'
import type { DType } from '../graph.js'
import type { Operand } from './elementwise.js'
import { applyBinary, applyUnary, defineBinary, defineUnary, operands, sumTo } from './elementwise.js'
import type { Operation } from './operation.js'
import { flopsPerElement, GraphBug, inputType } from './operation.js'
import { broadcastShape, describeType, requireDType } from './shapes.js'
import { constant } from './sources.js'

const numbers: readonly DType[] = ['float32', 'int32']

function defineComparison<Name extends string>(
  name: Name,
  holds: (x: number, y: number) => boolean,
): Operation<Name> {
  return defineBinary(
    { name, flops: 1, gradient: 'stops', element: (x, y) => (holds(x, y) ? 1 : 0) },
    numbers,
    'bool',
  )
}

export const lessOperation: Operation<'less'> = defineComparison('less', (x, y) => x < y)
export const less = (x: Operand, y: Operand): Tensor => applyBinary(lessOperation, x, y)

export const lessEqualOperation: Operation<'less_equal'> = defineComparison('less_equal', (x, y) => x <= y)
export const lessEqual = (x: Operand, y: Operand): Tensor => applyBinary(lessEqualOperation, x, y)

export const equalOperation: Operation<'equal'> = defineComparison('equal', (x, y) => x === y)
export const equal = (x: Operand, y: Operand): Tensor => applyBinary(equalOperation, x, y)

export const andOperation: Operation<'and'> = defineBinary(
  { name: 'and', flops: 1, gradient: 'stops', element: (x, y) => (x !== 0 && y !== 0 ? 1 : 0) },
  ['bool'],
)
export const and = (x: Tensor, y: Tensor): Tensor => applyBinary(andOperation, x, y)

export const orOperation: Operation<'or'> = defineBinary(
  { name: 'or', flops: 1, gradient: 'stops', element: (x, y) => (x !== 0 || y !== 0 ? 1 : 0) },
  ['bool'],
)
export const or = (x: Tensor, y: Tensor): Tensor => applyBinary(orOperation, x, y)

export const notOperation: Operation<'not'> = defineUnary(
  { name: 'not', flops: 1, gradient: 'stops', element: (x) => (x === 0 ? 1 : 0) },
  ['bool'],
)
export const not = (x: Tensor): Tensor => applyUnary(notOperation, x)

export const selectOperation: Operation<'select'> = {
  name: 'select',
  traits: ['elementwise', 'stretches', 'exact in bfloat16'],
  infer(inputs) {
    const condition = inputType(inputs, 0)
    const yes = inputType(inputs, 1)
    const no = inputType(inputs, 2)
    requireDType(condition, 'bool', 'condition')
    if (yes.dtype !== no.dtype) throw new GraphBug(`choices are ${describeType(yes)} and ${describeType(no)}`)
    return [{ dtype: yes.dtype, shape: broadcastShape(condition.shape, broadcastShape(yes.shape, no.shape)) }]
  },
  gradient: ({ input, gradient }) => [
    undefined,
    () => sumTo(select(input(0), gradient, 0), input(1).type.shape),
    () => sumTo(select(input(0), 0, gradient), input(2).type.shape),
  ],
  flops: flopsPerElement(1),
  element: ([condition, yes = 0, no = 0]) => (condition !== 0 ? yes : no),
}
/** `yes` where the condition holds, else `no`; all three broadcast. Two numbers choose a float32. */
export function select(condition: Tensor, yes: Operand, no: Operand): Tensor {
  const [first, second] = operands(
    typeof yes === 'number' && typeof no === 'number' ? constant(condition.builder, yes) : yes,
    no,
  )
  return condition.builder.single(selectOperation, [condition, first, second], {})
}
