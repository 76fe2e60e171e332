// Why nothing is at a path, and what to write instead: the one answer of all who find that a path leads
// nowhere. Each rule knows one habit (quotes, `~`, backslashes, a drive, a folder named twice, another case
// ...) and names what is there.
import { type Effort, nearestName } from '../../grammar/nearest-name.js'
import type { Surroundings } from '../host.js'

export interface LostPath {
  /** As it was written. */
  readonly text: string
  /** The folder that it begins from, absolute. */
  readonly from: string
  /** What that folder is called in a sentence: `the folder of this file`. */
  readonly fromInWords: string
  /** Where it may have been meant to begin from instead: the folder that the command was given in. */
  readonly elsewhere?: string
  /** Names that may have been meant, of those that are there. Every name where left out. */
  readonly mayMean?: (name: string) => boolean
  /** What looking for near names may still cost. */
  readonly effort?: Effort
}

export interface PathHelp {
  /** What is wrong with the path, and what to write. */
  readonly sentence: string
  /** The text to write instead, where something is there. */
  readonly replacement?: string
  /** The folder from which the text would be right as it is, absolute. */
  readonly base?: string
}

/** Gives help for a path at which nothing is; undefined where nothing near it is there either. */
export function missingPathHelp(disk: Surroundings, lost: LostPath): PathHelp | undefined {
  // All its names are in their folders, and still nothing is there.
  if (lost.text !== '' && isThere(disk, lost.from, lost.text))
    return { sentence: `\`${lost.text}\` is a link that leads nowhere, or may not be looked at` }
  for (const rule of [...writtenOtherwise, ...standsElsewhere]) {
    const help = rule(disk, lost)
    if (help !== undefined) return help
  }
  return undefined
}

type Rule = (disk: Surroundings, lost: LostPath) => PathHelp | undefined

// ---- the text is of another kind
// ---------------------------------------------------------------------------

/** `word` is what is wrong; the help names `text` where it is there, or what is near it. */
function instead(disk: Surroundings, lost: LostPath, word: string, text: string): PathHelp | undefined {
  if (text === lost.text || text === '') return undefined
  const found = isThere(disk, lost.from, text) ? text : missingPathHelp(disk, { ...lost, text })?.replacement
  return found === undefined ? undefined : { sentence: `${word}: write \`${found}\``, replacement: found }
}

const address: Rule = (disk, lost) => {
  const local = /^file:\/\/(?:localhost)?(\/.*)$/.exec(lost.text)?.[1]
  if (local !== undefined)
    return instead(disk, lost, 'a path is written without `file://`', local) ?? withoutReplacement(local)
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(lost.text)) return undefined
  return { sentence: 'that is an address, and only what lies on a disk is read: fetch it, and name the file' }
}

const withoutReplacement = (path: string): PathHelp => ({
  sentence: `a path is written without \`file://\`, and nothing is at \`${path}\` either`,
})

