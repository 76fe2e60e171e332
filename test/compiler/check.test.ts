import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { type CompileOptions, compileExperiment, type Host } from '../../compiler/index.js'
import { memoryHost } from './memory-host.js'
import { sampleData } from './sample-data.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const both = readFileSync(`${root}/test/compiler/samples/good/both-branches.sau`, 'utf8')
const sau = readFileSync(`${root}/experiments/sau.sau`, 'utf8')

function compile(
  files: string | Record<string, string>,
  options: Partial<CompileOptions> = {},
  data = sampleData,
) {
  const texts = typeof files === 'string' ? { '/lab/file.sau': files } : files
  return compileExperiment(memoryHost({ files: texts, data }), {
    file: '/lab/file.sau',
    cwd: '/lab',
    ...options,
  })
}

const codes = (result: ReturnType<typeof compile>) => result.diagnostics.map(({ code }) => code)
const titles = (result: ReturnType<typeof compile>) => result.diagnostics.map(({ title }) => title)

/** The sample with parts replaced; every part must be there. */
function changed(text: string, ...changes: readonly (readonly [string, string])[]): string {
  return changes.reduce((changing, [from, to]) => {
    expect(changing).toContain(from)
    return changing.replace(from, to)
  }, text)
}

describe('missing data', () => {
  it('is the only error, marks every use, and names the param that moves it', () => {
    const result = compile(sau, {}, {})
    expect(codes(result)).toEqual(['SAU4001'])
    expect(result.exitCode).toBe(4)
    expect(result.diagnostics[0]?.labels).toHaveLength(4)
    expect(result.diagnostics[0]?.help).toContain('--set data=DIR')
  })

  it('leaves certain what published data is whatever lies there: its images and how many classes it has', () => {
    const result = compile(
      changed(sau, ['linear(classes)', 'linear(100)'], ['cutout(16)', 'cutout(40)']),
      {},
      {},
    )
    expect(codes(result).sort()).toEqual(['SAU3102', 'SAU3103', 'SAU4001'])
  })

  it('names the one folder that is missing beside others that are there', () => {
    const { '/lab/data/cifar-10-synthetic': _, ...rest } = sampleData
    const result = compile(
      sau,
      {},
      { ...rest, '/lab/data/cifar-10-synthetc': { classes: ['x'], counts: [1], image: 'varied' } },
    )
    expect(titles(result)).toEqual(['there is no `data/cifar-10-synthetic`'])
    expect(result.diagnostics[0]?.help).toContain('did you mean `data/cifar-10-synthetc`?')
  })

  it('offers no file that the format needs in the place of another one that is missing', () => {
    const missing = {
      reason: 'missing',
      message: 'is not there',
      path: '/lab/data/cifar-10-batches-bin/data_batch_4.bin',
    } as const
    const batch = sampleData['/lab/data/grey-images'] ?? missing
    const data = {
      ...sampleData,
      '/lab/data/cifar-10-batches-bin train': missing,
      '/lab/data/cifar-10-batches-bin/data_batch_1.bin': batch,
    }
    const [diagnostic] = compile(sau, {}, data).diagnostics
    expect(diagnostic?.title).toBe('there is no `data/cifar-10-batches-bin/data_batch_4.bin`')
    expect(diagnostic?.help).not.toContain('did you mean')
  })

  it('offers no path that the same call reads', () => {
    const idx = changed(both, [
      'dataset test      = shapes(',
      'dataset test = idx("train-images", labels: "train-labels")\ndataset spare = shapes(',
    ])
    const labels = { classes: ['x'], counts: [1], image: 'varied' } as const
    const help = (data: Parameters<typeof compile>[2]) =>
      compile(idx, {}, data).diagnostics.find(({ code }) => code === 'SAU4001')?.help
    expect(help({ '/lab/train-labels': labels })).not.toContain('did you mean')
    expect(help({ '/lab/train-labels': labels, '/lab/train-image': labels })).toContain('`train-image`')
  })

  it('does not hide other errors, which outrank it in the exit code', () => {
    const result = compile(changed(sau, ['momentum: 0.9', 'momentun: 0.9']), {}, {})
    expect(codes(result).sort()).toEqual(['SAU2003', 'SAU4001'])
    expect(result.exitCode).toBe(3)
  })

  it('is not asked for where an `if` does not take it', () => {
    const text = changed(both, [
      'dataset test      = shapes(',
      'param small : bool = true\ndataset test      = if not small then image_folder("nowhere") else shapes(',
    ])
    expect(compile(text).diagnostics).toEqual([])
    expect(codes(compile(text, { set: { small: 'false' } }))).toEqual(['SAU4001'])
  })
})

