// Programs of any length of some shape: what could be quadratic, or double with every line.
import { compileExperiment, renderDiagnostics, renderJson } from '../../compiler/index.js'
import { memoryHost } from './memory-host.js'

/** What a shape puts into an experiment that is right without it. */
export interface Parts {
  /** Declarations. */
  readonly top?: string
  readonly view?: string
  readonly head?: string
  readonly branch?: string
  readonly objective?: string
  readonly train?: string
  readonly metrics?: string
  /** Files beside the experiment. */
  readonly files?: Readonly<Record<string, string>>
}

/** An experiment with parts put in. */
export function experiment({
  top = '',
  view,
  head,
  branch = '',
  objective = '',
  train = '',
  metrics,
}: Parts): string {
  return `sau 1
experiment "Growth"
${top}
dataset train = shapes(classes: 4, per_class: 16, size: 16, seed: 1)
dataset test = shapes(classes: 4, per_class: 8, size: 16, seed: 2)
view plain = ${view ?? 'flip |> normalize'}
network net = cifar_resnet(depth: 8, width: 4) { head logits = ${head ?? 'linear(classes)'} }
stream a = shuffle(train)
branch only {
  ${branch}
  loss ce = cross_entropy(net(a.plain).logits, a.labels)
}
minimize only.ce ${objective}
train { epochs = 1; batch = 16; optimizer = sgd(lr: 0.1) ${train} }
evaluate test { using = net.logits; metrics = [${metrics ?? 'top1'}] }
`
}

const times = (count: number, line: (i: number) => string, between = '\n'): string =>
  Array.from({ length: count }, (_, i) => line(i)).join(between)

const chain = (first: string, count: number, next: (before: string) => string): string =>
  `let p0 = ${first}\n${times(count, (i) => `let p${i + 1} = ${next(`p${i}`)}`)}`

const loss = 'cross_entropy(net(a.plain).logits, a.labels)'

