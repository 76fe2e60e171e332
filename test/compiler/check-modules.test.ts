// Where things of an experiment come from: other files, settings, the host.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { compileExperiment, type Host } from '../../compiler/index.js'
import { both, changed, codes, compile, root, sau } from './compiled-sample.js'
import { memoryHost } from './memory-host.js'
import { sampleData } from './sample-data.js'

describe('provenance', () => {
  const parts = (first: string, second: string) =>
    changed(
      readFileSync(`${root}/test/compiler/samples/good/one-loss.sau`, 'utf8'),
      [
        'dataset train = shapes(classes: 4, per_class: 40, size: 16, seed: 1)',
        `dataset all   = shapes(classes: 4, per_class: 40, size: 16, seed: 1)\ndataset train = ${first}`,
      ],
      ['dataset test  = shapes(classes: 4, per_class: 10, size: 16, seed: 3)', `dataset test  = ${second}`],
    )
  it.each([
    ['split(all, share: 0.5, part: first)', 'split(all, share: 0.5, part: rest)', []],
    ['split(all, share: 0.5, part: first)', 'split(all, share: 0.7, part: rest)', []],
    ['split(all, share: 0.7, part: first)', 'split(all, share: 0.5, part: rest)', ['SAU4106']],
    [
      'split(all, share: 0.5, part: first, seed: 1)',
      'split(all, share: 0.5, part: rest, seed: 2)',
      ['SAU4106'],
    ],
    ['all', 'all', ['SAU4106']],
    ['all |> take(per_class: 10)', 'all |> take(per_class: 10, seed: 9)', ['SAU4106']],
    ['all |> resize(8) |> resize(16)', 'all', ['SAU4106']],
  ])('%s against %s', (first, second, expected) => {
    expect(codes(compile(parts(first, second)))).toEqual(expected)
  })

  it('a published test split is no part of its training split, and travels with what is made of it', () => {
    const text = changed(
      sau,
      ['metrics = [top1,', 'best    = top1\n  metrics = [top1,'],
      ['split: test)', 'split: test) |> take(per_class: 20)'],
    )
    const result = compile(text)
    expect(codes(result)).toEqual(['SAU6101'])
    expect(result.plan?.evaluations[0]?.best).toEqual({ metric: 'top1', onTestSplit: true })
  })
})

describe('settings', () => {
  it.each([
    ['width', '1.5', 'SAU5002'],
    ['width', '8px', 'SAU5002'],
    ['width', '0x8', 'SAU5002'],
    ['width', '', 'SAU5002'],
    ['strategy', 'dropp', 'SAU5002'],
    ['depth', '9', 'SAU5003'],
    ['width', '3', 'SAU5003'],
    ['rate', '2', 'SAU5003'],
    ['factor', '0.5', 'SAU5002'],
    ['rat', '0.1', 'SAU5001'],
  ])('--set %s=%s is %s and about a setting', (name, value, code) => {
    const result = compile(sau, { set: { [name]: value } })
    expect(codes(result)).toEqual([code])
    expect(result.diagnostics[0]?.about).toBe('setting')
    expect(result.exitCode).toBe(3)
  })

  it('come after errors of the file', () => {
    const result = compile(changed(sau, ['crop(padding: 4)', 'crop(pading: 4)']), { set: { nothing: '1' } })
    expect(codes(result)).toEqual(['SAU2003', 'SAU5001'])
  })

  it('resolve into the Plan', () => {
    const { plan } = compile(sau, {
      set: { depth: '8', width: '16', strategy: 'drop', rate: '5e-2' },
      seed: 11,
    })
    expect(plan?.seed).toBe(11)
    expect(plan?.networks[0]?.backbone).toMatchObject({ blocks: [1, 1, 1], width: 16 })
    expect(plan?.train.optimizer).toMatchObject({ rate: 0.05 })
    expect(plan?.params.find(({ name }) => name === 'strategy')?.value).toBe('drop')
  })
})

