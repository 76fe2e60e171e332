// Programs of many kinds, compiled from their text and trained for two epochs with the onnx engine: what
// compiles, trains. Each differs from one small program in a few declarations.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compileExperiment } from '../../../compiler/index.js'
import { createDiskHost } from '../../../runtime/data/host/disk-host.js'
import type { JournalEvent } from '../../../runtime/run/journal/events.js'
import { startTraining } from '../../../runtime/run/process/start-training.js'
import { finish } from './run-harness.js'

const realImages = resolve('../shared/data')
const hasRealImages = existsSync(join(realImages, 'cifar-100-binary'))

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'saurun-programs-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Parts of a program; what is left out is as in `base`. */
interface Parts {
  readonly data?: string
  readonly test?: string
  readonly views?: string
  readonly backbone?: string
  readonly logits?: string
  readonly embedding?: string
  readonly streams?: string
  readonly memory?: string
  readonly branches?: string
  readonly minimize?: string
  readonly optimizer?: string
  readonly batch?: number
  readonly train?: string
  readonly evaluate?: string
}

const shapes = 'dataset train = shapes(classes: 4, per_class: 12, size: 16, seed: 1)'
const both = `dataset real      = shapes(classes: 4, per_class: 12, size: 16, seed: 1) |> longtail(factor: 4)
dataset synthetic = shapes(classes: 4, per_class: 16, size: 16, seed: 2, origin: synthetic, noise: 0.2)
dataset train     = fill(real, from: synthetic, to: balanced)`
const classify = 'branch unaware { loss ce = cross_entropy(net(a.plain).logits, a.labels) }'
const prototypes = 'memory prototypes = class_means(net.embedding, over: real, views: [plain, sim])'

/** Both branches over two views; `correction` is the argument of `correct`, `contrast` those of `supcon`. */
function aware(correction: string, contrast = ', with: prototypes'): string {
  return `branch unaware {
  let blended = mixup(a.plain, b.plain)
  loss ce     = cross_entropy(net(blended).logits, blended.labels)
}
branch aware {
  let z      = [net(a.plain).embedding, net(a.sim).embedding]
  let labels = correct(a.labels, z, origin: a.origin, against: prototypes, on_noise: ${correction})
  loss contrast = supcon(z, labels${contrast})
}`
}

const whole: Parts = {
  data: both,
  streams: 'stream a = shuffle(train)\nstream b = shuffle(train)',
  memory: prototypes,
  branches: aware('pos_neg'),
  minimize: 'unaware.ce + aware.contrast',
}

function program(parts: Parts): string {
  const embeds = /embedding/.test(`${parts.memory ?? ''}${parts.branches ?? ''}`)
  const heads = [
    `head logits = ${parts.logits ?? 'linear(classes)'}`,
    ...(embeds ? [`head embedding = ${parts.embedding ?? 'mlp(16, 8) |> l2_normalize'}`] : []),
  ]
  return `sau 1
experiment "Programs"
${parts.data ?? shapes}
${parts.test ?? 'dataset test = shapes(classes: 4, per_class: 5, size: 16, seed: 3)'}
${parts.views ?? 'view plain = crop(padding: 2) |> flip |> normalize'}
${embeds ? 'view sim = resized_crop(scale: 0.4..1.0) |> maybe(0.8, color_jitter(0.4, 0.4, 0.4, 0.1)) |> normalize' : ''}
network net = ${parts.backbone ?? 'cifar_resnet(depth: 8, width: 8)'} { ${heads.join('; ')} }
${parts.streams ?? 'stream a = shuffle(train)'}
${parts.memory ?? ''}
${parts.branches ?? classify}
minimize ${parts.minimize ?? 'unaware.ce'}
train { epochs = 2; batch = ${parts.batch ?? 16}; optimizer = ${parts.optimizer ?? 'sgd(lr: 0.05, momentum: 0.9)'}; ${parts.train ?? ''} }
${parts.evaluate ?? 'evaluate test { using = net.logits; metrics = [top1, per_class] }'}
`
}

