// The rules of the house that a machine can check: which way imports point, what the compiler may touch, file length.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const layers = ['grammar', 'compiler', 'runtime'] as const

function sourcesOf(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(root, folder, name))
}

function importsOf(file: string): string[] {
  return ts.preProcessFile(readFileSync(file, 'utf8')).importedFiles.map((imported) => imported.fileName)
}

/** Imports of every source of a layer as [file, target], targets inside the repository as paths from its root. */
function importsIn(layer: string): (readonly [string, string])[] {
  return sourcesOf(layer).flatMap((file) =>
    importsOf(file).map((target) => {
      const resolved = target.startsWith('.') ? relative(root, resolve(dirname(file), target)) : target
      return [relative(root, file), resolved] as const
    }),
  )
}

describe('imports', () => {
  for (const [position, layer] of layers.entries()) {
    const upstream = layers.slice(position + 1)
    test(`${layer} imports nothing of ${upstream.join(', ') || 'the tests'}`, () => {
      const imports = importsIn(layer)
      expect(imports.length).toBeGreaterThan(0)
      const wrong = imports.filter(([, target]) =>
        [...upstream, 'test', 'bench', 'experiments'].some((forbidden) => target.startsWith(`${forbidden}/`)),
      )
      expect(wrong).toEqual([])
    })
  }

  test('grammar and compiler do no input or output of their own', () => {
    const touching =
      /^(node:)?(fs|fs\/promises|child_process|worker_threads|net|http|https|os|process|readline|tty)$/
    const wrong = [...importsIn('grammar'), ...importsIn('compiler')].filter(([, target]) =>
      touching.test(target),
    )
    expect(wrong).toEqual([])
    const printing = [...sourcesOf('grammar'), ...sourcesOf('compiler')].filter((file) =>
      /\b(console|process)\.\w/.test(readFileSync(file, 'utf8')),
    )
    expect(printing.map((file) => relative(root, file))).toEqual([])
  })

  test('what prints and what computes are apart: training never imports the terminal', () => {
    const wrong = importsIn('runtime').filter(
      ([file, target]) =>
        /^runtime\/(training|data|views|engines|journal|random|safetensors|run-folder)\//.test(file) &&
        /^runtime\/(tui|output|cli)\//.test(target),
    )
    expect(wrong).toEqual([])
  })
})

describe('files', () => {
  test('no source or test is longer than 700 lines', () => {
    const long = [...layers, 'test', 'bench']
      .flatMap(sourcesOf)
      .map((file) => [relative(root, file), readFileSync(file, 'utf8').split('\n').length] as const)
      .filter(([, lines]) => lines > 700)
    expect(long).toEqual([])
  })

  test('the lockfile and the configuration name no package registry', () => {
    const lock = readFileSync(join(root, 'package-lock.json'), 'utf8')
    expect(lock).not.toMatch(/"resolved": "http/)
    const configuration = readFileSync(join(root, '.npmrc'), 'utf8')
    expect(configuration).not.toMatch(/:\/\//)
    expect(configuration).toMatch(/^omit-lockfile-registry-resolved=true$/m)
  })

  // `npm ci` reads the scripts of those packages alone that the lockfile marks. onnxruntime-node's would fetch CUDA from elsewhere;
  // no dependency needs one here, so that a mark which `npm install` of another version put back is to be taken out again.
  test('no dependency runs a script when it is installed', () => {
    const lock = readFileSync(join(root, 'package-lock.json'), 'utf8')
    expect(lock).not.toContain('hasInstallScript')
  })

  test('dependencies are pinned exactly', () => {
    const manifest: { dependencies: Record<string, string>; devDependencies: Record<string, string> } =
      JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    const loose = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+$/.test(version),
    )
    expect(loose).toEqual([])
  })
})
