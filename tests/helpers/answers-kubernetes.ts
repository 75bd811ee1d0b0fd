import type { Answer, Asked } from "./answers.ts";
import { region } from "./answers-aws.ts";

/** The kinds that the platform creates, by group and version. A kind that is missing here is an error. */
const kinds: Readonly<Record<string, readonly string[]>> = {
  "core/v1": ["ConfigMap", "LimitRange", "Namespace", "ResourceQuota", "Service", "ServiceAccount"],
  "apps/v1": ["Deployment"],
  "autoscaling/v2": ["HorizontalPodAutoscaler"],
  "policy/v1": ["PodDisruptionBudget"],
  "networking.k8s.io/v1": ["NetworkPolicy"],
  "rbac.authorization.k8s.io/v1": ["Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"],
  "scheduling.k8s.io/v1": ["PriorityClass"],
  "storage.k8s.io/v1": ["StorageClass"],
  "secrets-store.csi.x-k8s.io/v1": ["SecretProviderClass"],
  "cert-manager.io/v1": ["Certificate", "ClusterIssuer", "Issuer"],
  "networking.istio.io/v1": ["DestinationRule", "Gateway", "ServiceEntry", "Sidecar", "VirtualService"],
  "networking.istio.io/v1alpha3": ["EnvoyFilter"],
  "security.istio.io/v1": ["AuthorizationPolicy", "PeerAuthentication", "RequestAuthentication"],
  "telemetry.istio.io/v1": ["Telemetry"],
  "argoproj.io/v1alpha1": ["Application", "AppProject"],
};

const tokens = new Set(
  Object.entries(kinds).flatMap(([group, names]) => names.map((kind) => `kubernetes:${group}:${kind}`)),
);

export function isKubernetesType(type: string): boolean {
  return tokens.has(type);
}

interface Metadata {
  name?: string;
  namespace?: string;
}

/** An object comes back as it was sent, with an id of its namespace and name. */
export function kubernetesObject({ type, name, inputs, id }: Asked): Answer {
  const metadata: Metadata = inputs["metadata"] ?? {};
  if (id !== undefined) return existing(type, id);
  if (metadata.name === undefined)
    throw new Error(`'${name}' (${type}) has no metadata.name: the provider would add a random suffix`);
  const path = metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
  return { id: path, state: type.endsWith(":Service") ? { status: loadBalancer(metadata.name) } : {} };
}

/** An object that something else made, looked up by `namespace/name`. */
function existing(type: string, id: string): Answer {
  const [namespace, name] = id.includes("/") ? (id.split("/") as [string, string]) : [undefined, id];
  return {
    state: {
      metadata: { namespace, name },
      ...(type.endsWith(":Service") ? { status: loadBalancer(name) } : {}),
    },
  };
}

function loadBalancer(name: string): object {
  return {
    loadBalancer: { ingress: [{ hostname: `${name}-0123456789abcdef.elb.${region}.amazonaws.com` }] },
  };
}

export const kubernetesTypes: Readonly<Record<string, (asked: Asked) => Answer>> = {
  "kubernetes:helm.sh/v3:Release": ({ name, inputs }) => {
    const release = inputs["name"];
    if (typeof release !== "string")
      throw new Error(`release '${name}' has no name: the provider would add a random suffix`);
    const status = {
      name: release,
      namespace: inputs["namespace"],
      status: "deployed",
      revision: 1,
      version: inputs["version"],
    };
    return {
      id: `${String(inputs["namespace"])}/${release}`,
      state: { status, manifest: {}, resourceNames: {} },
    };
  },
};