describe('data that is there and of no use', () => {
  it.each([
    [
      'split(share: 0.01, part: first)',
      'a larger `share` leaves at least one image of every class in this part',
    ],
    [
      'split(share: 0.99, part: rest)',
      'a smaller `share` leaves at least one image of every class in this part',
    ],
    ['longtail(factor: 1000)', 'a smaller `factor` leaves at least one image in every class'],
  ])('a class that %s leaves without image is the only error and ends with 4', (call, help) => {
    const text = `sau 1
experiment "x"
dataset some = shapes(classes: 4, per_class: 40, size: 16, seed: 1) |> ${call}
dataset test = shapes(classes: 4, per_class: 40, size: 16, seed: 2)
view plain = normalize
network net = cifar_resnet(depth: 8, width: 8) { head logits = linear(classes) }
stream a = shuffle(some)
branch only { loss ce = cross_entropy(net(a.plain).logits, a.labels) }
minimize only.ce
train { epochs = 4; batch = 64; optimizer = sgd(lr: 0.1) }
evaluate test { using = net.logits }
`
    const result = compile(text)
    expect(codes(result)).toEqual(['SAU4004'])
    expect(result.diagnostics[0]).toMatchObject({ about: 'data', help })
    expect(result.exitCode).toBe(4)
  })

  it('a label that a list lacks is a class without an image, and the help names it', () => {
    const text = `sau 1
experiment "x"
dataset some = image_list("data/images", "data/gap.txt")
dataset test = shapes(classes: 4, per_class: 40, size: 16, seed: 2)
view plain = normalize
network net = cifar_resnet(depth: 8, width: 8) { head logits = linear(classes) }
stream a = shuffle(some)
branch only { loss ce = cross_entropy(net(a.plain).logits, a.labels) }
minimize only.ce
train { epochs = 4; batch = 64; optimizer = sgd(lr: 0.1) }
evaluate test { using = net.logits }
`
    const result = compile(text)
    expect(codes(result)).toEqual(['SAU4004'])
    expect(result.diagnostics[0]?.help).toMatch(/^no line of the list has the label 2: /)
  })

  it.each([
    ['format', 'SAU4002', '`cifar10` reads a folder with the binary version of CIFAR-10'],
    ['label', 'SAU4003', 'it is damaged or of another data set'],
  ] as const)('is told by what is wrong with its %s, not by where it is looked for', (reason, code, help) => {
    const broken = { reason, message: 'is wrong' }
    const { diagnostics } = compile(
      sau,
      {},
      { ...sampleData, '/lab/data/cifar-10-batches-bin train': broken },
    )
    const found = diagnostics.find((diagnostic) => diagnostic.code === code)
    expect(found?.help).toContain(help)
    expect(found?.help).not.toContain('looked for')
  })
})

describe('errors do not cascade', () => {
  it.each([
    [
      'a dataset with an unknown function',
      ['dataset real      = shapes(', 'dataset real      = shappes('],
      'SAU2002',
    ],
    [
      'a view with a wrong argument',
      ['view plain = crop(padding: 2)', 'view plain = crop(padding: two)'],
      'SAU2001',
    ],
    ['a head of the wrong size', ['linear(classes)', 'linear(7)'], 'SAU3102'],
    ['a network that cannot be', ['depth: 8', 'depth: 9'], 'SAU3107'],
    ['a stream of nothing', ['stream a = shuffle(train)', 'stream a = shuffle(nothing_like_it)'], 'SAU2001'],
    ['a memory over the wrong thing', ['over: real', 'over: plain'], 'SAU3001'],
  ] as const)('%s is one error', (_, change, code) => {
    const errors = compile(changed(both, change)).diagnostics.filter(({ severity }) => severity === 'error')
    expect(errors.map((error) => error.code)).toEqual([code])
  })

  it('reports independent errors all at once, in textual order', () => {
    const text = changed(
      both,
      ['padding: 2', 'pading: 2'],
      ['depth: 8', 'depth: 9'],
      ['epochs    = 4', 'epochs    = 0'],
    )
    expect(codes(compile(text))).toEqual(['SAU2003', 'SAU3107', 'SAU3005'])
  })
})

