// The TensorFlow that tests of its engine use, where one is there: as a run would find it.
import { libraryPlaces } from '../../runtime/engines/tensorflow/library/find.js'
import type { LibraryPlace } from '../../runtime/engines/tensorflow/library/load.js'

const [place] = libraryPlaces()

export const tensorFlow: { readonly place: LibraryPlace } | undefined =
  place === undefined ? undefined : { place }

/** Why tests that need it are skipped. */
export const missingTensorFlow = 'TensorFlow is not installed (`saurun engine install tensorflow` makes one)'
