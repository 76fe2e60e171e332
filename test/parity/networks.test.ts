// Golden cases of networks that PyTorch computed, on every engine; networks/make.py makes them.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { traceProgram } from '../../compiler/graph/index.js'
import { elementCount } from '../../compiler/graph/operations/operation.js'
import { compileExperiment } from '../../compiler/index.js'
import type { Engine } from '../../runtime/engines/engine.js'
import { createOnnxEngine } from '../../runtime/engines/onnx/index.js'
import { createReferenceEngine } from '../../runtime/engines/reference/index.js'
import { createTensorFlowEngine } from '../../runtime/engines/tensorflow/index.js'
import { createTfjsEngine } from '../../runtime/engines/tfjs/index.js'
import { runParity } from '../../runtime/parity/index.js'
import { memoryHost } from '../compiler/memory-host.js'
import { missingTensorFlow, tensorFlow } from '../engines/tensorflow-there.js'

const cases = fileURLToPath(new URL('networks', import.meta.url))

const engines: readonly (readonly [string, (() => Promise<Engine>) | undefined])[] = [
  ['the reference engine', async () => createReferenceEngine({ layout: 'NCHW' })],
  ['onnx with row-major images', () => createOnnxEngine({ block: 0 })],
  ['onnx with images in blocks', () => createOnnxEngine()],
  ['tfjs on WebAssembly', () => createTfjsEngine({ backend: 'wasm' })],
  ['tfjs on plain JavaScript', () => createTfjsEngine({ backend: 'cpu' })],
  [
    tensorFlow === undefined ? `tensorflow, skipped: ${missingTensorFlow}` : 'tensorflow',
    tensorFlow && (async () => createTensorFlowEngine({ ...tensorFlow, threads: 2 })),
  ],
]

describe.each(engines)('golden networks and operations on %s', (_name, createEngine) => {
  test.skipIf(createEngine === undefined)('hold', { timeout: 120_000 }, async () => {
    const engine = await createEngine?.()
    if (engine === undefined) return
    const { results, passed } = await runParity(cases, { engines: [engine] })
    const outside = results.flatMap((result) =>
      result.status === 'failed'
        ? [result.message, ...result.quantities.filter(({ ok }) => !ok), result.file]
        : [],
    )
    expect(outside).toEqual([])
    expect(passed).toBe(13)
  })
})

/** Networks of torchvision with 1000 classes: parameters, then every weight and statistic with its shape. */
function torchvisionNetworks(): ReadonlyMap<
  string,
  { readonly parameters: number; readonly lines: string[] }
> {
  const networks = new Map<string, { parameters: number; lines: string[] }>()
  let last: string[] = []
  for (const line of readFileSync(`${cases}/torchvision.txt`, 'utf8').trim().split('\n')) {
    const [name = '', shape = ''] = line.split(' ')
    if (name.includes('.')) last.push(line)
    else {
      last = []
      networks.set(name, { parameters: Number(shape), lines: last })
    }
  }
  return networks
}

test.each([...torchvisionNetworks()])(
  '%s has the weights of torchvision’s',
  (name, { parameters, lines }) => {
    const text = `sau 1
experiment "shapes"
dataset train = image_folder("data")
view plain = normalize
network net = ${name}() { head fc = linear(classes) }
stream a = shuffle(train)
branch only { loss ce = cross_entropy(net(a.plain).fc, a.labels) }
minimize only.ce
train { epochs = 1; batch = 2; optimizer = sgd(lr: 0.1) }
`
    const classes = Array.from({ length: 1000 }, (_, position) => `class${position}`)
    const facts = { classes, counts: classes.map(() => 2), image: { height: 64, width: 64, channels: 3 } }
    const host = memoryHost({ files: { '/lab/a.sau': text }, data: { '/lab/data': facts } })
    const { plan, diagnostics } = compileExperiment(host, { file: '/lab/a.sau', cwd: '/lab' })
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
    if (plan === undefined) throw new Error('no plan')
    const { variables } = traceProgram(plan, { layout: 'NCHW', optimize: false })
    const known = variables.filter(({ role }) => role === 'weight' || role === 'statistic')
    const found = known.map(
      (variable) => `${variable.name.slice('net.'.length)} ${variable.type.shape.join('x')}`,
    )
    expect(found.sort()).toEqual([...lines].sort())
    const weights = known.filter(({ role }) => role === 'weight')
    expect(weights.reduce((sum, { type }) => sum + elementCount(type.shape), 0)).toBe(parameters)
    // Kaiming normal, fan out: the channels that come out times the kernel's pixels.
    for (const { name: variable, type, initial } of weights) {
      const [out = 0, , rows = 0, columns = 0] = type.shape
      if (type.shape.length === 4)
        expect(initial, variable).toMatchObject({ deviation: Math.sqrt(2 / (out * rows * columns)) })
    }
  },
)