describe('a file that could not be read whole', () => {
  it.each([
    ['the brace of `train`', ['train {', 'train'], {}],
    ['the brace of a branch', ['branch unaware {', 'branch unaware'], {}],
    ['a word that declares nothing', ['minimize', 'minimise'], {}],
    ['a param that is set', ['param width', 'parm width'], { width: '4' }],
    ['a network', ['network net', 'netwrok net'], {}],
  ] as const)('is not said to lack what it may hold: %s', (_, change, set) => {
    const found = codes(compile(changed(both, change), { set }))
    expect(found).toHaveLength(1)
    expect(found[0]).toMatch(/^SAU1/)
  })
})

describe('help', () => {
  const helpFor = (...change: readonly [string, string]) =>
    compile(changed(both, change)).diagnostics[0]?.help

  it('takes numbers from 2 to 100 for per cent where a probability is wanted, and no others', () => {
    expect(helpFor('|> flip |>', '|> flip(80) |>')).toBe('write a share of one: `0.8`')
    expect(helpFor('|> flip |>', '|> flip(1.8) |>')).toBeUndefined()
    expect(helpFor('|> flip |>', '|> flip(180) |>')).toBeUndefined()
  })

  it('adds the unit that is missing, in the singular for one', () => {
    expect(helpFor('every: 1 epoch', 'every: 1')).toBe('write `1 epoch`')
    expect(helpFor('every: 1 epoch', 'every: 5')).toBe('write `5 epochs`')
  })

  it('takes quotes away from numbers', () => {
    expect(helpFor('depth: 8', 'depth: "8"')).toBe('write `8` without quotes')
  })

  it('names the heads of a network that is called for logits, and offers `classes`', () => {
    expect(helpFor('net(blended).logits', 'net(blended)')).toBe('name a head: `.logits`')
    expect(helpFor('linear(classes)', 'linear(class)')).toBe('did you mean `classes`?')
  })

  it('lists what may stand in a place where nothing near is written', () => {
    expect(helpFor('cifar_resnet(', 'vgg(')).toBe(
      'what may stand here: `cifar_resnet`, `resnet18`, `resnet34`, `resnet50`, `resnext50`',
    )
  })

  it('finds the branch of a loss that is written bare', () => {
    const { diagnostics } = compile(changed(both, ['minimize unaware.mix ', 'minimize mix ']))
    expect(diagnostics.map(({ code, help }) => [code, help])).toEqual([
      ['SAU2001', 'write `unaware.mix`: a loss is read through its branch'],
    ])
  })

  it('tells a `let` of a branch from a loss', () => {
    const result = compile(changed(both, ['blended.labels)', 'aware.labels)']))
    expect(codes(result)).toEqual(['SAU2005'])
    expect(result.diagnostics[0]?.help).toContain('take it out of the branch')
  })
})

