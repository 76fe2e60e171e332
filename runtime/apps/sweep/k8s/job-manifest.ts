// The pilots of a sweep as an Indexed Job of Kubernetes (batch/v1): each index is a pilot that takes runs
// from the sweep's folder on a volume that all of them share, at the path that it has here.
import { commandWord } from '../../../platform/texts/kubernetes.js'

export interface JobRequest {
  /** Name of the sweep. */
  readonly name: string
  /** Absolute path of the sweep's folder, and of the folder that the volume is mounted on. */
  readonly sweepFolder: string
  readonly mountPath: string
  readonly image: string
  readonly volumeClaim: string
  readonly pilots: number
  readonly parallel: number | undefined
  readonly gpus: number | undefined
  readonly cpus: number | undefined
  /** As Kubernetes reads it, such as 8Gi. */
  readonly memory: string | undefined
}

/** Exit codes of pilots that another try does not help: wrong use, another program, changed data. */
const hopeless = [2, 3, 4]

/** How often a pilot is tried again after other failures, such as lack of memory. */
const tries = 3

/** Seconds that a pilot has for its checkpoint. */
const graceSeconds = 60

export function jobManifest(request: JobRequest) {
  const { name, sweepFolder, mountPath, image, volumeClaim, pilots, parallel, gpus, cpus, memory } = request
  const resources = {
    ...(gpus === undefined ? {} : { 'nvidia.com/gpu': gpus }),
    ...(cpus === undefined ? {} : { cpu: cpus }),
    ...(memory === undefined ? {} : { memory }),
  }
  const container = 'pilot'
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: objectName(name), labels: { 'app.kubernetes.io/name': 'saurun' } },
    spec: {
      completionMode: 'Indexed',
      completions: pilots,
      parallelism: Math.min(pilots, parallel ?? pilots),
      backoffLimitPerIndex: tries,
      podReplacementPolicy: 'Failed',
      podFailurePolicy: {
        rules: [
          { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
          // Stopped with a checkpoint.
          { action: 'Ignore', onExitCodes: { containerName: container, operator: 'In', values: [75] } },
          {
            action: 'FailIndex',
            onExitCodes: { containerName: container, operator: 'In', values: hopeless },
          },
        ],
      },
      template: {
        spec: {
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: graceSeconds,
          containers: [
            {
              name: container,
              image,
              command: ['saurun', 'sweep', 'work', commandWord(sweepFolder)],
              ...(Object.keys(resources).length === 0 ? {} : { resources: { limits: resources } }),
              volumeMounts: [{ name: 'sweep', mountPath }],
            },
          ],
          volumes: [{ name: 'sweep', persistentVolumeClaim: { claimName: volumeClaim } }],
        },
      },
    },
  } as const
}

/** A name that Kubernetes takes, with room for the index behind it in the names of pods. */
function objectName(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .slice(0, 50)
  return plain.replace(/^[^a-z]+/, '').replace(/-+$/, '') || 'sweep'
}
