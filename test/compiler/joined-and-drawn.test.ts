// Datasets that are joined, and datasets that are drawn with replacement or from unequal classes.
import { describe, expect, it } from 'vitest'
import { compileExperiment } from '../../compiler/index.js'
import { memoryHost } from './memory-host.js'

const image = { height: 8, width: 8, channels: 3 }
const classes = ['a', 'b', 'c']

function compile(datasets: string, metrics = 'top1', files: Readonly<Record<string, string>> = {}) {
  const text = `sau 1
experiment "joined"
${datasets}
dataset test = image_folder("test")
view plain = flip |> normalize
network net = cifar_resnet(depth: 8, width: 4) { head logits = linear(classes) }
stream s = shuffle(train)
branch only { loss ce = cross_entropy(net(s.plain).logits, s.labels) }
minimize only.ce
train { epochs = 1; batch = 4; optimizer = sgd(lr: 0.05) }
evaluate test { using = net.logits; metrics = [${metrics}] }
`
  const data = {
    '/lab/test': { classes, counts: [3, 3, 3], image },
    '/lab/one': { classes, counts: [20, 6, 2], image },
    '/lab/two': { classes, counts: [1, 1, 1], image },
    '/lab/large': { classes, counts: [1, 1, 1], image: { ...image, height: 9 } },
    '/lab/named': { classes: ['a', 'b', 'x'], counts: [1, 1, 1], image },
  }
  const host = memoryHost({ files: { '/lab/file.sau': text, ...files }, data })
  return compileExperiment(host, { file: '/lab/file.sau', cwd: '/lab' })
}

const codes = (result: ReturnType<typeof compile>) => result.diagnostics.map(({ code }) => code)

describe('both', () => {
  it('has the images of the two, class by class, whatever their origin', () => {
    const { plan } = compile(
      'dataset train = both(image_folder("one"), image_folder("two", origin: synthetic))',
    )
    expect(plan?.datasets[plan.streams[0]?.dataset ?? -1]).toMatchObject({
      make: { op: 'both', first: 0, second: 1 },
      real: [20, 6, 2],
      synthetic: [1, 1, 1],
    })
    expect(plan?.train.stepsPerEpoch).toBe(8)
  })

  it('wants the same classes, the same size, and no image twice', () => {
    const join = (second: string) => codes(compile(`dataset train = both(image_folder("one"), ${second})`))
    expect(join('image_folder("named")')).toEqual(['SAU3104'])
    expect(join('image_folder("large")')).toEqual(['SAU3112'])
    expect(join('image_folder("one")')).toEqual(['SAU4121'])
    const parts = (part: string) =>
      `dataset d = image_folder("one")\ndataset train = both(split(d, share: 0.5, part: first), split(d, share: 0.5, part: ${part}))`
    expect(codes(compile(parts('rest')))).toEqual([])
    expect(codes(compile(parts('first')))).toEqual(['SAU4121'])
  })

  it('is of what its parts are, where it is evaluated and trained on', () => {
    expect(codes(compile('dataset train = both(image_folder("one"), image_folder("test"))'))).toEqual([
      'SAU4106',
    ])
  })
})

describe('shots of data with copies', () => {
  const groups = (datasets: string, files = {}) => {
    const result = compile(datasets, 'shots(many: > 10, medium: 4..10, few: <= 3)', files)
    expect(codes(result)).toEqual([])
    const [metric] = result.plan?.evaluations[0]?.metrics ?? []
    return metric?.op === 'shots' ? metric.groups.map(({ classes: positions }) => positions) : undefined
  }

  it('counts every image once, however often it was drawn', () => {
    // 20 draws of 20 images, 20 of 6, 1 of 2.
    const drawn =
      'dataset train = image_folder("one") |> longtail(profile: step, factor: 20, draw: with_replacement, seed: 3)'
    expect(groups(drawn)).toEqual([[0], [1], [2]])
  })
})

describe('longtail of unequal classes', () => {
  it('says how to train on the tail that is there, and which factor is possible', () => {
    const [diagnostic] = compile('dataset train = image_folder("one") |> longtail(factor: 2)').diagnostics
    expect(diagnostic).toMatchObject({ code: 'SAU4006' })
    expect(diagnostic?.help).toContain(
      'its classes have 2 to 20 images: leave `longtail` out to train on them as they are',
    )
    expect(diagnostic?.help).toContain('write `take(per_class: 2)` before it')
    expect(diagnostic?.help).toContain('write `factor: 9`, for which there are enough')
    expect(codes(compile('dataset train = image_folder("one") |> longtail(factor: 9)'))).toEqual([])
  })

  it('names no factor where none is possible', () => {
    const tail = 'dataset d = image_folder("one")\ndataset train = d |> longtail(profile: step, factor: 3)'
    expect(compile(tail).diagnostics[0]?.help).not.toContain('write `factor')
  })
})

describe('a contrastive loss that can have no positive', () => {
  const supcon = (perClass: number, batch: number, embeddings: string) => {
    const text = `sau 1
experiment "contrast"
dataset train = shapes(classes: 4, per_class: ${perClass}, size: 8, seed: 1)
view plain = normalize
network net = cifar_resnet(depth: 8, width: 4) { head e = mlp(16, 8, norm: none) |> l2_normalize }
stream s = shuffle(train)
branch only { loss c = supcon(${embeddings}, s.labels) }
minimize only.c
train { epochs = 1; batch = ${batch}; optimizer = sgd(lr: 0.05) }
`
    return codes(
      compileExperiment(memoryHost({ files: { '/lab/f.sau': text } }), { file: '/lab/f.sau', cwd: '/lab' }),
    )
  }
  const one = '[net(s.plain).e]'

  it('is told for one view of one image of each class, and for batches of one', () => {
    expect(supcon(1, 4, one)).toEqual(['SAU6021'])
    expect(supcon(8, 1, one)).toEqual(['SAU6021'])
  })

  it('is not told where another view, or another image, may be one', () => {
    expect(supcon(1, 4, '[net(s.plain).e, net(s.plain).e]')).toEqual([])
    expect(supcon(2, 4, one)).toEqual([])
  })
})
