// Class names that look the same in two datasets and are not.
import { expect, test } from 'vitest'
import { compileExperiment } from '../../compiler/index.js'
import { sameLookingHelp } from '../../compiler/names/unicode-forms.js'
import { memoryHost } from './memory-host.js'

const composed = 'caf\u00e9'
const decomposed = 'cafe\u0301'

function helpsOf(train: string): readonly (string | undefined)[] {
  const text = `sau 1
experiment "forms"
${train}
dataset test = image_folder("test")
view plain = flip |> normalize
network net = cifar_resnet(depth: 8, width: 4) { head logits = linear(classes) }
stream s = shuffle(train)
branch only { loss ce = cross_entropy(net(s.plain).logits, s.labels) }
minimize only.ce
train { epochs = 1; batch = 4; optimizer = sgd(lr: 0.05) }
evaluate test { using = net.logits }
`
  const folder = (name: string) => ({
    classes: ['bar', name],
    counts: [20, 6],
    image: { height: 8, width: 8, channels: 3 },
  })
  const data = { '/lab/test': folder(composed), '/lab/mac': folder(decomposed), '/lab/other': folder('inn') }
  const host = memoryHost({ files: { '/lab/file.sau': text }, data })
  const { diagnostics } = compileExperiment(host, { file: '/lab/file.sau', cwd: '/lab' })
  return diagnostics.map(({ code, help }) => `${code} ${help}`)
}

test('of training and evaluation are told apart', () => {
  const [said] = helpsOf('dataset train = image_folder("mac")')
  expect(said).toMatch(
    /^SAU3104 .* look the same, and one is written as letters and marks \(NFD\), the other as whole letters/,
  )
  expect(helpsOf('dataset train = image_folder("other")')).toEqual(['SAU3104 undefined'])
})

test('of real and synthetic images are told apart', () => {
  const fill = (real: string, made: string) =>
    `dataset train = fill(image_folder("${real}"), from: image_folder("${made}", origin: synthetic), to: balanced)`
  expect(helpsOf(fill('test', 'mac')).join('\n')).toMatch(/SAU4007 .* look the same/)
  expect(helpsOf(fill('test', 'other')).join('\n')).toMatch(/SAU4007 classes are matched by name/)
})

test('are not the same where they differ in more', () => {
  expect(sameLookingHelp('cafe', composed)).toBeUndefined()
  expect(sameLookingHelp(composed, composed)).toBeUndefined()
})
