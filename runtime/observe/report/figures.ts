// The figures of a report as files, for papers: SVG, and PNG of it.
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import sharp from 'sharp'
import { compiledEntry } from '../../platform/compiled-entry.js'
import { exitCodes, RunError } from '../../platform/errors.js'
import { writeDurably } from '../../platform/files/durable.js'
import type { PageData } from './page-data.js'

/** `page/figures.ts`, bundled with the chart library. */
interface FigureDrawer {
  drawFigures(
    data: PageData,
    colours: Readonly<Record<string, string | readonly string[]>>,
  ): readonly { readonly name: string; readonly svg: string }[]
}

/** Dots an inch of a picture; the figure itself has 72. */
const pictureDensity = 216

/**
 * Writes every figure into the folder, which is made, over files of the same names.
 * @returns paths of the files
 * @throws RunError SAU7670 where the folder cannot be written
 */
export async function writeFigures(folder: string, data: PageData): Promise<readonly string[]> {
  const { drawFigures } = (await import(
    pathToFileURL(compiledEntry('runtime/observe/report/page/figures.js')).href
  )) as FigureDrawer
  const paths: string[] = []
  try {
    mkdirSync(folder, { recursive: true })
    for (const { name, svg } of drawFigures(data, paperColours())) {
      const path = join(folder, name)
      writeDurably(`${path}.svg`, svg)
      writeDurably(`${path}.png`, await sharp(Buffer.from(svg), { density: pictureDensity }).png().toBuffer())
      paths.push(`${path}.svg`, `${path}.png`)
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    throw new RunError(
      'SAU7670',
      `the figures cannot be written into ${folder}: ${error.message}`,
      'name another folder with --figures',
      exitCodes.failed,
    )
  }
  return paths
}

/** The light colours of the style sheet, which pages have on paper: those of its first block. */
function paperColours(): Readonly<Record<string, string | readonly string[]>> {
  const style = readFileSync(compiledEntry('runtime/observe/report/page/report.css'), 'utf8')
  const light = style.slice(0, style.indexOf('}'))
  const found = [...light.matchAll(/--([a-z]+): ([^;]+);/g)].map(([, name = '', value = '']) => {
    const values = value.split(/\s+/)
    return [name, values.length === 1 ? value : values] as const
  })
  return Object.fromEntries(found)
}