const quotes: Rule = (disk, lost) => {
  const inner = /^(["'`“‘])(.*)(["'`”’])$/.exec(lost.text.trim())?.[2]
  if (inner === undefined) return undefined
  return (
    instead(disk, lost, 'quotes do not belong to the path', inner) ?? {
      sentence: `quotes do not belong to the path, and nothing is at \`${inner}\` either`,
    }
  )
}

/** `~/data`, `$HOME/data`, `${DATA}/x`, `%USERPROFILE%\data`: only shells put something in their place. */
const variables: Rule = (disk, lost) => {
  const { text } = lost
  const isHome = /^~(?=[/\\]|$)/.test(text)
  const others = [...text.matchAll(/\$\{(\w+)\}|\$(\w+)|%(\w+)%/g)]
  if (!isHome && /^~\w/.test(text))
    return { sentence: '`~` stands for a home folder in a shell only: write the whole path' }
  if (!isHome && others.length === 0) return undefined
  const home = disk.variable('HOME') ?? disk.variable('USERPROFILE')
  const names = others.map((match) => match[1] ?? match[2] ?? match[3] ?? '')
  const unknown = names.find((name) => disk.variable(name) === undefined)
  const shown = isHome ? '~' : (others[0]?.[0] ?? '')
  const word = `\`${shown}\` stands for something in a shell only, and a path is taken as it is written`
  if (unknown !== undefined || (isHome && home === undefined))
    return {
      sentence: `${word}: write the whole path${unknown === undefined ? '' : `; there is no variable ${unknown}`}`,
    }
  const expanded = text
    .replace(/^~/, isHome ? (home ?? '~') : '~')
    .replaceAll(/\$\{(\w+)\}|\$(\w+)|%(\w+)%/g, (whole, a?: string, b?: string, c?: string) => {
      return disk.variable(a ?? b ?? c ?? '') ?? whole
    })
  const plain = expanded.replaceAll('\\', '/')
  return (
    instead(disk, lost, word, expanded) ??
    instead(disk, lost, word, plain) ?? {
      sentence: `${word}: write the whole path; nothing is at \`${plain}\` either`,
    }
  )
}

/** `C:\data` where the machine has no drives; under Windows' Linux they are folders of `/mnt`. */
const drive: Rule = (disk, lost) => {
  const [, letter, rest] = /^([A-Za-z]):[\\/](.*)$/.exec(lost.text) ?? []
  if (letter === undefined || rest === undefined) return undefined
  // Where it is absolute, drives are known here.
  if (disk.resolve(lost.from, lost.text).replaceAll('\\', '/').startsWith(`${letter}:/`)) return undefined
  const word = `\`${letter}:\` is a drive of Windows, and this machine has none`
  const below = rest.replaceAll('\\', '/')
  const near =
    instead(disk, lost, word, `/mnt/${letter.toLowerCase()}/${below}`) ??
    instead(disk, lost, word, `/${letter.toLowerCase()}/${below}`)
  return near ?? { sentence: `${word}: write where the data lies here, with \`/\` between folders` }
}

const backslashes: Rule = (disk, lost) => {
  if (!lost.text.includes('\\')) return undefined
  const escapes = lost.text.replaceAll(/\\([ ()'"&$])/g, '$1')
  const slashes = lost.text.replaceAll('\\', '/').replaceAll(/\/{2,}/g, '/')
  const word = 'folders are separated by `/`, not by `\\`'
  return (
    instead(disk, lost, 'a path is written without `\\` before a blank', escapes) ??
    instead(disk, lost, word, slashes) ?? {
      sentence: `${word}; nothing is at \`${slashes}\` either`,
    }
  )
}

const blanks: Rule = (disk, lost) => {
  const trimmed = lost.text.replaceAll(/^[\s\uFEFF\u200B]+|[\s\uFEFF\u200B]+$/g, '')
  return trimmed === lost.text
    ? undefined
    : instead(disk, lost, 'a blank stands before or behind the path', trimmed)
}

const percentSigns: Rule = (disk, lost) => {
  if (!/%[0-9A-Fa-f]{2}/.test(lost.text)) return undefined
  try {
    return instead(
      disk,
      lost,
      'a path is written without `%` codes, which addresses have',
      decodeURIComponent(lost.text),
    )
  } catch {
    return undefined
  }
}

const wildcards: Rule = (_, { text }) =>
  /[*?]|\{[^{}]*,[^{}]*\}/.test(text)
    ? { sentence: 'a path names one file or folder, and nothing is put in the place of `*`, `?` and `{,}`' }
    : undefined

/** Another way of writing; the first rule that names something that is there wins. */
const writtenOtherwise: readonly Rule[] = [
  address,
  quotes,
  variables,
  drive,
  backslashes,
  blanks,
  percentSigns,
  wildcards,
]

// ---- something near is there
// -------------------------------------------------------------------------------

/** The list or file repeats folders that the path begins from already: `img/a/1.png` below `img`. */
const namedTwice: Rule = (disk, { text, from, fromInWords }) => {
  const root = isAbsolute(disk, text) ? '/' : ''
  const parts = partsOf(text)
  for (let skipped = 1; skipped < parts.length; skipped++) {
    const rest = parts.slice(skipped).join('/')
    if (!isThere(disk, from, rest)) continue
    const first = `${root}${parts.slice(0, skipped).join('/')}`
    return {
      sentence: `paths begin from ${fromInWords}, and \`${first}/\` is not in it: write \`${rest}\``,
      replacement: rest,
    }
  }
  return undefined
}

/** `home/ann/data` for `/home/ann/data`. */
const slashInFront: Rule = (disk, { text, from }) =>
  !isAbsolute(disk, text) && partsOf(text).length > 1 && isThere(disk, from, `/${text}`)
    ? { sentence: `a path from the root begins with \`/\`: write \`/${text}\``, replacement: `/${text}` }
    : undefined

/** `/data/x` for `data/x`. */
const noSlashInFront: Rule = (disk, { text, from, fromInWords }) => {
  const rest = text.replace(/^[/\\]+/, '')
  return isAbsolute(disk, text) && rest !== text && rest !== '' && isThere(disk, from, rest)
    ? {
        sentence: `a path that begins with \`/\` is seen from the root of the disk; seen from ${fromInWords} it is \`${rest}\``,
        replacement: rest,
      }
    : undefined
}

/** Follows the path as far as it goes, takes what is near where it stops, and goes on. */
const writtenNearly: Rule = (disk, { text, from, mayMean = () => true, effort }) => {
  const absolute = isAbsolute(disk, text)
  const parts = partsOf(text)
  let folder = absolute ? disk.resolve(from, '/') : from
  const right: string[] = []
  const differences: string[] = []
  for (const [position, part] of parts.entries()) {
    const isLast = position === parts.length - 1
    if (part === '.' || part === '..') {
      folder = disk.resolve(folder, part)
      right.push(part)
      continue
    }
    const names = disk.entries(folder)
    if (names === undefined) {
      const above = right.join('/')
      return above === '' ? undefined : { sentence: `\`${above}\` is a file, and no folder` }
    }
    if (names.includes(part)) {
      right.push(part)
      folder = disk.resolve(folder, part)
      continue
    }
    const near = nearName(part, isLast ? names.filter(mayMean) : names, isLast, effort)
    if (near === undefined) {
      const packed = archiveOf(part, names)
      if (packed === undefined) return undefined
      const at = [...right, packed].join('/')
      return { sentence: `\`${at}\` is there, an archive: unpack it, and name the folder that it gives` }
    }
    differences.push(near.difference)
    right.push(near.name)
    folder = disk.resolve(folder, near.name)
  }
  const written = `${absolute ? '/' : ''}${right.join('/')}`
  if (differences.length === 0) return undefined
  const difference = differences.find((text) => text !== '') ?? ''
  return { sentence: `did you mean \`${written}\`? ${difference}`.trim(), replacement: written }
}

/** The path is right from another folder: the one above, or the one that the command was given in. */
const fromAnotherFolder: Rule = (disk, { text, from, fromInWords, elsewhere }) => {
  if (isAbsolute(disk, text)) return undefined
  let up = '..'
  for (let levels = 1; levels <= 4; levels++, up = `../${up}`) {
    const written = `${up}/${text}`
    const above = disk.resolve(from, up)
    if (disk.entries(above) === undefined) continue
    if (isThere(disk, above, text))
      return {
        sentence: `paths begin from ${fromInWords}: write \`${written}\``,
        replacement: written,
        base: above,
      }
    if (above === disk.resolve(above, '..')) break
  }
  return elsewhere !== undefined && isThere(disk, elsewhere, text)
    ? {
        sentence: `paths begin from ${fromInWords}, and it lies elsewhere: write \`${disk.resolve(elsewhere, text)}\``,
        replacement: disk.resolve(elsewhere, text),
        base: elsewhere,
      }
    : undefined
}

/** The path lies in one of the folders that are there. */
const oneFolderBelow: Rule = (disk, { text, from, fromInWords }) => {
  if (isAbsolute(disk, text) || partsOf(text)[0] === '..') return undefined
  const folder = (disk.entries(from) ?? [])
    .slice(0, mostFolders)
    .find((name) => isThere(disk, from, `${name}/${text}`))
  if (folder === undefined) return undefined
  const written = `${folder}/${text}`
  return {
    sentence: `paths begin from ${fromInWords}: write \`${written}\``,
    replacement: written,
    base: disk.resolve(from, folder),
  }
}

/** So many folders are looked into for a path that may lie in one of them. */
const mostFolders = 100

const standsElsewhere: readonly Rule[] = [
  namedTwice,
  slashInFront,
  noSlashInFront,
  fromAnotherFolder,
  oneFolderBelow,
  writtenNearly,
]

interface NearName {
  readonly name: string
  /** What tells the two apart, where a person may not see it. */
  readonly difference: string
}

function nearName(
  part: string,
  names: readonly string[],
  isLast: boolean,
  effort: Effort | undefined,
): NearName | undefined {
  const composed = names.find((name) => name.normalize('NFC') === part.normalize('NFC'))
  if (composed !== undefined)
    return {
      name: composed,
      difference:
        'The two look alike: one has letters with their accents in one character (NFC), the other in two (NFD); copy the name from the folder',
    }
  const folded = (name: string) => name.normalize('NFC').toLowerCase().trim()
  const cased = names.find((name) => folded(name) === folded(part))
  if (cased !== undefined)
    return {
      name: cased,
      difference:
        cased.trim() === cased && cased.toLowerCase() === part.toLowerCase()
          ? 'Capital and small letters differ'
          : 'A blank stands at the end of one of them',
    }
  const stem = (name: string) => folded(name).replace(/\.[^.]+$/, '')
  const sameStem = isLast
    ? names.filter((name) => stem(name) === stem(part) || folded(name) === stem(part))
    : []
  const unpacked = sameStem.filter((name) => !isArchive(name))
  if (unpacked.length === 1 && unpacked[0] !== undefined) return { name: unpacked[0], difference: '' }
  const nearest = nearestName(
    part,
    names.filter((name) => !isArchive(name) || isArchive(part)),
    effort,
  )
  return nearest === undefined ? undefined : { name: nearest, difference: '' }
}

function isArchive(name: string): boolean {
  return /\.(tar|tgz|tbz2?|txz|zip|7z|rar|tar\.\w+)$/i.test(name)
}

/** An archive that would give the folder: `cifar-10-binary.tar.gz` for `cifar-10-batches-bin`. */
function archiveOf(part: string, names: readonly string[]): string | undefined {
  const stemOf = (name: string) => name.toLowerCase().replace(/\.(tar|tgz|tbz2?|txz|zip|7z|rar)(\.\w+)?$/, '')
  const archives = names.filter(isArchive)
  const wanted = part.toLowerCase()
  const begins = (name: string) => {
    const stem = stemOf(name)
    return (
      stem === wanted || stem.split(/[-_.]/).slice(0, 2).join() === wanted.split(/[-_.]/).slice(0, 2).join()
    )
  }
  return archives.find((name) => stemOf(name) === wanted) ?? archives.find(begins)
}

function partsOf(text: string): readonly string[] {
  return text.split('/').filter((part) => part !== '')
}

function isAbsolute(disk: Surroundings, text: string): boolean {
  return text.startsWith('/') || disk.resolve('/a', text) === disk.resolve('/b', text)
}

/** Whether the last part of a path is a name in its folder: of a link too that leads nowhere. */
function isThere(disk: Surroundings, from: string, text: string): boolean {
  const absolute = disk.resolve(from, text)
  const name = partsOf(absolute.replaceAll('\\', '/')).at(-1)
  if (name === undefined) return true
  return disk.entries(disk.resolve(absolute, '..'))?.includes(name) === true
}
