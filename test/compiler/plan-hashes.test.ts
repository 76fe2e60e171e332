// The identity of every experiment at hand: what the compiler is made of may change, and none of these does.
// A line that changes makes run folders, sweeps and comparisons of it another experiment's.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compileExperiment, type Host } from '../../compiler/index.js'
import { compileInstances, instancesOf, readSweep } from '../../compiler/sweep/index.js'
import { publishedData } from '../experiments/published-data.js'
import { memoryHost } from './memory-host.js'
import { sampleData } from './sample-data.js'

const root = resolve(import.meta.dirname, '../..')
const designed = resolve(root, '../shared/design/samples')
const lab = '/lab'

/** Files of a folder, and what they compile against. */
interface Shelf {
  readonly folder: string
  readonly settings?: Readonly<Record<string, string>>
}

/** Everything below a folder that a host is to hold, as if the folder were `/lab`. */
function hostOf({ folder }: Shelf): { readonly host: Host; readonly texts: ReadonlyMap<string, string> } {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(sau|json|sweep\.yaml)$/.test(name),
  )
  const texts = new Map(
    names
      .map((name) => name.replaceAll('\\', '/'))
      .sort()
      .map((name) => [name, readFileSync(resolve(folder, name), 'utf8')]),
  )
  const files = Object.fromEntries([...texts].map(([name, text]) => [`${lab}/${name}`, text]))
  return { host: memoryHost({ files, data: { ...sampleData, ...publishedData(['/data']) } }), texts }
}

/** `// --set name=value` on the first lines of a sample gives values to params. */
function settingsIn(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/^\/\/ --set (\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
  )
}

/**
 * A line for every file that compiles to a Plan, and one for every sweep: a digest over its instances'
 * hashes.
 */
function hashesOf(shelf: Shelf): string {
  const { host, texts } = hostOf(shelf)
  const lines = [...texts].flatMap(([name, text]) => {
    const set = { ...shelf.settings, ...settingsIn(text) }
    const options = { file: `${lab}/${name}`, cwd: lab, set }
    if (name.endsWith('.sau')) {
      const { hash } = compileExperiment(host, options)
      return hash === undefined ? [] : [`${name} ${hash}`]
    }
    if (!name.endsWith('.sweep.yaml')) return []
    const { sweep, expansion } = readSweep(host, options)
    if (sweep === undefined || expansion === undefined) throw new Error(`${name} is no sweep`)
    const instances = instancesOf(sweep, expansion.settings)
    const compiled = compileInstances(host, sweep, lab, instances, () => 0, [])
    const hashes = compiled.instances.map(({ planHash }) => planHash)
    return [`${name} ${hashes.length} ${createHash('sha256').update(hashes.join('\n')).digest('hex')}`]
  })
  return `${lines.join('\n')}\n`
}

const shelves: Readonly<Record<string, Shelf>> = {
  samples: { folder: resolve(import.meta.dirname, 'samples/good') },
  warned: { folder: resolve(import.meta.dirname, 'samples/bad') },
  examples: { folder: resolve(root, 'examples') },
  experiments: { folder: resolve(root, 'experiments'), settings: { data: '/data' } },
}

describe('the hashes of Plans', () => {
  it.each(Object.entries(shelves))('of %s are what they were', async (name, shelf) => {
    const hashes = hashesOf(shelf)
    expect(hashes.split('\n').length).toBeGreaterThan(4)
    await expect(hashes).toMatchFileSnapshot(`plan-hashes/${name}.txt`)
  })

  it.skipIf(!existsSync(designed))(
    'of the samples of the design are what they were (skipped where ../shared/design is missing)',
    async () => {
      await expect(hashesOf({ folder: designed })).toMatchFileSnapshot('plan-hashes/designed.txt')
    },
  )
})
