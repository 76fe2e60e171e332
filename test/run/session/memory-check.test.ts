// What fits no machine is refused before an engine sees it, with the estimate and the line.
import { describe, expect, test } from 'vitest'
import { traceProgram } from '../../../compiler/graph/index.js'
import { compileExperiment } from '../../../compiler/index.js'
import { RunError } from '../../../runtime/platform/errors.js'
import { checkMemory } from '../../../runtime/run/session/memory-check.js'
import { memoryHost } from '../../compiler/memory-host.js'

function traced(network: string) {
  const text = `sau 1
experiment "Wide"
dataset train = shapes(classes: 4, per_class: 16, size: 16, seed: 1)
dataset test = shapes(classes: 4, per_class: 8, size: 16, seed: 2)
view plain = flip |> normalize
network net = ${network}
stream a = shuffle(train)
branch only { loss ce = cross_entropy(net(a.plain).logits, a.labels) }
minimize only.ce
train { epochs = 1; batch = 16; optimizer = sgd(lr: 0.1) }
evaluate test { using = net.logits; metrics = [top1] }
`
  const host = memoryHost({ files: { '/lab/x.sau': text } })
  const { plan } = compileExperiment(host, { file: '/lab/x.sau', cwd: '/lab' })
  if (plan === undefined) throw new Error('it does not compile')
  return { plan, program: traceProgram(plan, { layout: 'NCHW', images: 'uint8' }) }
}

function refusalOf(network: string, memory: number): RunError | undefined {
  const { plan, program } = traced(network)
  try {
    checkMemory(plan, program, memory)
    return undefined
  } catch (error) {
    if (error instanceof RunError) return error
    throw error
  }
}

const GiB = 2 ** 30

describe('memory', () => {
  test('suffices for a small network', () => {
    expect(
      refusalOf('cifar_resnet(depth: 8, width: 16) { head logits = linear(classes) }', GiB),
    ).toBeUndefined()
  })

  test.each([
    ['cifar_resnet(depth: 8, width: 60000) { head logits = linear(classes) }', 24 * GiB],
    ['cifar_resnet(depth: 8, width: 8) { head logits = mlp(1000000, 1000000) |> linear(classes) }', 24 * GiB],
    // It fits a large machine, and no engine can address its numbers.
    ['cifar_resnet(depth: 8, width: 8) { head logits = mlp(60000, 60000) |> linear(classes) }', 1024 * GiB],
  ])('does not suffice for %s', (network, memory) => {
    const refusal = refusalOf(network, memory)
    expect(refusal?.code).toBe('SAU8120')
    expect(refusal?.exitCode).toBe(5)
    expect(refusal?.message).toMatch(/[TG]iB/)
    expect(refusal?.help).toContain('`net` (x.sau:6)')
  })
})
