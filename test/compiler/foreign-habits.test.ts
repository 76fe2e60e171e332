// What people write from the habits of other programs, and what they are told.
import { describe, expect, it } from 'vitest'
import { compileExperiment } from '../../compiler/index.js'
import { readSweep } from '../../compiler/sweep/read-sweep.js'
import { plainNumber, readNumber } from '../../grammar/number-text.js'
import { memoryHost } from './memory-host.js'

const experiment = `sau 1
experiment "habits"
param rate : float = 0.05
param f : factor = 100
param look : bool = false
dataset all   = shapes(classes: 3, per_class: 200, size: 8, seed: 1)
dataset train = longtail(split(all, share: 0.5, part: first), factor: f)
dataset test  = split(all, share: 0.5, part: rest)
view plain = flip |> normalize
network net = cifar_resnet(depth: 8, width: 4) { head logits = linear(classes) }
stream a = shuffle(train)
branch only { loss ce = cross_entropy(net(a.plain).logits, a.labels) }
minimize only.ce
train { epochs = 1; batch = 4; optimizer = sgd(lr: rate, nesterov: look) }
evaluate test { using = net.logits; metrics = [top1] }
`

function compile(text: string, set: Readonly<Record<string, string>> = {}) {
  return compileExperiment(memoryHost({ files: { '/lab/exp.sau': text } }), {
    file: '/lab/exp.sau',
    cwd: '/lab',
    set,
  })
}

/** Codes and helps of the errors of an experiment in which a part was replaced. */
function told(part: string, by: string): string {
  expect(experiment).toContain(part)
  const { diagnostics } = compile(experiment.replace(part, by))
  return diagnostics.map(({ code, help }) => `${code} ${help}`).join('\n')
}

describe('names of other programs', () => {
  it.each([
    ['factor: f', 'imb_factor: 0.01', /SAU2003 did you mean `factor`\?\nSAU3005 write `factor: 100`/],
    ['factor: f', 'factor: 0.01', /SAU3005 write `factor: 100`/],
    ['factor: f', 'factor: f, imb_type: exp', /SAU2003 did you mean `profile`\?/],
    ['factor: f', 'rho: f', /SAU2003 did you mean `factor`\?/],
    ['factor = 100', 'factor = 0.02', /SAU3005 write `50`/],
    ['sgd(lr: rate', 'sgd(learning_rate: rate', /SAU2003 did you mean `lr`\?/],
    ['batch = 4', 'batch_size = 4', /SAU2004 did you mean `batch`\?/],
    ['batch = 4', 'batch = 4; lr = 0.1', /SAU2004 the learning rate is an argument of the optimizer/],
    ['look)', 'True)', /SAU2001 did you mean `true`\?/],
    ['look)', 'yes)', /SAU2001 write `true`/],
    ['look)', 'None)', /SAU2001 there is no word for what is absent/],
    ['sgd(lr: rate, nesterov: look)', '"sgd"', /SAU3001 write `sgd` without quotes/],
    ['sgd(lr: rate, nesterov: look)', '{name: sgd, lr: 0.1}', /SAU1014 braces hold the blocks/],
    ['sgd(lr: rate, nesterov: look)', 'sgd({lr: 0.1})', /SAU1013 braces hold the blocks/],
    ['sgd(lr: rate, nesterov: look)', 'torch.optim.SGD(lr: rate)', /SAU3014 write `sgd\(...\)`/],
    [
      '[top1]',
      '[accuracy]',
      /SAU2001 did you mean `top1`\? what may stand here: `top1`, `top5`, `balanced_accuracy`/,
    ],
    ['[top1]', '[f1]', /SAU2001 did you mean `macro_f1`\?/],
    ['[top1]', '[precision]', /it is not measured/],
    ['[top1]', '[xyz]', /SAU2001 what may stand here: `top1`/],
    ['[top1]', '["acc"]', /SAU3001 write `top1` without quotes/],
    ['[top1]', '"accuracy"', /SAU3001 write `\[top1\]` without quotes/],
  ])('%s written as %s', (part, by, help) => {
    expect(told(part, by)).toMatch(help)
  })
})

