import { groupOf, type KubeObject } from "./objects.ts";

/** Kinds that report, or that follow from other objects, and end with them. */
const derived = new Set([
  ...[
    "/Event",
    "events.k8s.io/Event",
    "/Endpoints",
    "discovery.k8s.io/EndpointSlice",
    "coordination.k8s.io/Lease",
  ],
  ...["networking.k8s.io/IPAddress", "networking.k8s.io/ServiceCIDR", "storage.k8s.io/CSIStorageCapacity"],
  ...["coordination.k8s.io/LeaseCandidate", "metrics.k8s.io/PodMetrics", "metrics.k8s.io/NodeMetrics"],
]);

/** Whether the cluster makes the object by itself: nobody who installs something has to take it away again. */
export function isSystemMade({ apiVersion, kind, metadata }: KubeObject): boolean {
  if (derived.has(`${groupOf(apiVersion)}/${kind}`)) return true;
  if (kind === "ConfigMap" && metadata.name === "kube-root-ca.crt") return true;
  if (kind === "ServiceAccount" && metadata.name === "default") return true;
  // Made by the server for every group of custom kinds.
  return (
    kind === "APIService" && metadata.labels?.["kube-aggregator.kubernetes.io/automanaged"] !== undefined
  );
}
