import type { IPodDisruptionBudget } from "kubernetes-models/policy/v1/PodDisruptionBudget";

import type { Manifest } from "../../lib/manifests.ts";
import type { PlacedSystem } from "../../lib/systems.ts";
import type { Service, Version } from "../../systems/types.ts";
import { metadataOf, podsOfVersion, versionName } from "./metadata.ts";

/** A node may be emptied only so far that one replica of a version is away at a time. */
export function disruptionBudget(system: PlacedSystem, service: Service, version: Version): Manifest {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: metadataOf(system, versionName(service, version), service.name),
    spec: {
      maxUnavailable: 1,
      selector: { matchLabels: podsOfVersion(service, version) },
      // A replica that answers nothing anyway must not keep a node from being replaced.
      unhealthyPodEvictionPolicy: "AlwaysAllow",
    },
  } satisfies IPodDisruptionBudget;
}