describe('numbers', () => {
  it.each([
    ['.1', '0.1'],
    ['1.', '1'],
    ['1_000', '1000'],
    ['0x10', '16'],
    ['1,5', '1.5'],
    ['50%', '0.5'],
    ['1k', '1000'],
    ['1.e3', '1000'],
    ['"0.1"', '0.1'],
    ['1,000', undefined],
    ['abc', undefined],
    ['1e999', undefined],
  ])('%s is written %s', (text, plain) => {
    expect(plainNumber(text)).toBe(plain)
  })

  it.each(['.1', '1.', '+1', '-.5', '1e-3', '1E3', '5.e2'])('%s is one for the command line', (text) => {
    expect(readNumber(text)).toBe(Number(text))
    expect(
      compile(experiment.replace('f : factor', 'g : float').replace(': f)', ': 100)'), {
        rate: text,
      }).diagnostics.filter(({ code }) => code === 'SAU5002'),
    ).toEqual([])
  })

  it.each(['.1', '1.', '1_000', '0x10', '+1', '0,5', '50%', '1.e3'])(
    '%s in a file is told how it is written',
    (text) => {
      expect(told('float = 0.05', `float = ${text}`)).toMatch(/^SAU1003 write `[\d.]+`/)
    },
  )

  it.each([
    ['rate', '1_000', 'write `--set rate=1000`'],
    ['rate', '0x10', 'write `--set rate=16`'],
    ['rate', 'nan', 'a number is finite'],
    ['rate', '0.1,0.2', /sweep/],
    ['f', '0.01', /^write `--set f=100`/],
    ['look', 'True', 'write `--set look=true`'],
    ['look', 'none', /leave it out/],
  ])('--set %s=%s', (name, value, help) => {
    const { diagnostics } = compile(experiment, { [name]: value })
    expect(diagnostics).toMatchObject([
      { code: 'SAU5002', help: typeof help === 'string' ? help : expect.stringMatching(help) },
    ])
  })

  it.each([
    ['optimizer.rate', 'did you mean `--set rate=1`?'],
    ['+rate', 'did you mean `--set rate=1`?'],
    ['~rate', /leave `~rate` out/],
    ['lr', /its params are `rate`, `f`, `look`; others are declared in the file: `param lr : TYPE/],
  ])('Hydra sets %s', (name, help) => {
    const { diagnostics } = compile(experiment, { [name]: '1' })
    expect(diagnostics).toMatchObject([
      { code: 'SAU5001', help: typeof help === 'string' ? help : expect.stringMatching(help) },
    ])
  })
})

describe('sweep files', () => {
  const sweep = (text: string) =>
    readSweep(
      memoryHost({ files: { '/lab/exp.sau': experiment, '/lab/s.yaml': `experiment: exp.sau\n${text}\n` } }),
      {
        file: '/lab/s.yaml',
        cwd: '/lab',
      },
    )

  it('take the numbers that the command line takes', () => {
    expect(sweep('grid:\n  rate: [.1, 1., +2, 1e-3]').diagnostics).toEqual([])
  })

  it.each([
    ['rate: [1_000]', 'write `1000`'],
    ['rate: [0x10]', 'write `16`'],
    ['rate: ["0.1"]', 'write `0.1`'],
    [
      'f: [0.01]',
      'write `100`: the largest class over the smallest, where 0.01 is the smallest over the largest',
    ],
    ['look: [yes]', 'write `true`'],
  ])('%s', (text, help) => {
    expect(sweep(`grid:\n  ${text}`).diagnostics).toMatchObject([{ code: 'SAU8021', help }])
  })

  it('and files take the seeds that `--seed` takes', () => {
    const { sweep: read, diagnostics } = sweep('seeds: [4294967296, 9007199254740991]')
    expect(diagnostics).toEqual([])
    expect(read?.seeds).toEqual([4294967296, 9007199254740991])
    const result = compile(experiment.replace('epochs = 1', 'epochs = 1; seed = 4294967296'))
    expect(result.plan?.seed).toBe(4294967296)
    expect(sweep('seeds: [9007199254740992]').diagnostics).toMatchObject([{ code: 'SAU8014' }])
  })
})
