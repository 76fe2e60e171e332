// Around `npm pack`: onnxruntime-node travels inside the package (`bundleDependencies`), and without its
// install script, which would fetch hundreds of megabytes of CUDA libraries on Linux, from elsewhere than the
// registry, and fail the install where it cannot. What runs on the processor is in the package of
// onnxruntime-node already. `--restore`, after packing, puts its own manifest back.
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const manifest = join(import.meta.dirname, '../node_modules/onnxruntime-node/package.json')
const kept = `${manifest}.published`

if (process.argv[2] === '--restore') {
  if (existsSync(kept)) renameSync(kept, manifest)
} else {
  if (!existsSync(kept)) renameSync(manifest, kept)
  const { scripts: _, devDependencies: __, ...published } = JSON.parse(readFileSync(kept, 'utf8'))
  // The other two serve the script alone.
  const { 'onnxruntime-common': common } = published.dependencies
  writeFileSync(
    manifest,
    `${JSON.stringify({ ...published, dependencies: { 'onnxruntime-common': common } }, undefined, 2)}\n`,
  )
  // npm reads folders anew where this record of them is gone.
  rmSync(join(import.meta.dirname, '../node_modules/.package-lock.json'), { force: true })
}
