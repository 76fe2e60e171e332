// The state of a program: every variable is declared where a trace first needs it, so its shape and initial
// value stand beside the code that uses it.
import type { Builder, Tensor } from '../builder.js'
import type { Initializer, Variable } from '../graph.js'
import { GraphBug } from '../operations/operation.js'
import { sameShape } from '../operations/shapes.js'
import { state } from '../operations/sources.js'

export class VariableTable {
  private readonly byName = new Map<string, Variable>()

  /** Declares a float32 variable, or checks that the earlier declaration has the same shape. */
  declare(name: string, shape: readonly number[], role: Variable['role'], initial: Initializer): Variable {
    const known = this.byName.get(name)
    if (known !== undefined) {
      if (!sameShape(known.type.shape, shape)) throw new GraphBug(`${name} is used with two shapes`)
      return known
    }
    const variable: Variable = { name, type: { dtype: 'float32', shape }, role, initial }
    this.byName.set(name, variable)
    return variable
  }

  /** In order of declaration. */
  all(): readonly Variable[] {
    return [...this.byName.values()]
  }
}

/** The value a variable has before the run. */
export const read = (builder: Builder, variable: Variable): Tensor =>
  state(builder, variable.name, variable.type)

/**
 * Kaiming normal initialization, gain sqrt 2 (He et al., arXiv 1502.01852, equations 10 and 14).
 * @param fan inputs that one output sums over ("fan in"), or outputs that one input takes part in ("fan
 * out").
 */
export const kaimingNormal = (fan: number, seed: number): Initializer => ({
  kind: 'normal',
  deviation: Math.sqrt(2 / fan),
  seed,
})
