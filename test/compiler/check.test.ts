import { describe, expect, it } from 'vitest'
import { both, changed, codes, compile, sau } from './compiled-sample.js'

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
