// Chevrotain, loaded from the one-file bundle that its package ships.
//
// The package's entry pulls in some six hundred small files of lodash-es, which takes longer to load than the
// whole of `saurun check` may take; the bundle beside it holds the same code in one file.
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import type * as Chevrotain from 'chevrotain'

async function loadChevrotain(): Promise<typeof Chevrotain> {
  const entry = pathToFileURL(createRequire(import.meta.url).resolve('chevrotain'))
  const bundle = new URL('../chevrotain.min.mjs', entry)
  try {
    return await import(bundle.href)
  } catch {
    return await import('chevrotain')
  }
}

export const {
  createToken,
  createTokenInstance,
  EmbeddedActionsParser,
  EMPTY_ALT,
  EOF,
  Lexer,
  tokenMatcher,
} = await loadChevrotain()
