// How many numbers each network trains, for the lock and the report: a network may be wider than its name
// says.
import type { Program } from '../../../compiler/graph/graph.js'
import type { Plan } from '../../../compiler/plan/plan.js'
import type { NetworkSize } from '../folder/lock.js'

/** Trainable numbers of the networks of `plan`, counted in the program that was traced from it. */
export function networkSizes(plan: Plan, program: Program): readonly NetworkSize[] {
  const weights = program.variables.filter(({ role }) => role === 'weight')
  const count = (prefix: string): number =>
    weights
      .filter(({ name }) => name.startsWith(`${prefix}.`))
      .reduce((sum, { type }) => sum + type.shape.reduce((product, side) => product * side, 1), 0)
  return plan.networks.map(({ name, backbone, heads }) => {
    const parameters = count(name)
    const sizes = heads.map((head) => ({ name: head.name, parameters: count(`${name}.${head.name}`) }))
    const inHeads = sizes.reduce((sum, head) => sum + head.parameters, 0)
    return { name, width: backbone.width, parameters, backbone: parameters - inHeads, heads: sizes }
  })
}
