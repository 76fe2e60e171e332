// A folder as somebody works in it: experiments, a sweep file, runs of which one goes on.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { takeOwnership } from '../../../runtime/platform/files/ownership.js'

export const experiment = `sau 1

import "./base.sau"

experiment "Typed"

param depth    : int        = 8 in [8, 14, 20]
param rate     : float      = 0.1 in 1e-3..1.0 log
param strategy : correction = pos_neg
param mix      : bool       = true
param data     : path       = "images"
param broken   : int        = in in
dataset train = shapes(classes: 4, per_class: 16, size: 16, seed: 1)
dataset test  = shapes(classes: 4, per_class: 8, size: 16, seed: 2)
`

export const oldest = '20260101-080000-aaaaaa'
export const running = '20260102-080000-bbbbbb'
export const newest = '20260103-080000-cccccc'

/** Fills a folder; returns how to end what goes on in it. */
export function fillTypingFolder(folder: string): () => void {
  const write = (path: string, text: string): void => {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  write('exp.sau', experiment)
  write('base.sau', 'sau 1\nparam width : int = 16 in 4..64\n')
  write('a b.sau', 'sau 1\n')
  write('half.sau', 'sau 1\nparam depth : int = 8 in [8, 14\nbranch {{{ "')
  write('grid.sweep.yaml', 'experiment: exp.sau # to be varied\ngrid: { depth: [8\n')
  write('images/one.png', '')
  write('runs/grid-sweep/sweep.json', '{}')
  for (const name of [oldest, running, newest]) {
    write(`runs/exp/${name}/plan.json`, '{}')
    write(`runs/exp/${name}/lock.json`, JSON.stringify({ params: { depth: 8, mix: true } }))
  }
  const owned = takeOwnership(join(folder, 'runs/exp', running))
  return () => owned.release()
}