describe('names', () => {
  it.each([
    [['dataset test', 'datasett test'], '`dataset`'],
    [['cifar_resnet(', 'cifar_resnets('], '`cifar_resnet`'],
    [['momentum: 0.9', 'momentun: 0.9'], '`momentum`'],
    [['epochs    = 4', 'epoches   = 4'], '`epochs`'],
    [['width: width', 'width: widht'], '`width`'],
    [['profile: exp, ', ''], undefined],
    [['against: prototypes)', 'against: prototypes, on_noise: pos_ng)'], '`pos_neg`'],
    [['|> flip |>', '|> flipp |>'], '`flip`'],
    [['metrics = [top1', 'metrics = [top_1'], '`top1`'],
    [['a.plain', 'a.plian'], '`plain`'],
    [['aware.contrast', 'aware.contrst'], '`contrast`'],
    [['every: 1 epoch', 'every: 1 epch'], '`epoch`'],
    [['param width  : int', 'param width  : intt'], '`int`'],
  ] as const)('the nearest one is offered for %j', (change, nearest) => {
    if (!both.includes(change[0])) return expect(nearest).toBeUndefined()
    const [first, ...others] = compile(changed(both, change)).diagnostics
    expect(first?.help).toBe(`did you mean ${nearest}?`)
    expect(others).toEqual([])
  })

  it('live in spaces of their own: params, types, functions, blocks and fields may share one', () => {
    const text = changed(
      both,
      [
        'param width  : int    = 8',
        'param width  : int    = 8\nparam epochs : int    = 4\nparam mixup  : float  = 1.0',
      ],
      ['epochs    = 4', 'epochs    = epochs'],
      ['mixup(a.plain, b.plain)', 'mixup(a.plain, b.plain, alpha: mixup)'],
    )
    expect(compile(text).diagnostics).toEqual([])
  })

  it('of functions that stand in several groups are chosen by what is expected', () => {
    const text = changed(
      both,
      ['head logits    = linear(classes)', 'head logits    = cosine(classes, scale: 8)'],
      ['momentum: 0.9)', 'momentum: 0.9)\n  schedule  = chosen'],
      ['minimize', 'let chosen = cosine |> warmup(2 epochs)\nminimize'],
    )
    const { plan, diagnostics } = compile(text)
    expect(diagnostics).toEqual([])
    expect(plan?.networks[0]?.heads[0]?.layers).toEqual([{ op: 'cosine', size: 4, scale: 8 }])
    expect(plan?.train.schedule).toEqual({
      per: 'epoch',
      factors: [{ op: 'cosine' }, { op: 'warmup', epochs: 2 }],
    })
  })

  it('may be used before they are declared, and a circle shows all its members', () => {
    const turned = both.split('\n\n').reverse().join('\n\n')
    const text = `sau 1\n\n${turned.replace('sau 1', '')}`
    expect(compile(text).diagnostics).toEqual([])
    const circle = compile(`${both}\nlet x = y + 1\nlet y = z + 1\nlet z = x + 1\n`)
    expect(circle.diagnostics.find(({ code }) => code === 'SAU2009')?.labels).toHaveLength(3)
  })
})

describe('passes and draws', () => {
  it('a second view of the same operations has draws of its own, a `let` of a view has not', () => {
    const text = changed(
      both,
      ['view sim ', 'view sim2  = sim\nlet again  = sim\nview sim '],
      [
        'loss contrast',
        'loss third = supcon([net(a.sim2).embedding, net(a.again).embedding], a.labels)\n  loss contrast',
      ],
      ['+ aware.contrast', '+ aware.contrast + aware.third'],
    )
    const { plan, diagnostics } = compile(text)
    expect(diagnostics).toEqual([])
    const drawn = plan?.step.flatMap((node) =>
      node.op === 'batch' && node.stream === 0 ? [plan.views[node.view]?.name] : [],
    )
    expect(drawn?.sort()).toEqual(['plain', 'sim', 'sim2'])
    expect(plan?.step.filter((node) => node.op === 'forward')).toHaveLength(5)
  })

  it('a call in a branch that is not taken is no pass, one in an unused loss is', () => {
    const text = changed(both, [
      'loss mix = cross_entropy(net(blended).logits, blended.labels)',
      'loss mix = if 1 > 2 then cross_entropy(net(a.sim).logits, a.labels) else cross_entropy(net(blended).logits, blended.labels)\n  loss idle = cross_entropy(net(b.sim).logits, b.labels)',
    ])
    const result = compile(text)
    expect(codes(result)).toEqual(['SAU6003'])
    expect(result.plan?.step.filter((node) => node.op === 'forward')).toHaveLength(4)
    expect(result.plan?.losses.map(({ name }) => name)).toEqual(['mix', 'idle', 'contrast'])
  })

  it('errors of types in a branch that is not taken are found, errors of values are not', () => {
    const types = changed(both, ['width: width', 'width: if width > 0 then 8 else plain'])
    expect(codes(compile(types))).toEqual(['SAU3009'])
    const values = changed(both, ['width: width', 'width: if width > 0 then 8 else 8 / 0'])
    expect(codes(compile(values))).toEqual([])
  })
})

describe('long chains', () => {
  it('of data transforms stay cheap', () => {
    const text = changed(both, [
      'size: 16, seed: 3)',
      `size: 16, seed: 3)${' |> resize(12) |> split(share: 1, part: first) |> resize(16)'.repeat(60)}`,
    ])
    const start = performance.now()
    const result = compile(text)
    expect(result.diagnostics).toEqual([])
    expect(result.plan?.datasets.length).toBeGreaterThan(180)
    expect(performance.now() - start).toBeLessThan(5000)
  })
})