export const programShapes: Readonly<Record<string, (size: number) => Parts>> = {
  'numbers by name': (n) => ({ top: times(n, (i) => `let u${i} = ${i}`) }),
  'params that nothing reads': (n) => ({ top: times(n, (i) => `param u${i} : int = ${i}`) }),
  'unknown names': (n) => ({ top: times(n, (i) => `let u${i} = unknown_name_${i}`) }),
  'unknown operations of views': (n) => ({ top: times(n, (i) => `view u${i} = flipp`) }),
  'unknown members of streams': (n) => ({ branch: times(n, (i) => `let u${i} = a.plane${i}`) }),
  'unknown functions': (n) => ({ top: times(n, (i) => `let u${i} = f${i}(1)`) }),
  'unknown arguments': (n) => ({ top: `dataset q = shapes(${times(n, (i) => `clases${i}: 1`, ', ')})` }),
  'unknown fields': (n) => ({ train: times(n, (i) => `; epocs${i} = 2`, '') }),
  'unknown losses': (n) => ({
    top: times(n, (i) => `branch b${i} { loss l = ${loss} }`),
    objective: times(n, (i) => `+ b${i}.k`, ' '),
  }),
  'a name declared again and again': (n) => ({ top: times(n, (i) => `let u = ${i}`) }),
  'branches with losses': (n) => ({ top: times(n, (i) => `branch b${i} { loss l = ${loss} }`) }),
  'networks that nothing calls': (n) => ({
    top: times(n, (i) => `network n${i} = cifar_resnet(depth: 8) { head logits = linear(classes) }`),
  }),
  heads: (n) => ({
    top: `network n = cifar_resnet(depth: 8) {\n${times(n, (i) => `head h${i} = linear(classes)`)}\n}`,
  }),
  'datasets of datasets': (n) => ({
    top: `dataset d0 = shapes(classes: 4, per_class: 16, size: 16, seed: 5)\n${times(n, (i) => `dataset d${i + 1} = d${i} |> take(per_class: 4)`)}`,
  }),
  evaluations: (n) => ({
    top: times(
      n,
      (i) =>
        `dataset e${i} = shapes(classes: 4, per_class: 8, size: 16, seed: ${i + 9})\nevaluate e${i} { using = net.logits; metrics = [top1] }`,
    ),
  }),
  'steps of a view': (n) => ({ view: `${times(n, () => 'flip', ' |> ')} |> normalize` }),
  'layers of a head': (n) => ({ head: `mlp(${times(n, () => '8', ', ')}) |> linear(classes)` }),
  metrics: (n) => ({ metrics: times(n, () => 'topp1', ', ') }),
  parentheses: (n) => ({ top: `let u = ${'('.repeat(n)}1${')'.repeat(n)}` }),
  'lists in lists': (n) => ({ top: `let u = ${'['.repeat(n)}1${']'.repeat(n)}` }),
  'brackets that nothing closes': (n) => ({ top: `let u = ${'('.repeat(n)}` }),
  'brackets that close nothing': (n) => ({ top: `let u = ${')'.repeat(n)}` }),
  minuses: (n) => ({ top: `let u = ${'-'.repeat(n)}1` }),
  nots: (n) => ({ top: `let u = ${'not '.repeat(n)}true` }),
  sums: (n) => ({ top: `let u = ${times(n, () => '1', ' + ')}` }),
  powers: (n) => ({ top: `let u = ${times(n, () => '1', ' ^ ')}` }),
  'choices in choices': (n) => ({ top: `let u = ${'if true then 1 else '.repeat(n)}1` }),
  'matches in matches': (n) => ({
    top: `param m : bool = true\nlet u = ${'match m { true -> '.repeat(n)}1${', false -> 2 }'.repeat(n)}`,
  }),
  'members of members': (n) => ({ top: `let u = train${'.b'.repeat(n)}` }),
  'empty items': (n) => ({ top: `let u = [${','.repeat(n)}]` }),
  'letters that are none': (n) => ({ top: '$@ '.repeat(n) }),
  'lines that are none': (n) => ({ top: '$@\n'.repeat(n) }),
  'texts without an end': (n) => ({ top: '"\n'.repeat(n) }),
  'doubled numbers': (n) => ({ top: chain('1', n, (p) => `(${p} + ${p}) / 2`) }),
  'doubled numbers that change': (n) => ({ top: chain('progress', n, (p) => `${p} / ${p}`) }),
  'doubled choices that change': (n) => ({
    top: chain('progress', n, (p) => `if ${p} > 0.5 then ${p} else ${p} + 1`),
  }),
  'doubled lists': (n) => ({ top: chain('[1]', n, (p) => `[${p}, ${p}]`) }),
  'doubled texts': (n) => ({ top: chain('"a"', n, (p) => `${p} / ${p}`) }),
  'doubled paths': (n) => ({
    top: `param r : path = "a"\n${chain('r / "b"', n, (p) => `${p} / ${p}`)}`,
  }),
  'doubled views': (n) => ({
    top: `view v0 = flip\n${times(n, (i) => `view v${i + 1} = v${i} |> v${i}`)}`,
  }),
  'doubled losses': (n) => ({
    branch: `let q0 = ${loss}\n${times(n, (i) => `let q${i + 1} = q${i} + q${i}`)}`,
  }),
  'a chain of imports': (n) => ({
    top: 'import "./f0.sau"',
    files: Object.fromEntries(
      Array.from({ length: n }, (_, i) => [`f${i}.sau`, `sau 1\nimport "./f${i + 1}.sau"\n`]),
    ),
  }),
  'imports that are not there': (n) => ({ top: times(n, (i) => `import "./g${i}.sau"`) }),
}

/** Compiles a program and renders what is wrong with it. */
export function compileParts({ files = {}, ...parts }: Parts): void {
  const beside = Object.entries(files).map(([name, text]) => [`/lab/${name}`, text] as const)
  const host = memoryHost({
    files: { '/lab/x.sau': experiment(parts), ...Object.fromEntries(beside) },
  })
  const { diagnostics, sources } = compileExperiment(host, { file: '/lab/x.sau', cwd: '/lab' })
  renderDiagnostics(diagnostics, { sources })
  renderJson(diagnostics, sources)
}
