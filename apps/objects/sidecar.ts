import type { ISidecar } from "@kubernetes-models/istio/networking.istio.io/v1/Sidecar";

import type { Manifest } from "../../lib/manifests.ts";
import { meshNames } from "../../lib/mesh-names.ts";
import type { PlacedSystem } from "../../lib/systems.ts";
import { metadataOf } from "./metadata.ts";

/**
 * What the proxies of a system know of: their own namespace, and the mesh's, where its collectors are. Otherwise every proxy would hold
 * every service of the cluster, and each change anywhere would be sent to all of them.
 */
export function sidecar(system: PlacedSystem): Manifest {
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "Sidecar",
    metadata: metadataOf(system, "default", system.name),
    spec: { egress: [{ hosts: ["./*", `${meshNames.rootNamespace}/*`] }] },
  } satisfies ISidecar;
}
