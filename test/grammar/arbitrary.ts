// Random programs of the language as text, and random damage to texts: for fuzzing parser and compiler.
import fc from 'fast-check'
import { print } from '../../grammar/index.js'
import { arbitraryTree } from './arbitrary-tree.js'
import { allFunctionNames, fieldNames, memberNames, unitNames, valueNames } from './vocabulary.js'

export { arbitraryDeclaration, arbitraryExpression, arbitraryTree, withoutSpans } from './arbitrary-tree.js'
export * from './vocabulary.js'

type Text = fc.Arbitrary<string>

/** One of these texts, the first the likeliest. */
const pick = (...texts: readonly string[]): Text =>
  fc.oneof(...texts.map((text, index) => ({ weight: index === 0 ? 4 : 1, arbitrary: fc.constant(text) })))

/** A template with random parts. */
function sentence(strings: TemplateStringsArray, ...parts: readonly Text[]): Text {
  return fc
    .tuple(...parts)
    .map((texts) => strings.map((string, index) => `${string}${texts[index] ?? ''}`).join(''))
}

/** The text, seldom left out. */
const mostly = (text: Text): Text =>
  fc.oneof({ weight: 9, arbitrary: text }, { weight: 1, arbitrary: pick('') })

const small = fc.nat(12).map(String)
const size = pick('16', '32', '28', '0', 'width')
const count = pick('40', '300', '5', '0', '-1', '2.5', 'epochs')
const share = pick('0.2', '0.8', '0', '1', '1.5', 'rate')

const shapes = sentence`shapes(classes: ${pick('10', '4', '100')}, per_class: ${count}, size: ${size}, seed: ${small}${pick('', ', origin: synthetic', ', origin: synthetic, noise: 0.2', ', noise: 2')})`
const files = sentence`${pick('cifar10', 'cifar100', 'image_folder', 'idx', 'cifar11')}(data / "cifar-10"${pick(', split: train', ', split: test', '', ', origin: synthetic', ', split: tset')})`
const source = fc.oneof({ weight: 5, arbitrary: shapes }, { weight: 1, arbitrary: files })
const longtail = pick(
  ' |> longtail(profile: exp, factor: 10)',
  '',
  '\n  |> longtail(profile: step, factor: factor, seed: 3)',
  ' |> take(5)',
  ' |> longtail(factor: 0.5)',
  ' |> resize(32)',
)

const viewStep = pick(
  'flip',
  'crop(padding: 4)',
  'crop(padding: -1)',
  'resized_crop(scale: 0.4..1.0)',
  'resized_crop(scale: 1.0..0.4)',
  'cutout(8)',
  'cutout(400)',
  'maybe(0.8, color_jitter(0.4, 0.4, 0.4, 0.1))',
  'maybe(1.8, grayscale)',
  'gaussian_blur(0.1..2.0)',
  'autoaugment(cifar10)',
  'randaugment(2, 10, 0.5)',
  'resize(32)',
)
const view = sentence`${viewStep} |> ${viewStep} |> ${pick('normalize', 'normalize(cifar10)', 'flop')}`

const head = pick('linear(classes)', 'linear(10)', 'mlp(64)', 'cosine(classes)', 'mlp(64, 32, norm: batch)')
const embedding = pick('mlp(64, 32) |> l2_normalize', 'mlp(64, 32)', 'linear(8) |> l2_normalize')
const network = sentence`network net = cifar_resnet(depth: ${pick('8', 'depth', '9')}, width: ${pick('16', 'width', '0')}) {
  head logits = ${head}
  ${mostly(sentence`head embedding = ${embedding}`)}
}`

const lossOf = pick(
  'cross_entropy(net(a.plain).logits, a.labels)',
  'cross_entropy(net(blended).logits, blended.labels)',
  'cross_entropy(net(blended).embedding, blended.labels)',
  'supcon([net(a.plain).embedding, net(a.sim).embedding], a.labels, temperature: 0.1)',
  'supcon(z, labels, with: prototypes, temperature: 0.1)',
  'supcon(z, labels, with: prototypes, temperature: -1)',
  'if epoch < 3 then cross_entropy(net(a.plain).logits, a.labels) else 0.0',
)
const branch = sentence`branch ${pick('one', 'two')} {
  ${mostly(pick('let blended = mixup(a.plain, b.plain, alpha: 1.0)', 'let blended = cutmix(a.plain, b.sim, alpha: 0, target: drawn)'))}
  ${mostly(pick('let z = [net(a.plain).embedding, net(a.sim).embedding]', 'let z = [net(b.plain).embedding]'))}
  ${mostly(sentence`let labels = correct(a.labels, z, origin: a.origin, against: prototypes, on_noise: ${pick('pos_neg', 'strategy', 'dorp')})`)}
  loss x = ${lossOf}
  ${mostly(sentence`loss y = ${lossOf}`)}
}`

