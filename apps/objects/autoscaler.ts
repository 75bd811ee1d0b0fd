import type { IHorizontalPodAutoscaler } from "kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler";

import type { Manifest } from "../../lib/manifests.ts";
import type { PlacedSystem } from "../../lib/systems.ts";
import type { Service, Version } from "../../systems/types.ts";
import { metadataOf, versionName } from "./metadata.ts";

/** Share of what a replica asks for, in percent, above which there should be more replicas. */
const targets = { cpu: 70, memory: 90 } as const;

/** Sets the number of a version's replicas by what its own container uses; the proxy beside it does not count. */
export function autoscaler(system: PlacedSystem, service: Service, version: Version): Manifest {
  const name = versionName(service, version);
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: metadataOf(system, name, service.name),
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
      minReplicas: version.replicas.min,
      maxReplicas: version.replicas.max,
      metrics: Object.entries(targets).map(([resource, averageUtilization]) => ({
        type: "ContainerResource",
        containerResource: {
          container: service.name,
          name: resource,
          target: { type: "Utilization", averageUtilization },
        },
      })),
      behavior: {
        // Up at once, at most doubled a minute; down slowly, so that a pause in traffic does not cost the next burst.
        scaleUp: {
          stabilizationWindowSeconds: 0,
          selectPolicy: "Max",
          policies: [
            { type: "Percent", value: 100, periodSeconds: 60 },
            { type: "Pods", value: 2, periodSeconds: 60 },
          ],
        },
        scaleDown: {
          stabilizationWindowSeconds: 300,
          selectPolicy: "Max",
          policies: [{ type: "Percent", value: 50, periodSeconds: 60 }],
        },
      },
    },
  } satisfies IHorizontalPodAutoscaler;
}
