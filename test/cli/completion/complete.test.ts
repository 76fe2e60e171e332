// What a command line is completed with, whatever the shell.
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commandNames } from '../../../runtime/cli/command-table.js'
import type { Completion } from '../../../runtime/cli/completion/candidate.js'
import { complete } from '../../../runtime/cli/completion/complete.js'
import { temporaryFolder } from '../../data/files.js'
import { fillTypingFolder, newest, oldest, running } from './typing-folder.js'

const folder = temporaryFolder()
let end = (): void => {}
beforeAll(() => {
  end = fillTypingFolder(folder)
})
afterAll(() => end())

/** Completes a line whose words are set apart by single spaces. */
async function typed(line: string): Promise<Completion> {
  const words = line.split(' ')
  return await complete(words.slice(0, -1), words.at(-1) ?? '', folder, {
    SAURUN_RUNS_DIR: join(folder, 'runs'),
  })
}

async function words(line: string): Promise<readonly string[]> {
  const { candidates } = await typed(line)
  return candidates.map(({ text }) => text)
}

describe('params', () => {
  test('of the file and of what it imports, those that are set left out, also where a declaration is broken', async () => {
    expect(await words('exp.sau rate=0.2 --set depth=14 ')).toEqual([
      'width=',
      'strategy=',
      'mix=',
      'data=',
      'broken=',
    ])
  })

  test('say their type, default and domain', async () => {
    const { candidates } = await typed('exp.sau ')
    expect(candidates).toContainEqual({ text: 'depth=', about: 'int, 8 by default, in [8, 14, 20]' })
    expect(candidates).toContainEqual({ text: 'strategy=', about: 'correction, pos_neg by default' })
  })

  test.each([
    ['depth=', ['depth=8', 'depth=14', 'depth=20']],
    ['rate=', ['rate=0.1', 'rate=1e-3', 'rate=1.0']],
    ['strategy=', ['strategy=pos_neg', 'strategy=neg_only', 'strategy=drop']],
    ['mix=', ['mix=true', 'mix=false']],
    ['unknown=', []],
  ])('after %s the values of the domain or the type', async (setting, values) => {
    expect(await words(`exp.sau ${setting}`)).toEqual(values)
    expect(await words(`plan exp.sau --set ${setting}`)).toEqual(values)
    expect(await words(`check exp.sau --set=${setting}`)).toEqual(values.map((value) => `--set=${value}`))
  })

  test('a path is a file that begins behind the equals sign', async () => {
    expect(await typed('exp.sau data=im')).toEqual({ candidates: [], files: 'all', before: 5 })
  })

  test('of the experiment that a sweep file names, however unfinished that is', async () => {
    expect(await words('sweep grid.sweep.yaml dep')).toContain('depth=')
  })

  test('of the file of --on, and of either file that is compared', async () => {
    expect(await words('evaluate last --on exp.sau:test ')).toContain('depth=')
    expect(await words('diff last exp.sau ')).toContain('depth=')
  })

  test('there are none of a file that is not there, that is a folder, or that holds nothing', async () => {
    expect(await words('gone.sau ')).toEqual([])
    expect(await words('images ')).toEqual([])
    expect(await words('half.sau dep')).toEqual(['depth='])
  })
})

describe('runs', () => {
  test.each(['--resume ', 'status ', 'compare ', 'export ', 'predict ', 'evaluate ', 'diff ', 'report '])(
    '%s: last, then names, the newest first',
    async (line) => {
      expect(await words(line)).toEqual(expect.arrayContaining(['last', newest, running, oldest]))
      expect((await words(line)).slice(0, 4)).toEqual(['last', newest, running, oldest])
    },
  )

  test.each(['attach ', 'stop ', 'tell ', 'logs '])('%s: those that go on first', async (line) => {
    expect(await words(line)).toEqual([running, 'last', newest, oldest])
  })

  test('say of which experiment they are, and whether they go on', async () => {
    const { candidates } = await typed('attach ')
    expect(candidates[0]).toEqual({ text: running, about: 'exp, running' })
  })

  test('of the folder that --runs names; folders where the word begins no name', async () => {
    expect(await typed('attach --runs nowhere ')).toEqual({ candidates: [], files: 'folders', before: 0 })
    expect(await typed('status runs/')).toMatchObject({ files: 'folders' })
    expect(await typed('status 2026')).toMatchObject({ files: 'none' })
  })

  test('one that was named is not offered again', async () => {
    expect(await words(`stop ${running} `)).toEqual(['last', newest, oldest])
  })

  test('params that they have, after --by', async () => {
    expect(await words('compare --by ')).toEqual(['depth', 'mix'])
  })
})

