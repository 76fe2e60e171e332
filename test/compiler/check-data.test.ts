import { describe, expect, it } from 'vitest'
import { both, changed, codes, compile, sau, titles } from './compiled-sample.js'
import { sampleData } from './sample-data.js'

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