/** Compiles and trains two epochs: every loss must be finite. */
async function trains(parts: Parts): Promise<readonly JournalEvent[]> {
  const host = createDiskHost({ cacheFolder: join(folder, 'cache') })
  const path = join(folder, 'program.sau')
  const text = program(parts)
  const compiled = compileExperiment(
    { ...host, readText: (wanted) => (wanted === path ? text : host.readText(wanted)) },
    { file: path, cwd: folder },
  )
  expect(compiled.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  const { plan, hash, locations } = compiled
  if (plan === undefined || hash === undefined || locations === undefined) throw new Error('no plan')
  const training = startTraining({
    plan,
    planHash: hash,
    file: path,
    locations: plan.sources.map((_, position) => locations[position] ?? []),
    texts: [{ path, text }],
    runs: join(folder, 'runs'),
    settings: { engine: 'onnx', workers: 0, threads: 1 },
  })
  const { events, last } = await finish(training)
  expect(last).toMatchObject({ event: 'run_ended', outcome: 'done', exitCode: 0 })
  const epochs = events.flatMap((event) => (event.event === 'epoch_done' ? event : []))
  expect(epochs).toHaveLength(2)
  for (const { losses } of epochs) expect(losses.every(Number.isFinite)).toBe(true)
  expect(events.some(({ event }) => event === 'evaluated')).toBe(true)
  return events
}

describe('optimizers and schedules', () => {
  test.each([
    ['adam', 'adam(lr: 1e-3)', 'schedule = cosine |> warmup(1 epoch)'],
    ['adamw', 'adamw(lr: 1e-3, weight_decay: 0.1)', 'schedule = linear(per: step)'],
    [
      'nesterov',
      'sgd(lr: 0.05, momentum: 0.9, nesterov: true)',
      'schedule = multistep(at: [0.5], gamma: 0.1)',
    ],
    [
      'decay and clip',
      'sgd(lr: 0.05, weight_decay: 1e-3)',
      'clip = 0.5; schedule = multistep(at: [1 epoch])',
    ],
    ['cosine per step', 'sgd(lr: 0.05)', 'schedule = cosine(per: step); seed = 3'],
  ])('%s', async (_, optimizer, train) => {
    await trains({ optimizer, train })
  })
})

describe('networks', () => {
  test.each<[string, Parts]>([
    ['width 16', { backbone: 'cifar_resnet(depth: 8, width: 16)' }],
    ['width 24', { backbone: 'cifar_resnet(depth: 8, width: 24)' }],
    ['width 32 with convolved shortcuts', { backbone: 'cifar_resnet(depth: 8, width: 32, shortcut: conv)' }],
    ['an odd width', { backbone: 'cifar_resnet(depth: 8, width: 5)' }],
    ['unequal stages', { backbone: 'cifar_resnet(blocks: [1, 2, 1], width: 8)' }],
    ['a cosine head', { logits: 'cosine(classes, scale: 10)' }],
    ['a head without bias', { logits: 'linear(classes, bias: false)' }],
    ['a network within a classifier', { logits: 'mlp(16, 8, norm: none) |> linear(classes)' }],
    [
      'an embedding without normalization between its layers',
      { ...whole, embedding: 'mlp(16, 8, norm: none) |> l2_normalize' },
    ],
    [
      'two of them',
      {
        backbone:
          'cifar_resnet(depth: 8, width: 8) { head logits = linear(classes) }\nnetwork other = cifar_resnet(depth: 8, width: 4)',
        branches: `branch unaware {
  loss ce    = cross_entropy(net(a.plain).logits, a.labels)
  loss other = cross_entropy(other(a.plain).logits, a.labels)
}`,
        minimize: 'unaware.ce + 0.5 * unaware.other',
      },
    ],
  ])('%s', async (_, parts) => {
    await trains(parts)
  })
})

describe('batches', () => {
  // 48 images; the batch leaves a last one of the size in the name.
  test.each([
    ['whole batches only', 16, ''],
    ['a last batch of 1', 47, ''],
    ['a last batch of 2', 46, ''],
    ['a last batch of 15', 33, ''],
    ['a last batch of 17', 31, ''],
    ['a last batch that is dropped', 31, 'remainder = drop'],
    ['all images at once', 48, ''],
  ])('%s', async (_, batch, train) => {
    await trains({ batch, train })
  })

  // 104 images of two streams.
  test.each([
    ['a last batch of 44', 60],
    ['a last batch of 4', 100],
    ['a last batch of 37', 67],
  ])('%s, in both branches', async (_, batch) => {
    const data = both.replaceAll(/per_class: \d+/g, 'per_class: 26')
    await trains({ ...whole, data, batch })
  })

  test('streams of different length', async () => {
    await trains({
      ...whole,
      streams: 'stream a = shuffle(train)\nstream b = shuffle(real)',
      batch: 13,
    })
  })
})

describe('the method', () => {
  test.each<[string, Parts]>([
    ['noise made negatives of its own', { ...whole, branches: aware('pos_neg') }],
    ['noise as negatives only', { ...whole, branches: aware('neg_only') }],
    ['noise left out', { ...whole, branches: aware('drop') }],
    ['a contrast without prototypes', { ...whole, branches: aware('pos_neg', ', temperature: 0.2') }],
    [
      'a contrast alone, without any memory',
      {
        branches: `branch unaware {
  let z   = [net(a.plain).embedding, net(a.sim).embedding]
  loss ce = supcon(z, a.labels)
}`,
      },
    ],
    [
      'two views of one kind',
      {
        views: 'view plain = crop(padding: 2) |> flip |> normalize\nview again = plain',
        branches: `branch unaware {
  let z   = [net(a.plain).embedding, net(a.again).embedding, net(a.sim).embedding]
  loss ce = cross_entropy(net(a.again).logits, a.labels) + supcon(z, a.labels)
}`,
      },
    ],
    [
      'a memory every 2 epochs of one view',
      {
        ...whole,
        memory: 'memory prototypes = class_means(net.embedding, over: real, views: [plain], every: 2 epochs)',
        branches: `${aware('pos_neg').replace(
          '[net(a.plain).embedding, net(a.sim).embedding]',
          '[net(a.plain).embedding]',
        )}\nbranch more { loss ce = cross_entropy(net(a.sim).logits, a.labels) }`,
        minimize: 'unaware.ce + aware.contrast + more.ce',
      },
    ],
    [
      'weights that follow progress',
      { ...whole, minimize: 'unaware.ce + (1 - progress) ^ 2 * aware.contrast' },
    ],
    [
      'weights that follow epoch and step',
      {
        ...whole,
        minimize: '(if epoch < 1 then 1.0 else 0.5) * unaware.ce + step / (1 + step) * aware.contrast',
      },
    ],
    [
      'weights that match a param',
      {
        ...whole,
        memory: `${prototypes}\nparam strategy : correction = drop`,
        branches: aware('strategy'),
        minimize:
          'unaware.ce + (match strategy { pos_neg -> 1.0, neg_only -> 0.5, drop -> 0.25 * epoch }) * aware.contrast',
      },
    ],
    [
      'cutmix by area and by the drawn lambda',
      {
        streams: whole.streams ?? '',
        branches: `branch unaware {
  let one = cutmix(a.plain, b.plain, target: area)
  let two = cutmix(b.plain, a.plain, alpha: 0.5, target: drawn)
  loss ce = cross_entropy(net(one).logits, one.labels)
  loss second = cross_entropy(net(two).logits, two.labels)
}`,
        minimize: 'unaware.ce + unaware.second',
      },
    ],
  ])('%s', async (_, parts) => {
    await trains(parts)
  })
})

describe('evaluations', () => {
  test('several, one with a view of its own, one rarely, with every metric', async () => {
    const events = await trains({
      test: `dataset test = shapes(classes: 4, per_class: 5, size: 16, seed: 3)
dataset held = shapes(classes: 4, per_class: 7, size: 20, seed: 4)`,
      views: 'view plain = crop(padding: 2) |> flip |> normalize\nview middle = center_crop(16) |> normalize',
      evaluate: `evaluate test { using = net.logits; every = 2 epochs; metrics = [top1, ece, confusion] }
evaluate held {
  using = net.logits; view = middle; best = top1
  metrics = [top1, top5, per_class, confusion, ece(bins: 5), shots(many: > 12, medium: 5..12, few: <= 4)]
}`,
    })
    const evaluated = events.flatMap((event) => (event.event === 'evaluated' ? event : []))
    expect(evaluated.map(({ epoch, dataset }) => `${epoch} ${dataset}`)).toEqual([
      '0 held',
      '1 test',
      '1 held',
    ])
    expect(evaluated.at(-1)).toMatchObject({ top5: 1 })
  })
})

describe('images', () => {
  test.each([16, 20, 28, 32, 37])('of %i pixels', async (size) => {
    const sized = (text: string) => text.replaceAll('size: 16', `size: ${size}`)
    await trains({
      ...whole,
      data: sized(both),
      test: `dataset test = shapes(classes: 4, per_class: 5, size: ${size}, seed: 3)`,
    })
  })

  test.skipIf(!hasRealImages).each<[string, Parts]>([
    [
      'grey ones of 28 pixels (needs the shared data)',
      {
        data: `dataset train = idx("${realImages}/fashion-mnist/train-images-idx3-ubyte.gz", "${realImages}/fashion-mnist/train-labels-idx1-ubyte.gz", split: train) |> take(per_class: 12)`,
        test: `dataset test = idx("${realImages}/fashion-mnist/t10k-images-idx3-ubyte.gz", "${realImages}/fashion-mnist/t10k-labels-idx1-ubyte.gz", split: test) |> take(per_class: 5)`,
        backbone: 'cifar_resnet(depth: 8, width: 16)',
      },
    ],
    ...(['fine', 'coarse'] as const).map((labels): [string, Parts] => [
      `CIFAR-100 with ${labels} labels (needs the shared data)`,
      {
        data: `dataset train = cifar100("${realImages}/cifar-100-binary", split: train, labels: ${labels}) |> take(per_class: 2)`,
        test: `dataset test = cifar100("${realImages}/cifar-100-binary", split: test, labels: ${labels}) |> take(per_class: 1)`,
        views:
          'view plain = crop(padding: 4) |> flip |> autoaugment(cifar10) |> cutout(16) |> normalize(cifar100)',
      },
    ]),
  ])('%s', async (_, parts) => {
    await trains(parts)
  })
})