describe('what doubles again and again', () => {
  const doubling = (first: string, next: (position: number) => string) =>
    [first, ...Array.from({ length: 40 }, (_, position) => next(position))].join('\n')
  it.each([
    ['views', 'SAU1020', doubling('view v0 = flip', (at) => `view v${at + 1} = v${at} |> v${at}`)],
    ['numbers of time', 'SAU1021', doubling('let n0 = epoch', (at) => `let n${at + 1} = n${at} + n${at}`)],
    [
      'choices by time',
      'SAU1021',
      doubling('let n0 = epoch', (at) => `let n${at + 1} = if epoch < 3 then n${at} else n${at}`),
    ],
  ])('%s are refused before they fill the memory', (_, code, text) => {
    const errors = compile(`${both}\n${text}\n`).diagnostics.filter(({ severity }) => severity === 'error')
    expect(errors.map(({ code }) => code)).toEqual([code])
  })
})

describe('losses', () => {
  it('may read losses that are written further down, and are lowered after them', () => {
    const text = changed(
      both,
      [
        'branch unaware {',
        'branch summed {\n  loss both = 0.5 * (aware.contrast + unaware.mix) * (1 - progress)\n}\n\nbranch unaware {',
      ],
      ['minimize unaware.mix + aware.contrast', 'minimize summed.both'],
    )
    const { plan, diagnostics } = compile(text)
    expect(diagnostics).toEqual([])
    const [summed, mix, contrast] = plan?.losses.map(({ value }) => value) ?? []
    const node = plan?.step[summed ?? 0]
    expect(node?.op === 'scalar' && JSON.stringify(node.value)).toContain(`{"op":"node","node":${contrast}}`)
    expect(Math.max(mix ?? 0, contrast ?? 0)).toBeLessThan(summed ?? 0)
    expect(plan?.objective).toEqual({ op: 'loss', loss: 0 })
    for (const [position, { op, ...rest }] of plan?.step.entries() ?? []) {
      if (op === 'head') expect('pass' in rest && rest.pass).toBeLessThan(position)
    }
  })

  it('that read themselves through others are a circle', () => {
    const text = changed(
      both,
      ['loss mix =', 'loss first = aware.second\n  loss mix ='],
      ['loss contrast =', 'loss second = unaware.first\n  loss contrast ='],
    )
    expect(codes(compile(text)).filter((code) => code === 'SAU2009')).toHaveLength(1)
  })
})

describe('the description of declarations', () => {
  it('says the type of each, as far as it is known', () => {
    const described = new Map(compile(both).types.map(({ name, kind, type }) => [name, `${kind} ${type}`]))
    expect(described.get('factor')).toBe('param factor')
    expect(described.get('net.embedding')).toBe('head unit Embedding[16]')
    expect(described.get('net.logits')).toBe('head Logits[4]')
    expect(described.get('unaware.blended')).toBe('let Batch[4]')
    expect(described.get('aware.labels')).toBe('let corrected Labels[4]')
    expect(described.get('prototypes')).toBe('memory Prototypes[4, 16]')
  })
})

describe('provenance', () => {
  const parts = (first: string, second: string) =>
    changed(
      readFileSync(`${root}/test/compiler/samples/good/one-loss.sau`, 'utf8'),
      [
        'dataset train = shapes(classes: 4, per_class: 40, size: 16, seed: 1)',
        `dataset all   = shapes(classes: 4, per_class: 40, size: 16, seed: 1)\ndataset train = ${first}`,
      ],
      ['dataset test  = shapes(classes: 4, per_class: 10, size: 16, seed: 3)', `dataset test  = ${second}`],
    )
  it.each([
    ['split(all, share: 0.5, part: first)', 'split(all, share: 0.5, part: rest)', []],
    ['split(all, share: 0.5, part: first)', 'split(all, share: 0.7, part: rest)', []],
    ['split(all, share: 0.7, part: first)', 'split(all, share: 0.5, part: rest)', ['SAU4106']],
    [
      'split(all, share: 0.5, part: first, seed: 1)',
      'split(all, share: 0.5, part: rest, seed: 2)',
      ['SAU4106'],
    ],
    ['all', 'all', ['SAU4106']],
    ['all |> take(per_class: 10)', 'all |> take(per_class: 10, seed: 9)', ['SAU4106']],
    ['all |> resize(8) |> resize(16)', 'all', ['SAU4106']],
  ])('%s against %s', (first, second, expected) => {
    expect(codes(compile(parts(first, second)))).toEqual(expected)
  })

  it('a published test split is no part of its training split, and travels with what is made of it', () => {
    const text = changed(
      sau,
      ['metrics = [top1,', 'best    = top1\n  metrics = [top1,'],
      ['split: test)', 'split: test) |> take(per_class: 20)'],
    )
    const result = compile(text)
    expect(codes(result)).toEqual(['SAU6101'])
    expect(result.plan?.evaluations[0]?.best).toEqual({ metric: 'top1', onTestSplit: true })
  })
})