const weight = pick(
  '',
  '0.5 * ',
  '(1 - progress) ^ 2 * ',
  'match strategy { pos_neg -> 1, neg_only -> 2, drop -> 0 } * ',
  '-',
)
const minimize = sentence`minimize ${weight}one.x${pick('', ' + two.y', ' + one.y', ' + 1')}`

const optimizer = pick(
  'sgd(lr: 0.1, momentum: 0.9)',
  'sgd(lr: rate)',
  'adam(lr: 1e-3)',
  'sgd(0.1, lr: 0.1)',
  'sdg(lr: 1)',
)
const schedule = pick(
  'cosine',
  'multistep(at: [0.8, 0.9], gamma: 0.1) |> warmup(5 epochs)',
  'linear',
  'warmup(5 steps)',
)
const train = sentence`train {
  epochs = ${pick('2', 'epochs', '2 epochs', '0')}
  batch = ${pick('16', '64', '100000', '1.5')}
  optimizer = ${optimizer}
  ${mostly(sentence`schedule = ${schedule}`)}
  ${pick('', 'seed = 7', 'remainder = drop', 'sede = 7', 'seed = "7"')}
}`

const metrics = pick(
  'top1',
  'per_class',
  'confusion',
  'shots(many: > 100, medium: 21..100, few: <= 20)',
  'shots(many: > 100, medium: 30..100, few: <= 20)',
  'ece',
  'top6',
)
const evaluate = sentence`evaluate ${pick('test', 'train', 'real')} {
  using = ${pick('net.logits', 'net.embedding', 'net.logit')}
  every = ${pick('1 epoch', '10 steps', '1', '2 parsecs')}
  metrics = [${metrics}, ${metrics}]
}`

const params = sentence`param factor : factor = ${pick('10', '0.1')} in ${pick('[1, 10, 100]', '1..200', '200..1')}
param depth : int = ${pick('8', '32', '8.5')} in [8, 14, 32]
param width : int = ${pick('16', '"16"')} in 4..256
param epochs : ${pick('int', 'count', 'itn')} = 2
param rate : float = 0.05 in 1e-4..1.0 ${pick('log', '')}
param strategy : correction = ${pick('pos_neg', 'drop', 'keep')}
${mostly(pick('param data : path = "data"', 'param data : path'))}`

const declarations: readonly Text[] = [
  pick('experiment "a random one"', 'experiment ""'),
  params,
  sentence`dataset real = ${source}${longtail}`,
  sentence`dataset synthetic = ${source}`,
  sentence`dataset train = ${pick('fill(real, from: synthetic, to: balanced)', 'real', 'fill(real, from: synthetic, to: 500)', 'split(real, share: 0.5, part: first)', 'train')}`,
  sentence`dataset test = ${source}`,
  sentence`view plain = ${view}`,
  sentence`view sim = ${fc.oneof(view, pick('plain'))}`,
  network,
  sentence`stream a = shuffle(${pick('train', 'real', 'net')})`,
  sentence`stream b = shuffle(train)`,
  sentence`memory prototypes = class_means(net.embedding, over: ${pick('real', 'train')}, views: ${pick('[plain, sim]', '[plain]', 'plain')}, every: ${pick('1 epoch', '3 steps')})`,
  branch,
  branch,
  minimize,
  train,
  evaluate,
  sentence`let unused = ${share} + ${count} * ${small}`,
]

const comment = pick('', '', '// a remark', '  // indented')

/**
 * A program that is nearly right: real names, a few wrong values, now and then a part left out or out of
 * order.
 */
export const arbitraryPlausibleProgram: Text = fc
  .record({
    parts: fc.tuple(...declarations.map((text) => mostly(text))),
    comments: fc.array(comment, { minLength: declarations.length, maxLength: declarations.length }),
    rotation: fc.oneof(
      { weight: 3, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.nat(declarations.length) },
    ),
    newline: pick('\n', '\r\n'),
  })
  .map(({ parts, comments, rotation, newline }) => {
    const turned = [...parts.slice(rotation), ...parts.slice(0, rotation)]
    const lines = turned.flatMap((part, index) => [comments[index] ?? '', part])
    return `${['sau 1', ...lines].join('\n')}\n`.replaceAll('\n', newline)
  })

