// Where a TensorFlow that this program can use may lie.
import type { LibraryPlace } from './load.js'

/** Places in the order in which they are tried. */
export function libraryPlaces(): readonly LibraryPlace[] {
  const addon = process.env.SAURUN_TENSORFLOW_ADDON
  return addon === undefined ? [] : [{ addon, packageName: '@tensorflow/tfjs-node' }]
}
