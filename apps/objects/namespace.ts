import type { INamespace } from "kubernetes-models/v1/Namespace";

import { objectLabels } from "../../lib/labels.ts";
import type { Manifest } from "../../lib/manifests.ts";
import type { PlacedSystem } from "../../lib/systems.ts";

/**
 * Pod security of a system's namespace. Pods are refused unless they fit `restricted` with everything that injection adds: the mesh
 * redirects traffic from the node, and the proxy takes its seccomp profile from the pod. What makes pods, like a Deployment, is never
 * refused, so it is warned about.
 */
const podSecurity = {
  "pod-security.kubernetes.io/enforce": "restricted",
  "pod-security.kubernetes.io/warn": "restricted",
};

/** Labels of a system's namespace; `injectionLabels` are the mesh's, by which its pods join. */
export function namespaceLabels(
  system: PlacedSystem,
  injectionLabels: Record<string, string>,
): Record<string, string> {
  return {
    ...objectLabels(system.name, system.name, system.environment),
    ...podSecurity,
    ...injectionLabels,
  };
}

/** The system's namespace, in the mesh. */
export function namespace(system: PlacedSystem, injectionLabels: Record<string, string>): Manifest {
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: system.namespace, labels: namespaceLabels(system, injectionLabels) },
  } satisfies INamespace;
}