describe('commands, flags and choices', () => {
  test('commands and experiments in the first place, also after a flag', async () => {
    for (const line of ['', '--plain ']) {
      expect(await typed(line)).toMatchObject({ files: ['sau'] })
      expect(await words(line)).toEqual([...commandNames, 'help'])
    }
    expect(await words('help ')).toContain('attach')
  })

  test('a flag has the values that it has in this command', async () => {
    expect(await words('export last --format ')).toEqual(['onnx', 'safetensors', 'savedmodel'])
    expect(await words('check exp.sau --format ')).toEqual(['text', 'json'])
    expect(await words('parity --engine=')).toContain('--engine=all')
    expect(await words('exp.sau --engine ')).not.toContain('all')
  })

  test('flags of the command that were not typed yet; those that may be repeated stay', async () => {
    const offered = await words('plan exp.sau --time --set depth=8 --')
    expect(offered).toContain('--engine')
    expect(offered).toContain('--set')
    expect(offered).not.toContain('--time')
    expect(offered).not.toContain('--resume')
  })

  test('choices of an argument, by its place', async () => {
    expect(await words('tell last ')).toEqual(['pause', 'continue', 'evaluate', 'extend', 'stop', 'stop-now'])
    expect(await words('engine ')).toEqual(['list', 'install', 'test', 'remove'])
    expect(await words('engine install ')).toContain('tensorflow')
    expect(await words('completion ')).toEqual(['bash', 'zsh', 'fish'])
    expect(await words('explain SAU1')).toContain('SAU1001')
  })

  test('datasets of the file after --on', async () => {
    expect(await typed('evaluate last --on ex')).toMatchObject({ candidates: [], files: ['sau'] })
    expect(await words('evaluate last --on exp.sau:')).toEqual(['exp.sau:train', 'exp.sau:test'])
  })

  test('sweeps, by file and by folder, and what is done with one', async () => {
    expect(await words('sweep ')).toEqual(['status', 'stop', 'report', 'logs', 'work'])
    expect(await typed('sweep status ')).toEqual({
      candidates: [{ text: 'grid-sweep', about: 'sweep' }],
      files: ['yaml', 'yml'],
      before: 0,
    })
  })

  test('flags of what is done with one, and no others', async () => {
    expect(await words('sweep report grid-sweep --la')).toContain('--latex')
    expect(await words('sweep report grid-sweep --')).not.toContain('--on')
    expect(await words('sweep grid.sweep.yaml --')).not.toContain('--latex')
    expect(await words('--json sweep status ')).toEqual(['grid-sweep'])
    expect(await words('engine test --')).not.toContain('--gpu')
  })

  test('files of the kind that is meant', async () => {
    expect(await typed('sweep ')).toMatchObject({ files: ['yaml', 'yml'] })
    expect(await typed('predict last ')).toMatchObject({ files: 'all' })
    expect(await typed('engine install tensorflow --wheel ')).toMatchObject({ files: ['whl'] })
    expect(await typed('status --runs=')).toMatchObject({ files: 'folders', before: 7 })
    expect(await typed('exp.sau --seed ')).toEqual({ candidates: [], files: 'none', before: 0 })
    expect(await typed('doctor ')).toEqual({ candidates: [], files: 'none', before: 0 })
  })
})

describe('data', () => {
  test('is completed with what it does, then with data sets or experiments', async () => {
    expect(await words('data ')).toEqual(['check', 'draw', 'get'])
    expect(await words('data get ')).toEqual(['cifar10', 'cifar100', 'fashion_mnist'])
    expect(await words('data get cifar10 ')).toEqual(['cifar100', 'fashion_mnist'])
    expect(await typed('data check ')).toMatchObject({ files: ['sau'] })
    expect(await words('data draw exp.sau dep')).toContain('depth=')
    expect(await words('data check exp.sau --str')).toContain('--strict')
    expect(await typed('data get cifar10 --dir ')).toMatchObject({ files: 'folders' })
  })
})
