// What is shipped for Kubernetes holds together: files, settings, names, labels and ports agree, and the container is closed.
//
// `kubectl` builds the three folders, if it is here. Schemas: test/unit/service/kubernetesSchemas.test.ts.

import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { readConfig } from '../../src/config.ts'
import { catalogueEntries } from '../../src/metrics/catalogue/catalogue.ts'
import { SETTING_LIST, SETTINGS } from '../../src/settings/settings.ts'
import { KUBERNETES, type KubernetesObject, objectsIn, objectsOf } from '../unit/service/kubernetesObjects.ts'

const NAME = 'asterisk-ari-exporter'
const FOLDERS = ['base', 'monitoring', 'example']
const root = (path: string) => readFileSync(join(KUBERNETES, '../../..', path), 'utf8')

interface Generator {
  readonly name: string
  readonly behavior?: string
  readonly literals?: readonly string[]
  readonly files?: readonly string[]
}

interface Kustomization {
  readonly resources: readonly string[]
  readonly images?: readonly { readonly name: string }[]
  readonly configMapGenerator?: readonly Generator[]
  readonly secretGenerator?: readonly Generator[]
  readonly namePrefix?: string
  readonly labels?: readonly { readonly pairs: Readonly<Record<string, string>>; readonly includeSelectors?: boolean }[]
}

const kustomization = (folder: string): Kustomization =>
  parse(readFileSync(join(KUBERNETES, folder, 'kustomization.yaml'), 'utf8'))

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string }
  readonly periodSeconds: number
  readonly failureThreshold?: number
}

interface Container {
  readonly image: string
  readonly envFrom: readonly { readonly configMapRef: { readonly name: string } }[]
  readonly env: readonly { readonly name: string; readonly value: string }[]
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[]
  readonly startupProbe: Probe
  readonly livenessProbe: Probe
  readonly readinessProbe: Probe
  readonly securityContext: unknown
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[]
}

interface StatefulSet {
  readonly replicas: number
  readonly serviceName: string
  readonly selector: { readonly matchLabels: Readonly<Record<string, string>> }
  readonly volumeClaimTemplates: readonly { readonly metadata: { readonly name: string } }[]
  readonly template: {
    readonly metadata: { readonly labels: Readonly<Record<string, string>> }
    readonly spec: {
      readonly terminationGracePeriodSeconds: number
      readonly automountServiceAccountToken: boolean
      readonly enableServiceLinks: boolean
      readonly securityContext: Readonly<Record<string, unknown>>
      readonly containers: readonly Container[]
      readonly volumes: readonly { readonly name: string; readonly secret?: { readonly secretName: string } }[]
    }
  }
}

function specOf<Spec>(objects: readonly KubernetesObject[], kind: string): Spec {
  const [object, ...more] = objects.filter((one) => one.kind === kind)
  if (object === undefined || more.length > 0) {
    throw new Error(`${more.length + 1} objects of the kind ${kind}, if any`)
  }
  return object['spec'] as Spec
}

const base = objectsOf('base')
const { template, ...statefulSet } = specOf<StatefulSet>(base, 'StatefulSet')
const [container, ...others] = template.spec.containers
if (container === undefined) {
  throw new Error('there is no container')
}
const environmentOf = (generators: readonly Generator[] = []) =>
  Object.fromEntries(
    generators.flatMap(({ literals = [] }) => literals).map((one) => /^([^=]+)=(.*)$/.exec(one)?.slice(1) ?? [one, '']),
  )
const fixed = Object.fromEntries(container.env.map(({ name, value }) => [name, value]))

test.each(FOLDERS)('each file of %s is a resource, and each resource is a file', (folder) => {
  const { resources } = kustomization(folder)
  const files = readdirSync(join(KUBERNETES, folder)).filter((name) => name.endsWith('.yaml'))
  expect([...resources.filter((name) => name.endsWith('.yaml')), 'kustomization.yaml'].sort()).toEqual(files.sort())
  expect(resources.filter((name) => !existsSync(join(KUBERNETES, folder, name)))).toEqual([])
})

test('the program takes the settings, those of the example too, and has all of them', () => {
  const given = environmentOf(kustomization('base').configMapGenerator)
  const example = environmentOf(kustomization('example').configMapGenerator)
  for (const environment of [
    { ...given, ...fixed },
    { ...given, ...example, ...fixed },
  ]) {
    const unknown = Object.keys(environment).filter((name) => !SETTING_LIST.some((setting) => setting.name === name))
    expect(unknown).toEqual([])
    expect(readConfig(environment, () => 'choose-one\n')).toMatchObject({
      ok: true,
      config: { ari: { password: 'choose-one' } },
    })
  }
  expect(Object.keys({ ...given, ...example }).filter((name) => name in fixed)).toEqual([])
})

