// A key of the terminal, as screens see it.

export type Key =
  | 'escape'
  | 'enter'
  | 'backspace'
  | 'tab'
  | 'back_tab'
  | 'up'
  | 'down'
  | 'page_up'
  | 'page_down'
  | 'home'
  | 'end'
  | 'interrupt'
  | { readonly character: string }

export function characterOf(key: Key): string | undefined {
  return typeof key === 'string' ? undefined : key.character
}
