import type { IService } from "kubernetes-models/v1/Service";

import type { Manifest } from "../../lib/manifests.ts";
import type { PlacedSystem } from "../../lib/systems.ts";
import type { Service } from "../../systems/types.ts";
import { metadataOf, podsOf } from "./metadata.ts";

/** The address of a service, over all its versions. */
export function service(system: PlacedSystem, of: Service): Manifest {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadataOf(system, of.name),
    spec: {
      type: "ClusterIP",
      selector: podsOf(of),
      // The Service's port is the container's: the cloud's network policies see only the latter.
      ports: [{ name: "http", port: of.port, targetPort: "http", protocol: "TCP", appProtocol: "http" }],
    },
  } satisfies IService;
}
