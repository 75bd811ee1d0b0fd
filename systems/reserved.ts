/** Namespaces that belong to the cluster or to the platform itself; the layers make none but these and the systems' own. */
export const reservedNamespaces = [
  "default",
  "kube-system",
  "kube-public",
  "kube-node-lease",
  "istio-system",
  "istio-cni",
  "argocd",
  "cert-manager",
] as const;

/**
 * Names that no system can have: objects that serve every system are part of `platform`, Argo CD has a project `default` of its own,
 * and is reached at the host that a system `argocd` would have.
 */
export const reservedSystems = ["platform", "default", "argocd"] as const;
