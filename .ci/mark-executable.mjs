// After `tsc`: the command needs its executable bit, which the compiler does not set.
import { chmodSync, existsSync } from 'node:fs'

const command = new URL('../dist/runtime/cli/main.js', import.meta.url)
if (existsSync(command)) chmodSync(command, 0o755)
