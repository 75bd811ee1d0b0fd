import type { INamespace } from "kubernetes-models/v1/Namespace";

import { objectLabels } from "../../lib/labels.ts";
import type { Manifest } from "../../lib/manifests.ts";
import type { PlacedSystem } from "../../lib/systems.ts";

/**
 * Pod security of a system's namespace. Our own pod templates fit `restricted`, and a template that does not is warned about. It is
 * not enforced on pods, because injection adds a container that redirects the pod's traffic and needs NET_ADMIN for it, which
 * even `baseline` refuses.
 */
const podSecurity = {
  "pod-security.kubernetes.io/enforce": "privileged",
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
