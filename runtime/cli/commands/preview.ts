// `saurun preview FILE`: what each view does to images of the file's own data, as a page or as one picture.

import { statSync } from 'node:fs'
import { basename, dirname, extname, resolve } from 'node:path'
import type { Plan } from '../../../compiler/plan/plan.js'
import type { PreviewedView } from '../../observe/preview/draw-views.js'
import { answerText } from '../../observe/text/json.js'
import { exitCodes, RunError } from '../../platform/errors.js'
import { experimentSlug } from '../../run/folder/folder.js'
import { type CompiledFile, compileFile } from '../compile-file.js'
import type { CommandBody } from '../declaration.js'
import type { preview } from '../declared/files.js'
import { openPage } from '../open-page.js'
import { UsageError } from '../parser.js'
import { wordsOf } from '../settings.js'

export const previewViews: CommandBody<typeof preview> = async (words, options, context) => {
  const { files, settings } = wordsOf(words, options)
  const [file, second] = files
  if (file === undefined || second !== undefined) {
    throw new UsageError('one file is previewed at a time', 'write `saurun preview FILE`')
  }
  const path = options.output ?? `${experimentSlug(file)}-preview.html`
  const form = formOf(path)
  const compiled = compileFile(file, settings, options, context)
  if (typeof compiled === 'number') return compiled
  const { drawViews } = await import('../../observe/preview/draw-views.js')
  const { writePreview } = await import('../../observe/preview/write-preview.js')
  const { plan, locations } = compiled
  const views = await drawViews({
    plan,
    locations,
    views: options.view ?? [],
    images: options.images ?? 8,
    draws: options.draws ?? 4,
  })
  const target = resolve(context.workingFolder, path)
  writePreview(target, await written(form, file, compiled, views))
  if (options.json === true) {
    context.out(answerText({ path: target, bytes: statSync(target).size, views: views.map(viewAnswer) }))
  } else context.out(`${path}\n`)
  if (options.open === true && !(await openPage(target))) {
    context.note('no program here opens such files; open the file above by hand\n')
  }
  return exitCodes.done
}

/** @throws RunError SAU7655 where the name ends otherwise. */
function formOf(path: string): 'page' | 'sheet' {
  switch (extname(path).toLowerCase()) {
    case '.html':
    case '.htm':
      return 'page'
    case '.png':
      return 'sheet'
    default:
      throw new RunError(
        'SAU7655',
        `${path} says not what it is to be`,
        'end it with .html for a page, or with .png for one picture',
        exitCodes.usage,
      )
  }
}

async function written(
  form: 'page' | 'sheet',
  file: string,
  compiled: CompiledFile,
  views: readonly PreviewedView[],
): Promise<string | Uint8Array> {
  const { plan } = compiled
  if (form === 'sheet') {
    const { contactSheet } = await import('../../observe/preview/contact-sheet.js')
    return contactSheet(basename(file), views)
  }
  const { previewPage } = await import('../../observe/preview/preview-page.js')
  const declarations = declarationsOf(plan, compiled)
  return previewPage({ title: plan.title, file: basename(file), seed: plan.seed, declarations }, views)
}

/** The text of each view as its file has it. */
function declarationsOf(plan: Plan, { texts }: CompiledFile): ReadonlyMap<string, string> {
  const folder = dirname(texts[0]?.path ?? '')
  const byPath = new Map(texts.map(({ path, text }) => [path, text]))
  return new Map(
    plan.views.flatMap(({ name, at }) => {
      const text = at === undefined ? undefined : byPath.get(resolve(folder, at.file))
      return at === undefined || text === undefined ? [] : [[name, text.slice(at.start, at.end)] as const]
    }),
  )
}

/** Without the pictures. */
function viewAnswer({ images, ...view }: PreviewedView): object {
  return {
    ...view,
    images: images.map(({ original: _, draws, ...image }) => ({
      ...image,
      draws: draws.map(({ epoch, operations }) => ({ epoch, operations })),
    })),
  }
}
