import { groupOf } from "../../kubernetes/objects.ts";

/** Fields of the built-in kinds that cannot be changed on a living object, by group and kind. */
const immutable: Readonly<Record<string, readonly string[]>> = {
  "apps/Deployment": ["spec.selector"],
  "apps/DaemonSet": ["spec.selector"],
  "apps/StatefulSet": [
    "spec.selector",
    "spec.serviceName",
    "spec.podManagementPolicy",
    "spec.volumeClaimTemplates",
  ],
  "batch/Job": ["spec.selector", "spec.template", "spec.completions", "spec.completionMode"],
  "/Pod": ["spec"],
  "/PersistentVolume": ["spec.csi", "spec.hostPath", "spec.local", "spec.nfs"],
  "/PersistentVolumeClaim": ["spec"],
  "/Secret": ["type"],
  "/Service": ["spec.clusterIP", "spec.loadBalancerClass"],
  "rbac.authorization.k8s.io/ClusterRoleBinding": ["roleRef"],
  "rbac.authorization.k8s.io/RoleBinding": ["roleRef"],
  "scheduling.k8s.io/PriorityClass": ["value"],
  "storage.k8s.io/StorageClass": ["provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"],
};

/** What the provider replaces though the API server would change it, so that pods see the new content under a new object. */
const content: Readonly<Record<string, readonly string[]>> = {
  "/ConfigMap": ["data", "binaryData"],
  "/Secret": ["data", "stringData"],
};

const always = ["apiVersion", "kind", "metadata.name", "metadata.namespace"];

export interface ReplaceArgs {
  apiVersion: string;
  kind: string;
  /** The provider's `enableConfigMapMutable` or `enableSecretMutable`, whichever is the kind's. @default false */
  mutable?: boolean;
}

/** Says of a path, written with dots and without indexes, whether a change there needs a new object. */
export function replaceRule({ apiVersion, kind, mutable = false }: ReplaceArgs): (path: string) => boolean {
  const key = `${groupOf(apiVersion)}/${kind}`;
  const fields = [...always, ...(immutable[key] ?? []), ...(mutable ? [] : (content[key] ?? []))];
  // A change of a whole map above a field is a change of the field.
  return (path) =>
    fields.some((field) => path === field || path.startsWith(`${field}.`) || field.startsWith(`${path}.`));
}