test('the password is a key of the Secret, where the program reads it', () => {
  const secrets = template.spec.volumes.find(({ secret }) => secret?.secretName === NAME)
  const mount = container.volumeMounts.find(({ name }) => name === secrets?.name)
  const { secretGenerator = [] } = kustomization('example')
  expect(secretGenerator).toHaveLength(1)
  for (const { name, files = [] } of secretGenerator) {
    expect(name).toBe(NAME)
    expect(files.map((file) => `${mount?.mountPath}/${file}`)).toEqual([fixed['ARI_PASSWORD_FILE']])
    expect(files.filter((file) => !existsSync(join(KUBERNETES, 'example', file)))).toEqual([])
  }
  for (const [name, value] of Object.entries(fixed)) {
    expect(/PASSWORD|TOKEN|SECRET/.test(name) ? value : '/').toMatch(/^\//)
  }
})

test('the settings are those of the ConfigMap', () => {
  const names = ['base', 'example'].flatMap((folder) => kustomization(folder).configMapGenerator ?? [])
  expect(names.map(({ name, behavior }) => [name, behavior])).toEqual([
    [NAME, undefined],
    [NAME, 'merge'],
  ])
  expect(container.envFrom).toEqual([{ configMapRef: { name: NAME } }])
})

test('one pod, with the image of docker-compose.yml and a volume where the image has its call log', () => {
  expect([statefulSet.replicas, others]).toEqual([1, []])
  expect(root('docker-compose.yml')).toContain(`image: ${container.image}\n`)
  expect(kustomization('example').images?.map(({ name }) => name)).toEqual([container.image.split(':')[0]])
  const [volume, ...more] = statefulSet.volumeClaimTemplates.map(({ metadata }) => metadata.name)
  expect(more).toEqual([])
  const path = container.volumeMounts.find(({ name }) => name === volume)?.mountPath
  expect(root('Dockerfile')).toContain(`DB_PATH=${path}/`)
  const named = [...template.spec.volumes.map(({ name }) => name), volume]
  expect(container.volumeMounts.map(({ name }) => name).sort()).toEqual(named.sort())
})

test('has the least privileges, as in docker-compose.yml', () => {
  expect(template.spec).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false })
  expect(template.spec.securityContext).toMatchObject({
    runAsNonRoot: true,
    runAsUser: 1000,
    seccompProfile: { type: 'RuntimeDefault' },
  })
  expect(container.securityContext).toEqual({
    readOnlyRootFilesystem: true,
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
  })
  expect(container.volumeMounts.map(({ mountPath }) => mountPath)).toContain('/tmp')
})

test('ports and labels lead from the rules over the ServiceMonitor and the Service to the pod', () => {
  expect(container.ports).toEqual([{ name: 'http', containerPort: SETTINGS.http.port.default }].map(withNumber))
  const { labels } = template.metadata
  const service = specOf<{ selector: object; ports: readonly { name: string; port: number; targetPort: string }[] }>(
    base,
    'Service',
  )
  expect(labels).toMatchObject(service.selector)
  expect(labels).toMatchObject(statefulSet.selector.matchLabels)
  expect(service.ports).toEqual([{ name: 'http', port: container.ports[0]?.containerPort, targetPort: 'http' }])
  const policy = specOf<{ podSelector: { matchLabels: object } }>(base, 'NetworkPolicy')
  expect(labels).toMatchObject(policy.podSelector.matchLabels)
  const [serviceObject] = base.filter(({ kind }) => kind === 'Service')
  expect(serviceObject?.metadata.name).toBe(statefulSet.serviceName)
  expect(serviceObject?.metadata.labels).toMatchObject(monitor.selector.matchLabels)
})

const withNumber = ({ name, containerPort }: { name: string; containerPort: string | number }) => ({
  name,
  containerPort: Number(containerPort),
})

// A readiness probe that asks Asterisk would take the page away when Asterisk is away.
test('no probe depends on Asterisk, and a stop and a migration have their time', () => {
  for (const { httpGet } of [container.startupProbe, container.livenessProbe, container.readinessProbe]) {
    expect(httpGet).toEqual({ path: '/-/healthy', port: 'http' })
  }
  const { periodSeconds, failureThreshold = 3 } = container.startupProbe
  expect(periodSeconds * failureThreshold).toBeGreaterThanOrEqual(600)
  expect(template.spec.terminationGracePeriodSeconds).toBeGreaterThan(Number(fixed['STOP_TIMEOUT']))
})

interface Relabeling {
  readonly sourceLabels?: readonly string[]
  readonly targetLabel?: string
  readonly replacement?: string
  readonly action?: string
  readonly regex?: string
}

interface Monitor {
  readonly selector: { readonly matchLabels: object }
  readonly endpoints: readonly {
    readonly port: string
    readonly interval: string
    readonly relabelings: readonly Relabeling[]
  }[]
}

const monitor = specOf<Monitor>(objectsOf('monitoring'), 'ServiceMonitor')

