import type { IDeployment } from "kubernetes-models/apps/v1/Deployment";

import type { Manifest } from "../../lib/manifests.ts";
import type { PlacedSystem } from "../../lib/systems.ts";
import type { Service, Version } from "../../systems/types.ts";
import { metadataOf, versionName } from "./metadata.ts";
import { podSpec, type ImageRegistry } from "./pod.ts";

/**
 * The pods of one version of a service. They are replaced one by one, a new one first, so that none is missing at any time. There is no
 * number of replicas: the autoscaler alone sets it.
 */
export function deployment(
  system: PlacedSystem,
  service: Service,
  version: Version,
  registry: ImageRegistry,
): Manifest {
  const metadata = metadataOf(system, versionName(service, version), service.name);
  // A Deployment's selector can never be changed.
  const selector = { app: service.name, version: version.name };
  const labels = { ...metadata.labels, ...selector };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { ...metadata, labels },
    spec: {
      selector: { matchLabels: selector },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      // A replica counts only once it has been ready for a while, so that one that soon fails stops the update.
      minReadySeconds: 5,
      progressDeadlineSeconds: 300,
      revisionHistoryLimit: 3,
      template: { metadata: { labels }, spec: podSpec(system, service, version, registry) },
    },
  } satisfies IDeployment;
}
