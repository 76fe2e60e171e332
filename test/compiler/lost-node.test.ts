import { expect, it } from 'vitest'
import { lowerStep } from '../../compiler/lowering/step-nodes.js'
import type { StepNodeDraft } from '../../compiler/types/step-draft.js'

const at = { file: '/lab/file.sau', span: { start: 0, end: 1 } }
const unused = (): never => {
  throw new Error('nothing of this is in the step')
}
const tables = { dataset: unused, view: unused, network: unused, stream: unused, memory: unused }
const place = () => ({ file: 'file.sau', start: 0, end: 1, line: 1 })
const one: StepNodeDraft = {
  make: { op: 'scalar', value: { op: 'number', value: 1 } },
  at,
  untaken: false,
}

it('a node or a loss that is read and is not in the step is a bug, and not the first node', () => {
  const objective = { op: 'node', node: one } as const
  expect(lowerStep([one], [], objective, tables, place).objective).toEqual({ op: 'node', node: 0 })
  expect(() => lowerStep([], [], objective, tables, place)).toThrow('a scalar is read and does not stand')
  const loss = { branch: 'cross', name: 'ce', at }
  expect(() => lowerStep([one], [], { op: 'loss', loss }, tables, place)).toThrow('loss cross.ce is read')
})
