// What a pilot makes of its job's environment and state.
import { expect, test } from 'vitest'
import { thisMachine } from '../../../../runtime/apps/sweep/capacity.js'
import { poolName, returnsToQueue } from '../../../../runtime/apps/sweep/slurm/pilot-job.js'

test('a pool is named after its job, its task and how often it began again', () => {
  const task = { SLURM_ARRAY_JOB_ID: '12', SLURM_JOB_ID: '15', SLURM_ARRAY_TASK_ID: '3' }
  expect(poolName(task)).toBe('slurm-12-3')
  expect(poolName({ ...task, SLURM_RESTART_COUNT: '2' })).toBe('slurm-12-3-2')
  expect(poolName({ SLURM_JOB_ID: '15' })).toBe('slurm-15-0')
})

test.each([
  ['RUNNING', true],
  ['PREEMPTED', true],
  ['TIMEOUT', true],
  [undefined, true],
  ['CANCELLED', false],
  ['PENDING', false],
  ['COMPLETING', false],
])('a pilot that was told to end in a job that is %s: puts it back is %s', (state, returns) => {
  expect(returnsToQueue(state)).toBe(returns)
})

test('a pilot counts the cores that its job has, not those of the node', () => {
  expect(thisMachine({ SLURM_CPUS_ON_NODE: '1' }).cores).toBe(1)
  expect(thisMachine({ SLURM_CPUS_ON_NODE: '100000' }).cores).toBe(thisMachine({}).cores)
})
