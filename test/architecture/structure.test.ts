// The rules of the house that a machine can check: which way imports point, what the compiler may touch, file
// length.
import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { circlesIn, importsOf, sourcesOf, wayTo } from './import-graph.js'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const layers = ['grammar', 'compiler', 'runtime'] as const
const sources = layers.flatMap((layer) => sourcesOf(root, layer))
const imports = importsOf(root, sources)

/** What stands on what, from the ground up: a floor may import what lies below it, and nothing above. */
const floors = {
  compiler: [
    'diagnostics/',
    'random/',
    'plan/',
    'host.ts',
    'paths/',
    'modules/',
    'types/',
    'names/',
    'functions/',
    'checking/',
    'lowering/',
    'graph/',
    'compile.ts',
    'sweep/',
    'index.ts',
  ],
  // The two files at the top are for those who start saurun without its command line, and for the process
  // that trains.
  runtime: [
    'platform/',
    'data/',
    'engines/',
    'run/',
    'apps/',
    'observe/',
    'training-process.ts',
    'index.ts',
    'cli/',
  ],
  'runtime/data': ['pixels/', 'readers/', 'host/', 'views/'],
  'runtime/run': ['journal/', 'folder/', 'view/', 'loop/', 'session/', 'process/'],
} as const

/** Processes that a floor starts by the path of their entry and that load more than the floor may import. */
const startedAbove: Readonly<Record<string, string>> = {
  'runtime/run/process/start-training.ts':
    'the training process writes the report at its end, which the room of runs does not know',
}

/** Circles inside a folder that have to be, with why. */
const circles: readonly { readonly folder: string; readonly entries: string; readonly why: string }[] = [
  {
    folder: 'compiler/checking',
    entries:
      'arguments.ts arithmetic.ts branching.ts calls.ts declarations.ts expressions.ts loosely.ts members.ts names.ts networks.ts params.ts pipes.ts seeds.ts walk.ts',
    why: 'expressions are in calls, members and pipes, and these are in expressions; names lead to declarations, which are expressions',
  },
  {
    folder: 'compiler/checking',
    entries: 'freeze.ts train-block.ts',
    why: 'types only: the checked train block holds what is frozen, which is checked against the block',
  },
  {
    folder: 'compiler/checking',
    entries: 'check.ts dormant.ts',
    why: 'types only: the checker asks which losses it need not check',
  },
  {
    folder: 'compiler/graph',
    entries: 'builder.ts graph.ts operations/',
    why: 'what a node is follows from the table of operations, whose rules take and build nodes',
  },
  {
    folder: 'compiler/graph/operations',
    entries:
      'arithmetic.ts arrangement.ts elementwise.ts index.ts indexing.ts logic.ts normalization.ts reductions.ts',
    why: 'the gradient of an operation is written in operations',
  },
  {
    folder: 'compiler/lowering',
    entries: 'plan.ts step-nodes.ts',
    why: 'types only: nodes of the step are lowered into the tables of the Plan',
  },
  {
    folder: 'compiler/types',
    entries: 'network-node.ts step-draft.ts value.ts',
    why: 'types only: values are of networks and steps, which are made of values',
  },
  {
    folder: 'runtime/apps/sweep',
    entries: 'events.ts folder.ts stored-forms.ts',
    why: 'a form is checked against the type that it is the form of, which stands beside its reader',
  },
  {
    folder: 'runtime/cli',
    entries: 'command.ts parser.ts',
    why: 'types only: a command parses its words, and its help page tells of a command',
  },
  {
    folder: 'runtime/data/readers',
    entries: 'class-names.ts file-kind.ts image-header.ts npy.ts reading.ts text.ts',
    why: 'types only: what a reading gives holds an array of images, as npy files are read',
  },
  {
    folder: 'runtime/data/readers',
    entries: 'image-folder.ts image-list.ts image-listing.ts',
    why: 'a listing is read from a folder or from a list, and both give a listing',
  },
  {
    folder: 'runtime/data/views',
    entries: 'autoaugment-policies.ts autoaugment.ts',
    why: 'types only: the tables of policies name operations, which stand beside what draws from the tables',
  },
  {
    folder: 'runtime/engines/tfjs',
    entries: 'library.ts webassembly.ts',
    why: 'types only: the library starts its backend, which is given the library',
  },
  {
    folder: 'runtime/run/folder',
    entries: 'lock-form.ts lock.ts',
    why: 'a form is checked against the type that it is the form of, which stands beside its reader',
  },
]