/** Labels that the Prometheus Operator adds to each target. */
const ADDED = ['namespace', 'service', 'pod', 'container', 'endpoint', 'job', 'instance']

describe('the ServiceMonitor', () => {
  const [endpoint, ...more] = monitor.endpoints
  const relabelings = endpoint?.relabelings ?? []
  const dropped = new RegExp(`^(${relabelings.find(({ action }) => action === 'labeldrop')?.regex})$`)

  test('scrapes as prometheus.yml does, with the job of the rules', () => {
    const { global }: { global: { scrape_interval: string } } = parse(root('prometheus/prometheus.yml'))
    expect([endpoint?.port, endpoint?.interval, more]).toEqual(['http', global.scrape_interval, []])
    const { replacement } = relabelings.find(({ targetLabel }) => targetLabel === 'job') ?? {}
    expect(root('prometheus/rules/alerts.yml')).toContain(`up{job="${replacement}"} == 0`)
  })

  test('displaces no label of a metric', () => {
    const own = new Set(catalogueEntries().flatMap(([, { labels }]) => Object.keys(labels)))
    expect(own).toContain('endpoint')
    expect(ADDED.filter((label) => own.has(label) && !dropped.test(label))).toEqual([])
    expect(['job', 'instance', 'namespace'].filter((label) => dropped.test(label))).toEqual([])
  })

  test('names the PBX by a label of the pod, which the example sets', () => {
    const { sourceLabels } = relabelings.find(({ targetLabel }) => targetLabel === 'instance') ?? {}
    const key = 'app.kubernetes.io/instance'
    expect(sourceLabels).toEqual([`__meta_kubernetes_pod_label_${key.replace(/\W/g, '_')}`])
    expect(template.metadata.labels).toHaveProperty([key])
    const { labels, namePrefix } = kustomization('example')
    expect(labels).toEqual([{ pairs: { [key]: namePrefix?.slice(0, -1) }, includeSelectors: true }])
  })
})

/** Whether kubectl is here, with kustomize 5: that of 1.27 or later. */
function hasKubectl(): boolean {
  const { stdout, status } = spawnSync('kubectl', ['version', '--client', '--output=json'], { encoding: 'utf8' })
  const [, major, minor] = /"major": "(\d+)",\s*"minor": "(\d+)/.exec(stdout ?? '') ?? []
  return status === 0 && (Number(major) > 1 || Number(minor) >= 27)
}

const kubectl = hasKubectl()

describe('built by kubectl', () => {
  beforeAll(() => {
    if (!kubectl) {
      process.stdout.write('NOT RUN: kubectl 1.27 or later is not here; the kustomizations were not built\n')
    }
  })

  function built(folder: string): readonly KubernetesObject[] {
    const { stdout, stderr, status } = spawnSync('kubectl', ['kustomize', join(KUBERNETES, folder)], {
      encoding: 'utf8',
    })
    expect([status, stderr]).toEqual([0, ''])
    return objectsIn(stdout)
  }

  test.runIf(kubectl)('the base gives its objects, and the monitoring gives its own unchanged', () => {
    expect(
      built('base')
        .map(({ kind }) => kind)
        .sort(),
    ).toEqual([...base.map(({ kind }) => kind), 'ConfigMap'].sort())
    const byName = (objects: readonly KubernetesObject[]) =>
      Object.fromEntries(objects.map((object) => [`${object.kind} ${object.metadata.name}`, object]))
    expect(byName(built('monitoring'))).toEqual(byName(objectsOf('monitoring')))
  })

  test.runIf(kubectl)('the example names everything after its PBX, and everything still fits', () => {
    const objects = built('example')
    const { template: pod } = specOf<StatefulSet>(objects, 'StatefulSet')
    const nameOf = (kind: string) => objects.find((object) => object.kind === kind)?.metadata.name
    expect(pod.spec.containers[0]?.envFrom).toEqual([{ configMapRef: { name: nameOf('ConfigMap') } }])
    expect(pod.spec.volumes.map(({ secret }) => secret?.secretName)).toContain(nameOf('Secret'))
    expect(objects.filter(({ metadata }) => !metadata.name.startsWith('helsinki-'))).toEqual([])
    const { labels } = pod.metadata
    expect(labels).toMatchObject(specOf<{ selector: object }>(objects, 'Service').selector)
    const policy = specOf<{ podSelector: { matchLabels: object }; ingress: object }>(objects, 'NetworkPolicy')
    expect(labels).toMatchObject(policy.podSelector.matchLabels)
    expect(policy.ingress).toEqual(specOf<{ ingress: object }>(base, 'NetworkPolicy').ingress)
    // The name by which others ask it is allowed.
    expect(objects.find(({ kind }) => kind === 'ConfigMap')).toMatchObject({
      data: { HTTP_ALLOWED_HOSTS: nameOf('Service') },
    })
  })
})
