// The manifest of a sweep on Kubernetes.
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { type JobRequest, jobManifest } from '../../../../runtime/apps/sweep/k8s/job-manifest.js'
import { jobSchema } from './job-schema.js'

const validate = new Ajv({
  allErrors: true,
  strict: true,
  strictRequired: false,
  allowUnionTypes: true,
}).compile(jobSchema)
const request: JobRequest = {
  name: 'grid-sweep',
  sweepFolder: '/data/runs/grid-sweep',
  mountPath: '/data/runs',
  image: 'registry.example/saurun:1',
  volumeClaim: 'runs',
  pilots: 10,
  parallel: 4,
  gpus: 1,
  cpus: 4,
  memory: '16Gi',
}

describe('the manifest passes the schema of batch/v1 Job', () => {
  test.each([
    ['with everything', request],
    [
      'with nothing',
      { ...request, parallel: undefined, gpus: undefined, cpus: undefined, memory: undefined },
    ],
    ['of a name with signs', { ...request, name: '7_Größe (alt)-sweep' }],
    ['of a long name', { ...request, name: `${'x'.repeat(49)}-${'y'.repeat(60)}` }],
  ])('%s', (_, one) => {
    validate(jobManifest(one))
    expect(validate.errors).toBeNull()
  })
})

test('the schema refuses what Kubernetes refuses', () => {
  const { spec, ...rest } = jobManifest(request)
  expect(validate({ ...rest, spec: { ...spec, completionMode: 'NonIndexed' } })).toBe(false)
  expect(validate({ ...rest, spec: { ...spec, completions: 0 } })).toBe(false)
  expect(validate({ ...rest, metadata: { name: 'Grid_Sweep' }, spec })).toBe(false)
  expect(validate({ ...rest, spec: { ...spec, podFailurePolicy: { rules: [{ action: 'Retry' }] } } })).toBe(
    false,
  )
})

test('each index is a pilot; disruptions and stops with a checkpoint do not count as failures', () => {
  const { spec } = jobManifest(request)
  expect(spec).toMatchObject({ completionMode: 'Indexed', completions: 10, parallelism: 4 })
  const [disrupted, stopped, hopeless] = spec.podFailurePolicy.rules
  expect(disrupted).toMatchObject({ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] })
  expect(stopped).toMatchObject({ action: 'Ignore', onExitCodes: { values: [75] } })
  expect(hopeless).toMatchObject({ action: 'FailIndex', onExitCodes: { values: [2, 3, 4] } })
  const [container] = spec.template.spec.containers
  expect(container.command).toEqual(['saurun', 'sweep', 'work', '/data/runs/grid-sweep'])
})

test('no more pods at a time than pilots', () => {
  expect(jobManifest({ ...request, pilots: 3, parallel: 8 }).spec.parallelism).toBe(3)
})