describe('imports', () => {
  for (const [position, layer] of layers.entries()) {
    const upstream = layers.slice(position + 1)
    test(`${layer} imports nothing of ${upstream.join(', ') || 'the tests'}`, () => {
      const own = imports.filter(({ from }) => from.startsWith(`${layer}/`))
      expect(own.length).toBeGreaterThan(0)
      const wrong = own.filter(({ to }) =>
        [...upstream, 'test', 'bench', 'experiments'].some((forbidden) => to.startsWith(`${forbidden}/`)),
      )
      expect(wrong).toEqual([])
    })
  }

  for (const [folder, order] of Object.entries(floors)) {
    const isIn = (entry: string) => (path: string) =>
      entry.endsWith('/') ? path.startsWith(`${folder}/${entry}`) : path === `${folder}/${entry}`

    test(`every floor of ${folder} leads downwards alone, type imports and ways through others too`, () => {
      const inside = sources.filter((path) => path.startsWith(`${folder}/`))
      const homeless = inside.filter((path) => !order.some((entry) => isIn(entry)(path)))
      // Files that lie in the folder itself, beside rooms, stand between them: circles are looked for below.
      if (folder === 'runtime' || folder === 'compiler') expect(homeless).toEqual([])
      for (const [position, entry] of order.entries()) {
        const own = inside.filter(isIn(entry))
        expect(own, entry).not.toEqual([])
        const above = order.slice(position + 1)
        const way = wayTo(imports, own, (target) => above.some((other) => isIn(other)(target)))
        expect(way, `${folder}/${entry} must not come to ${above.join(', ')}`).toBeUndefined()
      }
    })
  }

  test('a process that a floor starts by its path is of this floor or below, or has a reason', () => {
    const order: readonly string[] = floors.runtime
    const floorOf = (path: string) =>
      order.findIndex((entry) => path.replace(/\.js$/, '.ts').startsWith(`runtime/${entry}`))
    const started = sources.flatMap((from) =>
      [...readFileSync(join(root, from), 'utf8').matchAll(/compiledEntry\('([^']+)'\)/g)].map(
        ([, to = '']) => ({ from, to }),
      ),
    )
    expect(started.length).toBeGreaterThan(5)
    const upwards = started.filter(({ from, to }) => floorOf(to) > floorOf(from))
    expect(upwards.map(({ from }) => from)).toEqual(Object.keys(startedAbove))
    expect(started.filter(({ to }) => floorOf(to) === -1)).toEqual([])
  })

  test('no folder is in a circle of imports, and a circle of files has a reason', () => {
    const known = new Set(circles.map(({ folder, entries }) => `${folder}: ${entries}`))
    const found = circlesIn(imports).map(({ folder, entries, way }) => ({
      circle: `${folder}: ${entries.join(' ')}`,
      way,
    }))
    expect(found.filter(({ circle }) => !known.has(circle))).toEqual([])
    const needless = [...known].filter((circle) => !found.some((each) => each.circle === circle))
    expect(needless, 'circles that are no longer there').toEqual([])
  })

  test('grammar and compiler do no input or output of their own', () => {
    const touching =
      /^(node:)?(fs|fs\/promises|child_process|worker_threads|net|http|https|os|process|readline|tty)$/
    const pure = sources.filter((path) => !path.startsWith('runtime/'))
    const wrong = imports.filter(({ from, to }) => pure.includes(from) && touching.test(to))
    expect(wrong).toEqual([])
    const printing = pure.filter((path) =>
      /\b(console|process)\.\w/.test(readFileSync(join(root, path), 'utf8')),
    )
    expect(printing).toEqual([])
  })

  test('what prints and what computes are apart: no run comes to the terminal, however far the way', () => {
    const runs = sources.filter((path) => /^runtime\/(platform|data|engines|run|apps)\//.test(path))
    expect(wayTo(imports, runs, (target) => /^(ink|react)(\/|$)/.test(target))).toBeUndefined()
  })
})

describe('files', () => {
  test('no source or test is longer than 500 lines', () => {
    const long = [...layers, 'test', 'bench']
      .flatMap((folder) => sourcesOf(root, folder))
      .map((file) => [file, readFileSync(join(root, file), 'utf8').split('\n').length] as const)
      .filter(([, lines]) => lines > 500)
    expect(long).toEqual([])
  })

  // The formatter leaves comments alone.
  test('no line of a comment is longer than 110 columns', () => {
    const long = [...layers, 'test', 'bench'].flatMap((folder) =>
      sourcesOf(root, folder).flatMap((file) =>
        readFileSync(join(root, file), 'utf8')
          .split('\n')
          .flatMap((line, index) =>
            line.length > 110 && /^\s*(\/\/|\/\*\*|\*) (?!biome-ignore)/.test(line)
              ? [`${file}:${index + 1}`]
              : [],
          ),
      ),
    )
    expect(long).toEqual([])
  })

  test('the lockfile and the configuration name no package registry', () => {
    const lock = readFileSync(join(root, 'package-lock.json'), 'utf8')
    expect(lock).not.toMatch(/"resolved": "http/)
    const configuration = readFileSync(join(root, '.npmrc'), 'utf8')
    expect(configuration).not.toMatch(/:\/\//)
    expect(configuration).toMatch(/^omit-lockfile-registry-resolved=true$/m)
  })

  // `npm ci` reads the scripts of those packages alone that the lockfile marks. onnxruntime-node's would
  // fetch CUDA from elsewhere; no dependency needs one here, so that a mark which `npm install` of another
  // version put back is to be taken out again.
  test('no dependency runs a script when it is installed', () => {
    const lock = readFileSync(join(root, 'package-lock.json'), 'utf8')
    expect(lock).not.toContain('hasInstallScript')
  })

  test('dependencies are pinned exactly', () => {
    const manifest: { dependencies: Record<string, string>; devDependencies: Record<string, string> } =
      JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    const loose = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+$/.test(version),
    )
    expect(loose).toEqual([])
  })
})
