import { renderedFolder } from "./render.ts";

/** What Argo CD is given of a system: its workloads, and the mesh's configuration for them, each in a folder of its own. */
export const deliveryParts = ["app", "istio-config"] as const;
export type DeliveryPart = (typeof deliveryParts)[number];

/** A kind of Kubernetes object; the core group is the empty string. */
export interface Kind {
  readonly group: string;
  readonly kind: string;
}

/** Kinds of the workloads' part: exactly what is rendered there. A project allows these and nothing else. */
export const appKinds: readonly Kind[] = [
  { group: "", kind: "Service" },
  { group: "apps", kind: "Deployment" },
  { group: "autoscaling", kind: "HorizontalPodAutoscaler" },
  { group: "networking.k8s.io", kind: "NetworkPolicy" },
  { group: "policy", kind: "PodDisruptionBudget" },
];

/**
 * Kinds of the mesh's part. PeerAuthentication is not among them: a change in the repository must not be able to turn mutual TLS
 * off for a namespace.
 */
export const istioConfigKinds: readonly Kind[] = [
  { group: "networking.istio.io", kind: "DestinationRule" },
  { group: "networking.istio.io", kind: "Sidecar" },
  { group: "networking.istio.io", kind: "VirtualService" },
  { group: "security.istio.io", kind: "AuthorizationPolicy" },
];

/** The folder, from the checkout's root, in which a part of a system is rendered. */
export function partFolder(environment: string, system: string, part: DeliveryPart): string {
  return `${renderedFolder(environment)}/${system}/${part}`;
}
