// Manifests of Kubernetes: YAML 1.2, of which JSON is a part, and the words of a container's command.
import { jsonText } from './json.js'

/** A word of `command` or `args`, in which Kubernetes puts variables for `$(NAME)`. */
export function commandWord(word: string): string {
  return word.replaceAll('$', '$$$$')
}

export function manifestText(manifest: object): string {
  return `${jsonText(manifest, 2)}\n`
}
