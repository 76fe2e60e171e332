// Names, paths and options that mean something to a terminal, a shell or a server's log, as a user may have
// them.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { compiledEntry } from '../../runtime/platform/compiled-entry.js'
import { type FileServer, fileServer } from '../apps/download/file-server.js'
import { runProgram } from '../apps/sweep/slurm/one-machine-slurm.js'
import { unseen } from '../platform/texts/hostile-text.js'

const main = compiledEntry('runtime/cli/main.js')
let root = ''
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'saurun-hostile-cli-'))
})
afterAll(() => rmSync(root, { recursive: true }))

function saurun(folder: string, environment: Readonly<Record<string, string>>, ...words: readonly string[]) {
  const { SAURUN_RUNS_DIR: _, FORCE_COLOR: __, NO_COLOR: ___, ...inherited } = process.env
  const env = { ...inherited, SAURUN_CACHE: join(root, 'cache'), ...environment }
  return runProgram([main, ...words], { cwd: folder, env })
}

const experiment = (title: string): string => `sau 1

experiment "${title}"

param rate : float = 0.1 in 1e-3..1.0 log

dataset train = shapes(classes: 4, per_class: 16, size: 16, seed: 1)
dataset test  = shapes(classes: 4, per_class: 8, size: 16, seed: 2)

view plain = flip |> normalize

network net = cifar_resnet(depth: 8, width: 4) { head logits = linear(classes) }

stream a = shuffle(train)

branch only { loss ce = cross_entropy(net(a.plain).logits, a.labels) }

minimize only.ce

train { epochs = 2; batch = 32; optimizer = sgd(lr: rate) }

evaluate test { using = net.logits; metrics = [top1] }
`

/** A folder with an experiment and a sweep of it. */
function project(name: string): string {
  const folder = join(root, name)
  mkdirSync(folder)
  writeFileSync(join(folder, 'exp.sau'), experiment('cat\u202etac'))
  writeFileSync(
    join(folder, 'ok.sweep.yaml'),
    'experiment: exp.sau\ngrid: { rate: [0.1, 0.2] }\nseeds: [1]\n',
  )
  return folder
}

describe('a terminal', () => {
  test('gets no code of an unknown command, an unknown file, an unknown flag or a title', async () => {
    const folder = project('plain')
    for (const words of [
      ['\u001b[31mrun\u001b]0;x\u0007'],
      ['ru\u202en'],
      ['plan', 'no\u001b[2J\u200b.sau'],
      ['plan', '--\u001b[2J'],
    ]) {
      const { code, err, out } = await saurun(folder, { FORCE_COLOR: '1' }, ...words)
      expect(code).not.toBe(0)
      // Its own colours are there; nothing else is.
      // biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes begin with one
      expect((err + out).replace(/\u001b\[(0|1|2|3[1-6]|22|39)m/g, '')).not.toMatch(unseen)
      expect(err).not.toContain('\u001b[31mrun')
    }
    const plan = await saurun(folder, {}, 'plan', 'exp.sau')
    expect(plan.out).toContain('cat\\u202etac')
    expect(plan.out).not.toMatch(unseen)
    const data = await saurun(folder, {}, 'plan', 'exp.sau', '--json')
    expect(data.out).not.toMatch(unseen)
    expect(JSON.stringify(JSON.parse(data.out))).toContain('cat\u202etac')
  })
})

describe.skipIf(process.platform === 'win32')(
  'a batch script (skipped on Windows, which has no Slurm)',
  () => {
    const dryRun = (folder: string, ...words: readonly string[]) =>
      saurun(
        folder,
        {},
        'sweep',
        'ok.sweep.yaml',
        '--on',
        'slurm',
        '--dry-run',
        '--time',
        '2:00:00',
        ...words,
      )

    test('has no line of a folder whose name has several', async () => {
      const { code, out, err } = await dryRun(project('proj\ntouch PWNED #'))
      expect([code, out]).toEqual([2, ''])
      expect(err).toContain("error[SAU8220]: the sweep's folder has a control character")
      expect(err).toContain('proj\\u000atouch PWNED #')
      expect(err).not.toMatch(/^touch/m)
    })

    test('has no line of an option', async () => {
      const folder = project('options')
      for (const words of [
        ['--partition', 'p\ntouch PWNED #'],
        ['--slurm-arg', '--comment=a\ntouch PWNED #'],
        ['--mem', '8G\rtouch PWNED'],
      ]) {
        const { code, out, err } = await dryRun(folder, ...words)
        expect([code, out]).toEqual([2, ''])
        expect(err).toContain(`error[SAU8220]: ${words[0]} has a control character`)
      }
      const quoted = await dryRun(folder, '--partition', 'p; touch PWNED #')
      expect(quoted.out).toContain('#SBATCH --partition="p; touch PWNED #"\n')
    })

    test('of Kubernetes puts no variable into the folder', async () => {
      const folder = project('$(HOME)')
      const words = ['--on', 'k8s', '--image', 'i:1', '--volume-claim', 'v', '--dry-run']
      const { out } = await saurun(folder, {}, 'sweep', 'ok.sweep.yaml', ...words)
      expect(JSON.stringify(JSON.parse(out))).toContain('/$$(HOME)/runs/')
    })
  },
)

describe('the password of an address', () => {
  const servers: FileServer[] = []
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close()
  })

  test('is sent to the server, and stands nowhere else', async () => {
    let authorization: string | undefined
    const server = await fileServer({}, (request) => {
      authorization = request.headers.authorization
      return false
    })
    servers.push(server)
    const from = server.address.replace('http://', 'http://alice:hunter2@')
    const folder = join(root, 'data')
    mkdirSync(folder)
    for (const form of [[], ['--json']]) {
      const { code, out, err } = await saurun(folder, {}, 'data', 'get', 'cifar10', '--from', from, ...form)
      expect(code).toBe(1)
      expect(out + err).not.toContain('hunter2')
      expect(out + err).toContain('error[SAU8104]')
    }
    expect(authorization).toBe(`Basic ${Buffer.from('alice:hunter2').toString('base64')}`)
    const broken = await saurun(
      folder,
      {},
      'data',
      'get',
      'cifar10',
      '--from',
      'http://alice:hunter2/x@host/',
    )
    expect(broken.err).not.toContain('hunter2')
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    )
    for (const { parentPath, name } of files) {
      expect(readFileSync(join(parentPath, name), 'utf8')).not.toContain('hunter2')
    }
  })
})
