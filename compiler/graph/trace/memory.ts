// Memories as state variables.
import type { MemoryPlan } from '../../plan/plan.js'
import type { Variable } from '../graph.js'
import type { VariableTable } from './variables.js'

/** `memory.<name>`, [classes, views, size]; the runner writes it. */
export function declareMemory(variables: VariableTable, memory: MemoryPlan): Variable {
  const shape = [memory.classes, memory.views.length, memory.size]
  return variables.declare(`memory.${memory.name}`, shape, 'memory', { kind: 'constant', value: 0 })
}
