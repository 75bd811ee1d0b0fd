/** The order in which Helm installs kinds; others come last. It uninstalls in the reverse. */
const order = [
  ...["PriorityClass", "Namespace", "NetworkPolicy", "ResourceQuota", "LimitRange", "PodSecurityPolicy"],
  ...["PodDisruptionBudget", "ServiceAccount", "Secret", "SecretList", "ConfigMap", "StorageClass"],
  ...[
    "PersistentVolume",
    "PersistentVolumeClaim",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleList",
  ],
  ...["ClusterRoleBinding", "ClusterRoleBindingList", "Role", "RoleList", "RoleBinding", "RoleBindingList"],
  ...["Service", "DaemonSet", "Pod", "ReplicationController", "ReplicaSet", "Deployment"],
  ...["HorizontalPodAutoscaler", "StatefulSet", "Job", "CronJob", "IngressClass", "Ingress", "APIService"],
];

interface Named {
  kind: string;
  metadata: { name: string };
}

/** Objects in the order of their installation: by kind, then by name. */
export function inInstallOrder<T extends Named>(objects: readonly T[]): T[] {
  return [...objects].sort(
    (a, b) =>
      rank(a.kind) - rank(b.kind) || compare(a.kind, b.kind) || compare(a.metadata.name, b.metadata.name),
  );
}

function rank(kind: string): number {
  const index = order.indexOf(kind);
  return index < 0 ? order.length : index;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
