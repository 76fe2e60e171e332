// Opening a file in the user's browser.
import { spawn } from 'node:child_process'

/** Resolves to whether a program took the file. It is not waited for: it may run as long as the browser. */
export function openPage(path: string, platform: NodeJS.Platform = process.platform): Promise<boolean> {
  const [command, ...before] = opener(platform)
  return new Promise((resolve) => {
    const child = spawn(command, [...before, path], { detached: true, stdio: 'ignore' })
    child.once('error', () => resolve(false))
    child.once('spawn', () => {
      child.unref()
      resolve(true)
    })
  })
}

function opener(platform: NodeJS.Platform): readonly [string, ...string[]] {
  if (platform === 'darwin') return ['open']
  if (platform === 'win32') return ['explorer.exe']
  return ['xdg-open']
}
