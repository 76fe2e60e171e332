// What a pilot reads from its job: the name of its pool, and whether the job is to come back.

/**
 * Different for each start of a job: whoever was the pool before may be dead on a machine that nobody can
 * ask.
 */
export function poolName(environment: NodeJS.ProcessEnv): string {
  const { SLURM_ARRAY_JOB_ID, SLURM_JOB_ID, SLURM_ARRAY_TASK_ID, SLURM_RESTART_COUNT } = environment
  const restarts = Number(SLURM_RESTART_COUNT ?? 0)
  const job = SLURM_ARRAY_JOB_ID ?? SLURM_JOB_ID ?? 'none'
  return `slurm-${job}-${SLURM_ARRAY_TASK_ID ?? '0'}${restarts > 0 ? `-${restarts}` : ''}`
}

/**
 * Whether a pilot that was told to end puts its job back itself: near its time limit, and while it is
 * preempted. Not where it was cancelled, and not where Slurm puts it back on its own (`scontrol requeue`,
 * PreemptMode=REQUEUE): then it waits or completes.
 */
export function returnsToQueue(state: string | undefined): boolean {
  return state === undefined || ['RUNNING', 'PREEMPTED', 'TIMEOUT', 'DEADLINE'].includes(state)
}