describe('imports', () => {
  const library = 'sau 1\n\nview plain = crop(padding: 2) |> flip |> normalize\nview never = flip\n'
  const main = changed(
    both,
    ['view plain = crop(padding: 2) |> flip |> normalize\n', ''],
    ['experiment "sample"', 'experiment "sample"\n\nimport "./library/views.sau"'],
  )

  it('bring in declarations, and unused ones of a library are no warning', () => {
    const result = compile({ '/lab/file.sau': main, '/lab/library/views.sau': library })
    expect(result.diagnostics).toEqual([])
    expect(result.plan?.views[0]?.at?.file).toBe('library/views.sau')
  })

  it('take a file once, however many import it', () => {
    const other = 'sau 1\n\nimport "./views.sau"\n\nparam spare : int = 1\n'
    const twice = changed(main, [
      'import "./library/views.sau"',
      'import "./library/views.sau"\nimport "./library/other.sau"',
    ])
    const result = compile({
      '/lab/file.sau': twice,
      '/lab/library/views.sau': library,
      '/lab/library/other.sau': other,
    })
    expect(result.diagnostics).toEqual([])
  })

  it('that are not there are one error: what they declare is not missed as well', () => {
    const wrong = changed(main, ['./library/views.sau', './library/wievs.sau'])
    const result = compile({ '/lab/file.sau': wrong, '/lab/library/views.sau': library })
    expect(codes(result)).toEqual(['SAU2011'])
    expect(result.diagnostics[0]?.help).toBe('did you mean `./library/views.sau`?')
    const bare = changed(main, ['./library/views.sau', './library/views'])
    expect(compile({ '/lab/file.sau': bare, '/lab/library/views.sau': library }).diagnostics[0]?.help).toBe(
      'did you mean `./library/views.sau`?',
    )
  })

  it('of another experiment are one error, not one for each of its declarations', () => {
    const text = changed(both, ['experiment "sample"', 'experiment "sample"\n\nimport "./other.sau"'])
    const result = compile({ '/lab/file.sau': text, '/lab/other.sau': both })
    expect(codes(result)).toEqual(['SAU2008'])
    expect(result.diagnostics[0]?.help).toContain('a file without `experiment`')
  })

  it('mark a name that both files declare where the importing file has it', () => {
    const text = changed(main, ['view sim ', 'view plain = flip\nview sim '])
    const result = compile({ '/lab/file.sau': text, '/lab/library/views.sau': library })
    expect(codes(result)).toEqual(['SAU2007'])
    expect(result.diagnostics[0]?.labels.map(({ file, text: said }) => [file, said])).toEqual([
      ['/lab/file.sau', 'declared here'],
      ['/lab/library/views.sau', 'and imported'],
    ])
  })

  it('resolve paths from the file that names them, and their params can be set', () => {
    const data = 'sau 1\n\nparam where : path = "../pictures"\n\ndataset photos = image_folder(where)\n'
    const text = changed(main, [
      'import "./library/views.sau"',
      'import "./library/views.sau"\nimport "./library/data.sau"\ndataset small = photos |> take(per_class: 1)',
    ])
    const files = {
      '/lab/file.sau': text,
      '/lab/library/views.sau': library,
      '/lab/library/data.sau': data,
    }
    const photos = { classes: ['x', 'y'], counts: [4, 4], image: 'varied' } as const
    const unused = ['SAU6007']
    expect(codes(compile(files, {}, { '/lab/pictures': photos }))).toEqual(unused)
    const elsewhere = { set: { where: 'pictures' }, cwd: '/elsewhere' }
    expect(codes(compile(files, elsewhere, { '/elsewhere/pictures': photos }))).toEqual(unused)
    const missing = compile(files, elsewhere, { '/lab/pictures': photos }).diagnostics[0]
    expect(missing?.code).toBe('SAU4001')
    expect(missing?.labels.map(({ text: said }) => said)).toContain('`--set where=pictures` replaces this')
  })

  it('show errors where they are', () => {
    const broken = library.replace('padding', 'pading')
    const result = compile({ '/lab/file.sau': main, '/lab/library/views.sau': broken })
    expect(result.diagnostics.map(({ code, labels }) => [code, labels[0]?.file])).toEqual([
      ['SAU2003', '/lab/library/views.sau'],
    ])
  })

  it('a library alone is right to check and an error to compile', () => {
    expect(codes(compile(library))).toEqual(['SAU2020'])
  })

  it('an entry that is not there is an error without a place', () => {
    const result = compile({ '/lab/fil.sau': main })
    expect(result.notFound).toBe(true)
    expect(codes(result)).toEqual(['SAU2011'])
  })
})

describe('the host', () => {
  it('is asked for digests only when a Plan is made', () => {
    const host = memoryHost({
      files: { '/lab/file.sau': changed(sau, ['epochs    = epochs', 'epochs    = 0']) },
      data: sampleData,
    })
    compileExperiment(host satisfies Host, { file: '/lab/file.sau', cwd: '/lab' })
    expect(host.asked.probe).toBeGreaterThan(0)
    expect(host.asked.digest).toBe(0)
  })
})
