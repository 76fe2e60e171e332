// `saurun sweep FILE --on slurm|k8s` as a user types it, with programs of Slurm that only write down what
// they are told.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isClosed, jobNumbers, readJobs } from '../../runtime/apps/sweep/slurm/jobs.js'
import { compiledEntry } from '../../runtime/platform/compiled-entry.js'
import { runProgram } from '../apps/sweep/slurm/one-machine-slurm.js'

const main = compiledEntry('runtime/cli/main.js')
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'saurun-sweep-on-'))
  writeFileSync(join(folder, 'exp.sau'), experiment)
  writeFileSync(
    join(folder, 'grid.yaml'),
    'experiment: exp.sau\ngrid: { rate: [0.1, 0.2] }\nseeds: [1, 2, 3]\n',
  )
  mkdirSync(join(folder, 'bin'))
  mkdirSync(join(folder, 'none'))
  program(
    'sbatch',
    'n=$(wc -l < "$FAKE/submitted" 2>/dev/null || echo 0); echo "$@" >> "$FAKE/submitted"; echo $((70 + n))',
  )
  program('scontrol', 'echo "MaxArraySize            = 2"')
  program('squeue', 'test -e "$FAKE/submitted" && echo PENDING; exit 0')
  program('scancel', 'echo "$@" >> "$FAKE/cancelled"')
})
afterAll(() => rmSync(folder, { recursive: true }))

const experiment = `sau 1

experiment "Small"

param rate : float = 0.1 in 1e-3..1.0 log

dataset train = shapes(classes: 4, per_class: 16, size: 16, seed: 1)
dataset test  = shapes(classes: 4, per_class: 8, size: 16, seed: 2)

view plain = flip |> normalize

network net = cifar_resnet(depth: 8, width: 4) { head logits = linear(classes) }

stream a = shuffle(train)

branch only { loss ce = cross_entropy(net(a.plain).logits, a.labels) }

minimize only.ce

train { epochs = 2; batch = 32; optimizer = sgd(lr: rate) }

evaluate test { using = net.logits; metrics = [top1, per_class] }
`

function program(name: string, text: string): void {
  const path = join(folder, 'bin', name)
  writeFileSync(path, `#!/bin/sh\n${text}\n`)
  chmodSync(path, 0o755)
}

/** With the programs in a folder of the test's on the path, and what they keep in another. */
function saurunWith(programs: 'bin' | 'none', fake: string, ...words: readonly string[]) {
  const { SAURUN_RUNS_DIR: _, FORCE_COLOR: __, ...inherited } = process.env
  mkdirSync(join(folder, fake), { recursive: true })
  const path = programs === 'bin' ? `${join(folder, 'bin')}:/usr/bin:/bin` : join(folder, 'none')
  const env = { ...inherited, PATH: path, FAKE: join(folder, fake), SAURUN_CACHE: join(folder, 'cache') }
  return runProgram([main, ...words, '--runs', join(folder, fake, 'runs')], { cwd: folder, env })
}

const linesOf = (path: string): readonly string[] =>
  readFileSync(join(folder, path), 'utf8').trim().split('\n')

