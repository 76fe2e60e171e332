// The part of Kubernetes' batch/v1 Job that the manifest of a sweep uses, as a JSON Schema in our own words,
// from the API reference (kubernetes.io/docs/reference/kubernetes-api/workload-resources/job-v1). Stricter
// than the API: fields that it does not name are errors.
const name = { type: 'string', pattern: '^[a-z]([-a-z0-9]*[a-z0-9])?$', maxLength: 63 }
const quantity = { type: ['string', 'number'], pattern: '^[0-9]+(\\.[0-9]+)?([EPTGMk]i?|m)?$' }

function record(required: readonly string[], properties: Readonly<Record<string, object>>) {
  return { type: 'object', required, properties, additionalProperties: false }
}

const exitCodes = record(['operator', 'values'], {
  containerName: name,
  operator: { enum: ['In', 'NotIn'] },
  values: {
    type: 'array',
    minItems: 1,
    maxItems: 255,
    uniqueItems: true,
    items: { type: 'integer', minimum: 1 },
  },
})

const condition = record(['type', 'status'], {
  type: { type: 'string', minLength: 1 },
  status: { enum: ['True', 'False', 'Unknown'] },
})

const rule = {
  ...record(['action'], {
    action: { enum: ['FailJob', 'FailIndex', 'Ignore', 'Count'] },
    onExitCodes: exitCodes,
    onPodConditions: { type: 'array', maxItems: 20, items: condition },
  }),
  oneOf: [{ required: ['onExitCodes'] }, { required: ['onPodConditions'] }],
}

const container = record(['name', 'image'], {
  name,
  image: { type: 'string', minLength: 1 },
  command: { type: 'array', items: { type: 'string' } },
  resources: record([], { limits: { type: 'object', additionalProperties: quantity } }),
  volumeMounts: {
    type: 'array',
    items: record(['name', 'mountPath'], { name, mountPath: { type: 'string', pattern: '^/[^:]*$' } }),
  },
})

const podSpec = record(['restartPolicy', 'containers'], {
  // Pods of jobs with a podFailurePolicy are never restarted in place.
  restartPolicy: { const: 'Never' },
  terminationGracePeriodSeconds: { type: 'integer', minimum: 0 },
  containers: { type: 'array', minItems: 1, items: container },
  volumes: {
    type: 'array',
    items: record(['name', 'persistentVolumeClaim'], {
      name,
      persistentVolumeClaim: record(['claimName'], { claimName: { type: 'string', minLength: 1 } }),
    }),
  },
})

export const jobSchema = record(['apiVersion', 'kind', 'metadata', 'spec'], {
  apiVersion: { const: 'batch/v1' },
  kind: { const: 'Job' },
  metadata: record(['name'], { name, labels: { type: 'object', additionalProperties: { type: 'string' } } }),
  spec: {
    ...record(['template'], {
      completionMode: { enum: ['NonIndexed', 'Indexed'] },
      completions: { type: 'integer', minimum: 1, maximum: 100_000 },
      parallelism: { type: 'integer', minimum: 0, maximum: 100_000 },
      backoffLimitPerIndex: { type: 'integer', minimum: 0 },
      podReplacementPolicy: { enum: ['TerminatingOrFailed', 'Failed'] },
      podFailurePolicy: record(['rules'], {
        rules: { type: 'array', minItems: 1, maxItems: 20, items: rule },
      }),
      template: record(['spec'], { spec: podSpec }),
    }),
    // A limit for each index is for indexed jobs only, and a failure policy replaces pods only once they have
    // failed.
    if: { required: ['backoffLimitPerIndex'] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: {
      properties: { completionMode: { const: 'Indexed' } },
      required: ['completionMode', 'completions'],
    },
  },
})