describe('settings', () => {
  it.each([
    ['width', '1.5', 'SAU5002'],
    ['width', '8px', 'SAU5002'],
    ['width', '0x8', 'SAU5002'],
    ['width', '', 'SAU5002'],
    ['strategy', 'dropp', 'SAU5002'],
    ['depth', '9', 'SAU5003'],
    ['width', '3', 'SAU5003'],
    ['rate', '2', 'SAU5003'],
    ['factor', '0.5', 'SAU5002'],
    ['rat', '0.1', 'SAU5001'],
  ])('--set %s=%s is %s and about a setting', (name, value, code) => {
    const result = compile(sau, { set: { [name]: value } })
    expect(codes(result)).toEqual([code])
    expect(result.diagnostics[0]?.about).toBe('setting')
    expect(result.exitCode).toBe(3)
  })

  it('come after errors of the file', () => {
    const result = compile(changed(sau, ['crop(padding: 4)', 'crop(pading: 4)']), { set: { nothing: '1' } })
    expect(codes(result)).toEqual(['SAU2003', 'SAU5001'])
  })

  it('resolve into the Plan', () => {
    const { plan } = compile(sau, {
      set: { depth: '8', width: '16', strategy: 'drop', rate: '5e-2' },
      seed: 11,
    })
    expect(plan?.seed).toBe(11)
    expect(plan?.networks[0]?.backbone).toMatchObject({ blocks: [1, 1, 1], width: 16 })
    expect(plan?.train.optimizer).toMatchObject({ rate: 0.05 })
    expect(plan?.params.find(({ name }) => name === 'strategy')?.value).toBe('drop')
  })
})