describe.skipIf(process.platform === 'win32')('--on slurm (skipped on Windows, which has no Slurm)', () => {
  test('freezes the sweep, submits as many arrays as the site needs, and notes their jobs', async () => {
    const answer = await saurunWith('bin', 'many', 'sweep', 'grid.yaml', '--on', 'slurm', '--pilots', '5')
    expect(answer).toMatchObject({ code: 0, out: '70  2 pilots\n71  2 pilots\n72  1 pilots\n' })
    const sweep = join(folder, 'many', 'runs', 'grid-sweep')
    expect(readJobs(sweep).map(({ id, script, pilots }) => [id, script, pilots])).toEqual([
      ['70', 1, 2],
      ['71', 2, 2],
      ['72', 3, 1],
    ])
    expect(linesOf('many/submitted')[2]).toBe(`--parsable ${sweep}/slurm/3.sh`)
    expect(readFileSync(join(sweep, 'slurm', '3.sh'), 'utf8')).toContain('#SBATCH --array=0-0\n')

    // Each of three jobs has one pilot in the queue, as the test's squeue says.
    await saurunWith('bin', 'many', 'sweep', 'grid.yaml', '--on', 'slurm', '--pilots', '4')
    expect(readJobs(sweep).map(({ pilots }) => pilots)).toEqual([2, 2, 1, 1])
    const enough = await saurunWith('bin', 'many', 'sweep', 'grid.yaml', '--on', 'slurm', '--pilots', '4')
    expect(enough.err).toContain('4 pilots in the queue already')
    expect(jobNumbers(sweep)).toEqual(['70', '71', '72', '73'])

    const status = await saurunWith('bin', 'many', 'sweep', 'status', sweep)
    expect(status.out).toContain('jobs       4, the last 73: Slurm says 0 pilots run and 4 wait')
    const stopped = await saurunWith('bin', 'many', 'sweep', 'stop', sweep)
    expect(stopped).toMatchObject({ code: 0, err: '4 waiting pilots are cancelled\n' })
    expect(linesOf('many/cancelled')).toEqual(['70', '71', '72', '73'].map((id) => `--state=PENDING ${id}`))
  })

  test('a machine without Slurm: status and stop work, and no pilot begins any more', async () => {
    await saurunWith('bin', 'bare', 'sweep', 'grid.yaml', '--on', 'slurm', '--pilots', '1')
    const sweep = join(folder, 'bare', 'runs', 'grid-sweep')
    const status = await saurunWith('none', 'bare', 'sweep', 'status', sweep)
    expect(status).toMatchObject({ code: 0, out: expect.stringContaining('squeue is not here') })
    await saurunWith('none', 'bare', 'sweep', 'stop', sweep)
    expect(isClosed(sweep, 1)).toBe(true)
    const pilot = compiledEntry('runtime/apps/sweep/slurm/pilot-process.js')
    const late = await runProgram([pilot, sweep, '1', '1'], { cwd: folder, env: process.env })
    expect(late).toMatchObject({ code: 0, out: 'the sweep was stopped before this pilot began\n' })
  })

  test('without sbatch: SAU8080', async () => {
    const answer = await saurunWith('none', 'missing', 'sweep', 'grid.yaml', '--on', 'slurm')
    expect(answer).toMatchObject({ code: 2, err: expect.stringContaining('SAU8080') })
  })

  test('a script that sbatch refuses: SAU8081 with its reason', async () => {
    program('refusing', 'echo "sbatch: error: invalid partition specified: gpuu" >&2; exit 1')
    const bin = join(folder, 'refusing')
    mkdirSync(bin)
    writeFileSync(join(bin, 'sbatch'), readFileSync(join(folder, 'bin', 'refusing')), { mode: 0o755 })
    const words = [main, 'sweep', 'grid.yaml', '--on', 'slurm', '--runs', join(bin, 'runs')]
    const answer = await runProgram(words, { cwd: folder, env: { ...process.env, PATH: `${bin}:/bin` } })
    expect(answer.code).toBe(1)
    expect(answer.err).toMatch(/SAU8081.*1\.sh: invalid partition specified: gpuu/)
  })
})

test('--dry-run shows the scripts and writes nothing', async () => {
  const words = ['--on', 'slurm', '-n', '--time', '2:00:00', '--gpus', '1', '--slurm-arg=--account=vision']
  const answer = await saurunWith('none', 'dry', 'sweep', 'grid.yaml', ...words)
  expect(answer).toMatchObject({ code: 0, err: '' })
  for (const line of ['--array=0-5', '--time=2:00:00', '--gpus=1', '--account=vision']) {
    expect(answer.out).toContain(`#SBATCH ${line}\n`)
  }
  expect(existsSync(join(folder, 'dry', 'runs'))).toBe(false)
})

test('--time without a limit times steps, also before the file', async () => {
  const answer = await saurunWith('none', 'time', 'sweep', '--time', 'grid.yaml', '-n', '-q')
  expect(answer).toMatchObject({ code: 0, out: expect.stringContaining('from a few steps') })
})

test('--on k8s prints a manifest whose pods find the sweep on the volume', async () => {
  const words = ['--on', 'k8s', '--image', 'registry.example/saurun:1', '--volume-claim', 'runs']
  const dry = await saurunWith('none', 'k8s', 'sweep', 'grid.yaml', ...words, '--dry-run')
  const runs = join(folder, 'k8s', 'runs')
  expect(JSON.parse(dry.out)).toMatchObject({
    metadata: { name: 'grid-sweep' },
    spec: { completions: 6, template: { spec: { containers: [{ volumeMounts: [{ mountPath: runs }] }] } } },
  })
  expect(existsSync(runs)).toBe(false)
  const made = await saurunWith('none', 'k8s', 'sweep', 'grid.yaml', ...words)
  expect(made.out).toBe(dry.out)
  expect(readFileSync(join(runs, 'grid-sweep', 'k8s-job.json'), 'utf8')).toBe(dry.out)
})

test.each([
  [['--gpus', '1'], '`--gpus` is for clusters'],
  [['--time', '2:00:00'], '`--time` with a limit is for jobs of Slurm'],
  [['--on', 'k8s', '--image', 'x'], 'needs `--volume-claim`'],
  [['--on', 'k8s', '--partition', 'gpu'], '`--partition` is for jobs of Slurm'],
  [['--on', 'slurm', '--image', 'x'], '`--image` is for Kubernetes'],
  [['--on', 'slurmm'], 'did you mean `slurm`?'],
])('%j is refused', async (words, message) => {
  const answer = await saurunWith('none', 'refused', 'sweep', 'grid.yaml', ...words)
  expect(answer).toMatchObject({ code: 2, out: '', err: expect.stringContaining(message) })
})
