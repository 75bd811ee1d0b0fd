import type { IIoK8sApiCoreV1Container } from "kubernetes-models/v1/Container";
import type { IIoK8sApiCoreV1PodSpec } from "kubernetes-models/v1/PodSpec";

import { spreadOf } from "../../lib/spread.ts";
import type { PlacedSystem } from "../../lib/systems.ts";
import { repositoryOf, repositoryUrl } from "../../systems/names.ts";
import { secretsOf } from "../../systems/relations.ts";
import type { Secret, Service, Version } from "../../systems/types.ts";
import { drainSeconds, graceSeconds } from "./drain.ts";
import { podsOfVersion } from "./metadata.ts";
import { secretsFolder } from "./secret-provider-class.ts";

/** Where images are: the account's registry of the region. */
export interface ImageRegistry {
  readonly accountId: string;
  readonly region: string;
}

/** The user that the images are built for; distroless calls it `nonroot`. */
const user = 65532;

/** What a pod of a version is made of. It has no rights on its node, no writable file but in `/tmp`, and no token of the API server. */
export function podSpec(
  system: PlacedSystem,
  service: Service,
  version: Version,
  registry: ImageRegistry,
): IIoK8sApiCoreV1PodSpec {
  const secrets = secretsOf(system, service);
  return {
    serviceAccountName: service.name,
    automountServiceAccountToken: false,
    // Variables for every Service of the namespace could collide with our own.
    enableServiceLinks: false,
    terminationGracePeriodSeconds: graceSeconds(service),
    securityContext: {
      runAsNonRoot: true,
      runAsUser: user,
      runAsGroup: user,
      fsGroup: user,
      seccompProfile: { type: "RuntimeDefault" },
    },
    // Counts the replicas of one revision, else those about to go would push the new ones together.
    topologySpreadConstraints: spreadOf(podsOfVersion(service, version), ["pod-template-hash"]),
    containers: [container(system, service, version, secrets, registry)],
    volumes: [
      { name: "tmp", emptyDir: { sizeLimit: "64Mi" } },
      ...secrets.map((secret) => ({
        name: volumeOf(secret),
        csi: {
          driver: "secrets-store.csi.k8s.io",
          readOnly: true,
          volumeAttributes: { secretProviderClass: secret.name },
        },
      })),
    ],
  };
}

function container(
  system: PlacedSystem,
  service: Service,
  version: Version,
  secrets: readonly Secret[],
  registry: ImageRegistry,
): IIoK8sApiCoreV1Container {
  const repository = repositoryOf(system, service, system.environment);
  // Injection has the proxy's agent ask for the kubelet, which has no certificate of the mesh.
  const httpGet = { path: "/health", port: "http" };
  return {
    name: service.name,
    image: `${repositoryUrl(registry.accountId, registry.region, repository)}:${version.tag}`,
    imagePullPolicy: "IfNotPresent",
    ports: [{ name: "http", containerPort: service.port, protocol: "TCP" }],
    env: Object.entries(variables(system, service, version, secrets)).map(([name, value]) => ({
      name,
      value,
    })),
    resources: { requests: { ...service.resources.requests }, limits: { ...service.resources.limits } },
    startupProbe: { httpGet, periodSeconds: 2, timeoutSeconds: 2, failureThreshold: 30 },
    readinessProbe: { httpGet, periodSeconds: 5, timeoutSeconds: 2, failureThreshold: 2 },
    livenessProbe: { httpGet, periodSeconds: 10, timeoutSeconds: 3, failureThreshold: 3 },
    // Not a command: the image has no shell.
    lifecycle: { preStop: { sleep: { seconds: drainSeconds } } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    volumeMounts: [
      { name: "tmp", mountPath: "/tmp" },
      ...secrets.map((secret) => ({
        name: volumeOf(secret),
        mountPath: `${secretsFolder}/${secret.name}`,
        readOnly: true,
      })),
    ],
  };
}

function variables(
  system: PlacedSystem,
  service: Service,
  version: Version,
  secrets: readonly Secret[],
): Record<string, string> {
  return {
    PORT: String(service.port),
    SERVICE_NAME: service.name,
    SERVICE_VERSION: version.name,
    ENVIRONMENT: system.environment,
    ...(secrets.length === 0 ? {} : { SECRETS_DIR: secretsFolder }),
    ...service.environment,
  };
}

function volumeOf(secret: Secret): string {
  return `secret-${secret.name}`;
}
