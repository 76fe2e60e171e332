// A small experiment with two branches as a file on disk, compiled: its Plan has places, which profiles lead
// back to.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compileExperiment, type Plan } from '../../../compiler/index.js'
import type { SourceText } from '../../../runtime/apps/profile/sources.js'
import { createDiskHost } from '../../../runtime/data/host/disk-host.js'

const text = `sau 1

experiment "Small"

dataset train = shapes(classes: 4, per_class: 16, size: 16, seed: 1)
dataset test  = shapes(classes: 4, per_class: 8, size: 16, seed: 2)

view plain = flip |> normalize

network net = cifar_resnet(depth: 8, width: 16) {
  head logits    = linear(classes)
  head embedding = mlp(16, 8) |> l2_normalize
}

stream a = shuffle(train)

branch calm { loss ce = cross_entropy(net(a.plain).logits, a.labels) }

branch close {
  let z = [net(a.plain).embedding]
  loss supcon = supcon(z, a.labels, temperature: 0.1)
}

minimize calm.ce + close.supcon

train {
  epochs    = 2
  batch     = 24
  optimizer = sgd(lr: 0.05, momentum: 0.9, weight_decay: 5e-4)
  seed      = 3
}

evaluate test { using = net.logits }
`

export interface SmallExperiment {
  readonly folder: string
  readonly file: string
  readonly plan: Plan
  readonly planHash: string
  readonly locations: readonly (readonly string[])[]
  readonly texts: readonly SourceText[]
  /** 1-based number of the first line that holds this. */
  line(part: string): number
  dispose(): void
}

export function smallExperiment(): SmallExperiment {
  const folder = mkdtempSync(join(tmpdir(), 'saurun-profile-test-'))
  const file = join(folder, 'small.sau')
  writeFileSync(file, text)
  const host = createDiskHost({ cacheFolder: join(folder, 'cache') })
  const { plan, hash, locations, sources, diagnostics } = compileExperiment(host, {
    file,
    cwd: folder,
    set: {},
    seed: undefined,
  })
  if (plan === undefined || hash === undefined) throw new Error(JSON.stringify(diagnostics))
  return {
    folder,
    file,
    plan,
    planHash: hash,
    locations: plan.sources.map((_, position) => locations?.[position] ?? []),
    texts: [...sources].map(([path, content]) => ({ path, text: content })),
    line: (part) => text.split('\n').findIndex((line) => line.includes(part)) + 1,
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  }
}
