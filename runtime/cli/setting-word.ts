// Words of a command line that set a param.

export function isSetting(word: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*=/.test(word) || isForeignSetting(word)
}

/** A setting as Hydra writes it: `optimizer.lr=0.1`, `model/head=linear`, `+x=1`, `++x=1`, `~x`, `x@y=z`. */
export function isForeignSetting(word: string): boolean {
  return /^\+{0,2}[A-Za-z_][\w.@-]*(\/[\w.@-]+)*=/.test(word) || /^~[A-Za-z_][\w.]*(=.*)?$/.test(word)
}
