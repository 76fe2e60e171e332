// Random search (Bergstra and Bengio, JMLR 2012).
import { type Point, type Space, valueAt } from '../space.js'
import { uniformDraws } from './draws.js'

/** Trial number `trial` (from 0) of a random search: its own, whatever other trials and params there are. */
export function randomTrial(space: Space, seed: number, trial: number): Point {
  return Object.fromEntries(
    space.map((dimension) => [
      dimension.name,
      valueAt(dimension, uniformDraws(seed, 'random', trial, dimension.name)()),
    ]),
  )
}
