// Reports for double-blind review: the same numbers, without what says where and by whom they were computed.
import { homedir, hostname, tmpdir, userInfo } from 'node:os'
import { basename } from 'node:path'
import type { Plan } from '../../../compiler/plan/plan.js'

/** What a text must not name. */
export interface Identity {
  readonly hosts: readonly string[]
  readonly users: readonly string[]
  /** Absolute paths of folders; what lies in them is known by the rest of its path. */
  readonly places: readonly string[]
}

/** Accounts that say nothing of who has them. */
const commonUsers = new Set(['root', 'user', 'admin', 'ubuntu', 'node'])

/**
 * This machine and who is at it, and what is known besides.
 * @param known machines that runs were trained on, folders that they name, and words of the experiment (names
 * of data,
 *   classes, params), which stay although a machine or an account is called the same
 */
export function identityHere(
  known: {
    readonly hosts: readonly string[]
    readonly places?: readonly string[]
    readonly words?: readonly string[]
  },
  workingFolder: string,
  environment: Readonly<Record<string, string | undefined>>,
): Identity {
  const { hosts, places = [], words = [] } = known
  const stays = new Set([...words, ...commonUsers])
  const names = [hostname(), ...hosts].flatMap((host) => [host, host.split('.')[0] ?? ''])
  const users = [environment.USER, environment.LOGNAME, environment.USERNAME, accountName()]
  return {
    hosts: distinct(names.filter((name) => !stays.has(name))),
    users: distinct(users.filter((name) => name === undefined || !stays.has(name))),
    places: distinct([...places, workingFolder, homedir(), environment.HOME, tmpdir()]),
  }
}

/** Names that an experiment gives. */
export function wordsOf({ datasets, params }: Pick<Plan, 'datasets' | 'params'>): readonly string[] {
  return [...datasets, ...params].map(({ name }) => name).concat(datasets.flatMap(({ classes }) => classes))
}

/** An account may have a number and no name. */
function accountName(): string | undefined {
  try {
    return userInfo().username
  } catch {
    return undefined
  }
}

/** The longest first, for one may begin another. */
function distinct(names: readonly (string | undefined)[]): readonly string[] {
  const known = new Set(
    names.filter((name): name is string => name !== undefined && name !== '' && name !== '/'),
  )
  return [...known].sort((a, b) => b.length - a.length)
}

/** Pictures, of which no part is a path. */
const picture = /^(data:|[A-Za-z0-9+][A-Za-z0-9+/]{63,}={0,2}$)/

/** Absolute paths of two parts and more, also of Windows. */
const absolutePath =
  /(?<![\w./:<~-])(?:\/[^\s/'"`<>|,;:()[\]]+){2,}\/?|(?<![\w])[A-Za-z]:[\\/](?:[^\s\\/'"`<>|,;]+[\\/])*[^\s\\/'"`<>|,;]+/g

/** What follows the path of a folder up to the last part of a path below it. */
const foldersBelow = /[/\\](?:[^\s/\\'"`<>|,;:()[\]]+[/\\])*/u.source

/** A text that names no machine, no account and no folder of one: paths are shortened to their last part. */
export function anonymousText(text: string, { hosts, users, places }: Identity): string {
  if (picture.test(text)) return text
  let shown = text
  for (const place of places) {
    shown = shown.replace(new RegExp(`(?<![\\p{L}\\p{N}_.~-])${escaped(place)}${foldersBelow}`, 'gu'), '')
    shown = shown.replace(
      word(place),
      basename(place) === '' || namesUser(place, users) ? '.' : basename(place),
    )
  }
  shown = shown.replace(absolutePath, (path) => path.split(/[\\/]/).findLast((part) => part !== '') ?? '')
  for (const host of hosts) shown = shown.replace(word(host), 'host')
  for (const user of users) shown = shown.replace(word(user), 'user')
  return shown
}

/** `value` with `anonymousText` of every text in it; names of fields stay. */
export function anonymous<Value>(value: Value, identity: Identity): Value {
  return mapped(value, (text) => anonymousText(text, identity)) as Value
}

function mapped(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((entry) => mapped(entry, change))
  if (value instanceof Map) {
    return new Map([...value].map(([key, entry]) => [mapped(key, change), mapped(entry, change)]))
  }
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, mapped(entry, change)]))
}

function namesUser(place: string, users: readonly string[]): boolean {
  return users.includes(basename(place))
}

function word(name: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}_])${escaped(name)}(?![\\p{L}\\p{N}_])`, 'giu')
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}