/** A program with a right form and any meaning. */
export const arbitraryWellFormedProgram: Text = arbitraryTree.map(print)

export const arbitraryProgram: Text = fc.oneof(
  { weight: 3, arbitrary: arbitraryPlausibleProgram },
  { weight: 1, arbitrary: arbitraryWellFormedProgram },
)

// ---- damage -----------------------------------------------------------------------------------------------

const marks = [
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  ',',
  ':',
  '=',
  '.',
  '..',
  '->',
  '|>',
  '-',
  '^',
  '<=',
  '==',
  '"',
  ';',
  '\n',
]
const strays = [
  '\r',
  '\t',
  '\u0000',
  '\uFEFF',
  '\u00A0',
  '\u2028',
  "'",
  '`',
  '#',
  '@',
  '$',
  '=>',
  '&&',
  '/*',
  '*/',
  '//',
]
const words = [
  'if',
  'then',
  'else',
  'match',
  'not',
  'and',
  'or',
  'in',
  'log',
  'sau',
  'let',
  'loss',
  'head',
  'train',
]

const insertion: Text = fc.oneof(
  fc.constantFrom(...marks),
  fc.constantFrom(...strays),
  fc.constantFrom(...words, ...allFunctionNames, ...valueNames, ...fieldNames, ...memberNames, ...unitNames),
  fc.constantFrom(
    'dataset x = ',
    'view ',
    'train {',
    '1',
    '0.5',
    '1e999',
    '.5',
    '1.',
    '"text"',
    '> 3',
    '5 epochs',
  ),
  fc.string({ unit: 'binary', maxLength: 5 }),
)

/** Where a mutation strikes: `at` and `to` are shares of the text, or of its tokens. */
type Mutation =
  | { readonly kind: 'insert'; readonly at: number; readonly text: string }
  | { readonly kind: 'delete' | 'duplicate' | 'swap' | 'cut'; readonly at: number; readonly length: number }
  | {
      readonly kind: 'deleteToken' | 'duplicateToken' | 'swapTokens'
      readonly at: number
      readonly to: number
    }

const position = fc.double({ min: 0, max: 1, noNaN: true })
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constant('insert' as const), at: position, text: insertion }),
  fc.record({
    kind: fc.constantFrom('delete' as const, 'duplicate' as const, 'swap' as const, 'cut' as const),
    at: position,
    length: fc.nat(12),
  }),
  fc.record({
    kind: fc.constantFrom('deleteToken' as const, 'duplicateToken' as const, 'swapTokens' as const),
    at: position,
    to: position,
  }),
)

function mutate(text: string, change: Mutation): string {
  const at = Math.floor(change.at * text.length)
  switch (change.kind) {
    case 'insert':
      return text.slice(0, at) + change.text + text.slice(at)
    case 'delete':
      return text.slice(0, at) + text.slice(at + change.length)
    case 'duplicate':
      return text.slice(0, at + change.length) + text.slice(at)
    case 'swap':
      return text.slice(0, at) + text.slice(at + 1, at + 2) + text.slice(at, at + 1) + text.slice(at + 2)
    case 'cut':
      return text.slice(0, at)
    case 'deleteToken':
    case 'duplicateToken':
    case 'swapTokens': {
      const tokens = text.match(/[\w.]+|\s+|[^\w\s]/g) ?? []
      const first = Math.floor(change.at * tokens.length)
      const second = Math.floor(change.to * tokens.length)
      const changed = [...tokens]
      if (change.kind === 'deleteToken') changed.splice(first, 1)
      else if (change.kind === 'duplicateToken') changed.splice(second, 0, tokens[first] ?? '')
      else {
        changed[first] = tokens[second] ?? ''
        changed[second] = tokens[first] ?? ''
      }
      return changed.join('')
    }
  }
}

/** A text with one to six random changes of characters and tokens. */
export function arbitrarilyMutated(text: Text): Text {
  return fc
    .record({ text, mutations: fc.array(mutation, { minLength: 1, maxLength: 6 }) })
    .map(({ text: original, mutations }) => mutations.reduce(mutate, original))
}

/** Anything from a right program to noise. */
export const arbitraryText: Text = fc.oneof(
  { weight: 6, arbitrary: arbitrarilyMutated(arbitraryProgram) },
  { weight: 2, arbitrary: arbitraryProgram },
  { weight: 1, arbitrary: fc.array(insertion, { maxLength: 40 }).map((parts) => parts.join(' ')) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
)