describe('imports', () => {
  const library = 'sau 1\n\nview plain = crop(padding: 2) |> flip |> normalize\nview never = flip\n'
  const main = changed(
    both,
    ['view plain = crop(padding: 2) |> flip |> normalize\n', ''],
    ['experiment "sample"', 'experiment "sample"\n\nimport "./library/views.sau"'],
  )

  it('bring in declarations, and unused ones of a library are no warning', () => {
    const result = compile({ '/lab/file.sau': main, '/lab/library/views.sau': library })
    expect(result.diagnostics).toEqual([])
    expect(result.plan?.views[0]?.at?.file).toBe('library/views.sau')
  })

  it('take a file once, however many import it', () => {
    const other = 'sau 1\n\nimport "./views.sau"\n\nparam spare : int = 1\n'
    const twice = changed(main, [
      'import "./library/views.sau"',
      'import "./library/views.sau"\nimport "./library/other.sau"',
    ])
    const result = compile({
      '/lab/file.sau': twice,
      '/lab/library/views.sau': library,
      '/lab/library/other.sau': other,
    })
    expect(result.diagnostics).toEqual([])
  })

  it('that are not there are one error: what they declare is not missed as well', () => {
    const wrong = changed(main, ['./library/views.sau', './library/wievs.sau'])
    const result = compile({ '/lab/file.sau': wrong, '/lab/library/views.sau': library })
    expect(codes(result)).toEqual(['SAU2011'])
    expect(result.diagnostics[0]?.help).toBe('did you mean `./library/views.sau`?')
    const bare = changed(main, ['./library/views.sau', './library/views'])
    expect(compile({ '/lab/file.sau': bare, '/lab/library/views.sau': library }).diagnostics[0]?.help).toBe(
      'did you mean `./library/views.sau`?',
    )
  })

  it('of another experiment are one error, not one for each of its declarations', () => {
    const text = changed(both, ['experiment "sample"', 'experiment "sample"\n\nimport "./other.sau"'])
    const result = compile({ '/lab/file.sau': text, '/lab/other.sau': both })
    expect(codes(result)).toEqual(['SAU2008'])
    expect(result.diagnostics[0]?.help).toContain('a file without `experiment`')
  })

  it('mark a name that both files declare where the importing file has it', () => {
    const text = changed(main, ['view sim ', 'view plain = flip\nview sim '])
    const result = compile({ '/lab/file.sau': text, '/lab/library/views.sau': library })
    expect(codes(result)).toEqual(['SAU2007'])
    expect(result.diagnostics[0]?.labels.map(({ file, text: said }) => [file, said])).toEqual([
      ['/lab/file.sau', 'declared here'],
      ['/lab/library/views.sau', 'and imported'],
    ])
  })

  it('resolve paths from the file that names them, and their params can be set', () => {
    const data = 'sau 1\n\nparam where : path = "../pictures"\n\ndataset photos = image_folder(where)\n'
    const text = changed(main, [
      'import "./library/views.sau"',
      'import "./library/views.sau"\nimport "./library/data.sau"\ndataset small = photos |> take(per_class: 1)',
    ])
    const files = {
      '/lab/file.sau': text,
      '/lab/library/views.sau': library,
      '/lab/library/data.sau': data,
    }
    const photos = { classes: ['x', 'y'], counts: [4, 4], image: 'varied' } as const
    const unused = ['SAU6007']
    expect(codes(compile(files, {}, { '/lab/pictures': photos }))).toEqual(unused)
    const elsewhere = { set: { where: 'pictures' }, cwd: '/elsewhere' }
    expect(codes(compile(files, elsewhere, { '/elsewhere/pictures': photos }))).toEqual(unused)
    const missing = compile(files, elsewhere, { '/lab/pictures': photos }).diagnostics[0]
    expect(missing?.code).toBe('SAU4001')
    expect(missing?.labels.map(({ text: said }) => said)).toContain('`--set where=pictures` replaces this')
  })

  it('show errors where they are', () => {
    const broken = library.replace('padding', 'pading')
    const result = compile({ '/lab/file.sau': main, '/lab/library/views.sau': broken })
    expect(result.diagnostics.map(({ code, labels }) => [code, labels[0]?.file])).toEqual([
      ['SAU2003', '/lab/library/views.sau'],
    ])
  })

  it('a library alone is right to check and an error to compile', () => {
    expect(codes(compile(library))).toEqual(['SAU2020'])
  })

  it('an entry that is not there is an error without a place', () => {
    const result = compile({ '/lab/fil.sau': main })
    expect(result.notFound).toBe(true)
    expect(codes(result)).toEqual(['SAU2011'])
  })
})

describe('the host', () => {
  it('is asked for digests only when a Plan is made', () => {
    const host = memoryHost({
      files: { '/lab/file.sau': changed(sau, ['epochs    = epochs', 'epochs    = 0']) },
      data: sampleData,
    })
    compileExperiment(host satisfies Host, { file: '/lab/file.sau', cwd: '/lab' })
    expect(host.asked.probe).toBeGreaterThan(0)
    expect(host.asked.digest).toBe(0)
  })
})

describe('the precision of the training', () => {
  const withPrecision = (word: string) => changed(both, ['train {', `train {\n  precision = ${word}\n`])

  it('is float32 where it is left out, else as it is written', () => {
    expect(compile(both).plan?.train.precision).toBe('float32')
    expect(compile(withPrecision('float32')).plan?.train.precision).toBe('float32')
    expect(compile(withPrecision('bfloat16')).plan?.train.precision).toBe('bfloat16')
  })

  it('offers the nearest of both for one that is not there', () => {
    const [diagnostic, ...others] = compile(withPrecision('bfloat6')).diagnostics
    expect(others).toEqual([])
    expect(diagnostic?.help).toContain('`bfloat16`')
  })

  it('can be a param of its own type', () => {
    expect(compile(sau, { set: { precision: 'bfloat16' } }).plan?.train.precision).toBe('bfloat16')
    const [diagnostic] = compile(sau, { set: { precision: 'float16' } }).diagnostics
    expect(diagnostic?.help ?? diagnostic?.title).toMatch(/`?b?float(16|32)`?/)
  })
})
