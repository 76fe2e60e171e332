// The networks of the language have the weights of torchvision's, by the table that networks/make.py writes.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { traceProgram } from '../../../compiler/graph/index.js'
import { elementCount } from '../../../compiler/graph/operations/operation.js'
import { compileExperiment } from '../../../compiler/index.js'
import { memoryHost } from '../../compiler/memory-host.js'

/** Networks of torchvision with 1000 classes: parameters, then every weight and statistic with its shape. */
function torchvisionNetworks(): ReadonlyMap<
  string,
  { readonly parameters: number; readonly lines: string[] }
> {
  const networks = new Map<string, { parameters: number; lines: string[] }>()
  let last: string[] = []
  for (const line of readFileSync(new URL('networks/torchvision.txt', import.meta.url), 'utf8')
    .trim()
    .split('\n')) {
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
