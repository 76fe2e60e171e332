// A Slurm of one machine for tests: its own configuration, ports and folders, ended with the test. Needs
// Debian's slurm-wlm and munge, and root, for munge's daemon and Slurm's own run as it.
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Why there is no Slurm to test with here, if there is none. */
export function whyNoSlurm(): string | undefined {
  if (process.platform !== 'linux') return 'Slurm runs on Linux'
  if (process.getuid?.() !== 0) return 'starting Slurm needs root'
  const missing = ['slurmctld', 'slurmd', 'munged'].filter((name) => !existsSync(`/usr/sbin/${name}`))
  return missing.length === 0
    ? undefined
    : `${missing.join(', ')} not installed: apt-get install slurm-wlm munge`
}

export interface Slurm {
  /** Environment of programs that talk to it. */
  readonly environment: NodeJS.ProcessEnv
  ask(program: string, ...words: readonly string[]): string
  /** Kills the daemon of the node and starts another. */
  restartNode(): Promise<void>
  stop(): Promise<void>
}

/** @param maxArraySize largest array that it takes */
export async function startSlurm(folder: string, maxArraySize: number): Promise<Slurm> {
  const host = hostname()
  const configuration = join(folder, 'slurm.conf')
  const socket = join(folder, 'munge.socket')
  for (const name of ['state', 'spool', 'munge']) mkdirSync(join(folder, name), { mode: 0o700 })
  const port = 20_000 + 2 * (process.pid % 10_000)
  writeFileSync(configuration, configurationText(folder, host, { maxArraySize, port, socket }))
  const key = join(folder, 'munge', 'munge.key')
  writeFileSync(key, Buffer.alloc(1024, 'a key of one test, of one machine, for one minute'), { mode: 0o400 })
  const environment = { ...process.env, SLURM_CONF: configuration }
  const daemons: ChildProcess[] = []
  const start = (name: string, ...words: readonly string[]): ChildProcess => {
    const daemon = spawn(`/usr/sbin/${name}`, words, { env: environment, stdio: 'ignore' })
    daemons.push(daemon)
    return daemon
  }
  start(
    'munged',
    '--foreground',
    '--force',
    `--key-file=${key}`,
    `--socket=${socket}`,
    `--pid-file=${join(folder, 'munge', 'pid')}`,
    `--log-file=${join(folder, 'munge', 'log')}`,
    `--seed-file=${join(folder, 'munge', 'seed')}`,
  )
  await until(() => existsSync(socket), 'munged listens')
  start('slurmctld', '-D', '-f', configuration)
  let node = start('slurmd', '-D', '-f', configuration)
  const ask = (program: string, ...words: readonly string[]): string => {
    try {
      return execFileSync(program, words, {
        env: environment,
        stdio: ['ignore', 'pipe', 'ignore'],
      }).toString()
    } catch {
      return ''
    }
  }
  const isIdle = (): boolean => /^(idle|mix|alloc)$/m.test(ask('sinfo', '--noheader', '--format=%T'))
  await until(isIdle, 'the node is idle').catch((error: Error) => {
    for (const daemon of daemons) daemon.kill('SIGTERM')
    throw new Error(
      `${error.message}; ${tail(join(folder, 'slurmctld.log'))}; ${tail(join(folder, 'slurmd.log'))}`,
    )
  })
  return {
    environment,
    ask,
    async restartNode() {
      const gone = new Promise((resolve) => node.once('exit', resolve))
      node.kill('SIGKILL')
      await gone
      node = start('slurmd', '-D', '-f', configuration)
      await until(() => ask('scontrol', 'ping') !== '' && isNodeUp(node), 'the node is back')
    },
    async stop() {
      ask('scancel', '--user=root')
      await until(() => ask('squeue', '--noheader') === '', 'the queue is empty').catch(() => undefined)
      for (const daemon of daemons.reverse()) {
        if (!isNodeUp(daemon)) continue
        const gone = new Promise((resolve) => daemon.once('exit', resolve))
        daemon.kill('SIGTERM')
        await Promise.race([gone, sleep(5000).then(() => daemon.kill('SIGKILL'))])
      }
    },
  }
}

function isNodeUp({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null
}

function tail(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n').slice(-3).join('\n') : 'no log'
}

/** Waits until it is so, for a minute. */
export async function until(isSo: () => boolean, what: string, milliseconds = 60_000): Promise<void> {
  const end = Date.now() + milliseconds
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`)
    await sleep(200)
  }
}

export interface Answer {
  readonly code: number
  readonly out: string
  readonly err: string
}

export function runProgram(
  words: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Answer> {
  return new Promise((resolve) => {
    execFile(process.execPath, [...words], options, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), out, err })
    })
  })
}

function configurationText(
  folder: string,
  host: string,
  {
    maxArraySize,
    port,
    socket,
  }: { readonly maxArraySize: number; readonly port: number; readonly socket: string },
): string {
  return [
    'ClusterName=test',
    `SlurmctldHost=${host}(127.0.0.1)`,
    `SlurmctldPort=${port}`,
    `SlurmdPort=${port + 1}`,
    'SlurmUser=root',
    'SlurmdUser=root',
    'AuthType=auth/munge',
    // A job that goes back into the queue begins after the credential's life; two minutes where nothing is
    // said.
    `AuthInfo=socket=${socket},cred_expire=5`,
    'CredType=cred/munge',
    'ProctrackType=proctrack/linuxproc',
    'TaskPlugin=task/none',
    'SelectType=select/cons_tres',
    'SelectTypeParameters=CR_Core',
    'SchedulerParameters=sched_interval=1,bf_interval=1,batch_sched_delay=1,sched_min_interval=1',
    'ReturnToService=2',
    'JobRequeue=1',
    'KillWait=20',
    'MpiDefault=none',
    `MaxArraySize=${maxArraySize}`,
    `StateSaveLocation=${folder}/state`,
    `SlurmdSpoolDir=${folder}/spool`,
    `SlurmctldPidFile=${folder}/slurmctld.pid`,
    `SlurmdPidFile=${folder}/slurmd.pid`,
    `SlurmctldLogFile=${folder}/slurmctld.log`,
    `SlurmdLogFile=${folder}/slurmd.log`,
    // More than the machine may have: Slurm counts, and the pilots of a test are small.
    'SlurmdParameters=config_overrides',
    `NodeName=${host} NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN`,
    `PartitionName=main Nodes=${host} Default=YES MaxTime=INFINITE State=UP`,
    '',
  ].join('\n')
}
