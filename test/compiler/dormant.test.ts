// Losses that `minimize` names only where its `if` does not go: one file with several methods.
import { expect, it } from 'vitest'
import { compileExperiment } from '../../compiler/index.js'
import { memoryHost } from './memory-host.js'

const file = (minimize: string) => `sau 1
experiment "several methods"
param method : string = "plain" in ["plain", "mixed", "full"]
dataset real  = shapes(classes: 4, per_class: 40, size: 16) |> longtail(factor: 10)
dataset fake  = shapes(classes: 4, per_class: 40, size: 16, origin: synthetic)
dataset full  = fill(real, from: fake)
dataset test  = shapes(classes: 4, per_class: 5, size: 16)
view v = flip |> normalize
network net = cifar_resnet(depth: 8, width: 4) {
  head logits    = linear(classes)
  head embedding = mlp(8, 8) |> l2_normalize
}
stream r = shuffle(real)
stream a = shuffle(full)
stream b = shuffle(full)
memory means = class_means(net.embedding, over: real, views: [v], every: 1 epoch)
branch one { loss plain = cross_entropy(net(r.v).logits, r.labels) }
branch two { let mix = mixup(a.v, b.v); loss mixed = cross_entropy(net(mix).logits, mix.labels) }
branch three {
  let z = [net(a.v).embedding]
  loss contrast = supcon(z, correct(a.labels, z, origin: a.origin, against: means), with: means)
}
let both = two.mixed + three.contrast
minimize ${minimize}
train { epochs = 2; batch = 16; optimizer = sgd(lr: 0.1) }
evaluate test { using = net.logits }
`

const chosen = 'if method == "full" then both else if method == "mixed" then two.mixed else one.plain'

function compile(minimize: string, method: string) {
  const host = memoryHost({ files: { '/lab/file.sau': file(minimize) }, data: {} })
  const result = compileExperiment(host, { file: '/lab/file.sau', cwd: '/lab', set: { method } })
  if (!result.plan) throw new Error(JSON.stringify(result.diagnostics, null, 2))
  const { plan } = result
  return {
    codes: result.diagnostics.map(({ code }) => code),
    losses: plan.losses.map(({ branch, name }) => `${branch}.${name}`),
    passes: plan.step.filter(({ op }) => op === 'forward').length,
    streams: plan.streams.map(({ name }) => name),
    memories: plan.memories.map(({ name }) => name),
    heads: plan.networks[0]?.heads.map(({ name }) => name),
    steps: plan.train.stepsPerEpoch,
    nodes: new Set(plan.step.map(({ op }) => op)),
  }
}

it('leaves the passes, streams, memories and heads of the other methods out, and counts epochs by what is left', () => {
  const plain = compile(chosen, 'plain')
  expect(plain).toMatchObject({
    codes: [],
    losses: ['one.plain'],
    passes: 1,
    streams: ['r'],
    memories: [],
    heads: ['logits'],
  })
  const mixed = compile(chosen, 'mixed')
  expect(mixed).toMatchObject({ losses: ['two.mixed'], passes: 1, streams: ['a', 'b'], heads: ['logits'] })
  expect(mixed.steps).toBeGreaterThan(plain.steps)
  expect(compile(chosen, 'full')).toMatchObject({
    codes: [],
    losses: ['two.mixed', 'three.contrast'],
    passes: 2,
    streams: ['a', 'b'],
    memories: ['means'],
    heads: ['logits', 'embedding'],
  })
})

it('keeps a loss that `minimize` does not name at all, with a warning, and one that it names with weight zero', () => {
  const watched = compile('one.plain + 0 * two.mixed', 'plain')
  expect(watched.losses).toEqual(['one.plain', 'two.mixed', 'three.contrast'])
  // The param and `both`, which nothing reads now.
  expect(watched.codes.sort()).toEqual(['SAU6002', 'SAU6005'])
  expect(watched.passes).toBe(3)
})

it('keeps what a loss in use reads of a sleeping one', () => {
  const text = file(chosen).replace(
    'loss plain = cross_entropy(net(r.v).logits, r.labels)',
    'loss plain = cross_entropy(net(r.v).logits, r.labels) + two.mixed',
  )
  const host = memoryHost({ files: { '/lab/file.sau': text }, data: {} })
  const { plan } = compileExperiment(host, { file: '/lab/file.sau', cwd: '/lab', set: {} })
  expect(plan?.losses.map(({ name }) => name)).toEqual(['plain', 'mixed'])
  expect(plan?.streams.map(({ name }) => name).sort()).toEqual(['a', 'b', 'r'])
})

it('still checks what sleeps', () => {
  const text = file(chosen).replace(
    'cross_entropy(net(mix).logits, mix.labels)',
    'cross_entropy(net(mix).logits, b.labels)',
  )
  const host = memoryHost({ files: { '/lab/file.sau': text }, data: {} })
  const { diagnostics } = compileExperiment(host, { file: '/lab/file.sau', cwd: '/lab', set: {} })
  expect(diagnostics.map(({ severity }) => severity)).toContain('error')
})
