/** The kind that a type token means. */
export interface TokenKind {
  apiVersion: string;
  kind: string;
}

export const RELEASE = "kubernetes:helm.sh/v3:Release";

/** `kubernetes:core/v1:Namespace` → v1 Namespace; `kubernetes:apps/v1:Deployment` → apps/v1 Deployment. */
export function kindOf(token: string): TokenKind {
  const [, groupVersion = "", kind = ""] = token.split(":");
  const refused = /^(helm\.sh|yaml|kustomize)\//.test(groupVersion) || /(Patch|List)$/.test(kind);
  if (kind === "" || groupVersion === "" || refused) {
    throw new Error(`the stand-in for the Kubernetes provider does not know the type ${token}`);
  }
  return { apiVersion: groupVersion.replace(/^core\//, ""), kind };
}

/** Built-in kinds that live in no namespace; asked before an API server can be. */
const clusterScoped = new Set([
  ...["v1/Namespace", "v1/Node", "v1/PersistentVolume", "v1/ComponentStatus"],
  ...["storage.k8s.io/StorageClass", "storage.k8s.io/CSIDriver", "storage.k8s.io/CSINode"],
  ...[
    "storage.k8s.io/VolumeAttachment",
    "storage.k8s.io/VolumeAttributesClass",
    "networking.k8s.io/IngressClass",
  ],
  ...["networking.k8s.io/IPAddress", "networking.k8s.io/ServiceCIDR", "node.k8s.io/RuntimeClass"],
  ...["scheduling.k8s.io/PriorityClass", "resource.k8s.io/DeviceClass", "resource.k8s.io/ResourceSlice"],
  ...["rbac.authorization.k8s.io/ClusterRole", "rbac.authorization.k8s.io/ClusterRoleBinding"],
  ...["apiextensions.k8s.io/CustomResourceDefinition", "apiregistration.k8s.io/APIService"],
  ...["certificates.k8s.io/CertificateSigningRequest", "certificates.k8s.io/ClusterTrustBundle"],
  ...["flowcontrol.apiserver.k8s.io/FlowSchema", "flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration"],
  ...["MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding", "MutatingWebhookConfiguration"].map(
    admission,
  ),
  ...["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "ValidatingWebhookConfiguration"].map(
    admission,
  ),
]);

function admission(kind: string): string {
  return `admissionregistration.k8s.io/${kind}`;
}

/** Whether a built-in kind is namespaced; undefined for custom kinds, which only an API server knows. */
export function isNamespaced({ apiVersion, kind }: TokenKind): boolean | undefined {
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : apiVersion;
  if (clusterScoped.has(`${group}/${kind}`)) return false;
  const builtIn = !group.includes(".") || group.endsWith(".k8s.io");
  // Groups under k8s.io that are custom all the same: Gateway API, snapshots, the CSI driver of secrets, VPC resources of EKS.
  const custom =
    /^(gateway\.networking|snapshot\.storage|secrets-store\.csi|vpcresources|metrics|policy\.networking)\b|\.x-k8s\.io$/;
  return builtIn && !custom.test(group) ? true : undefined;
}
