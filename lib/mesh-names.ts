/**
 * Names of the mesh that objects must spell out where no contract can be read: an object that is rendered to a file is made without
 * any stack. The mesh layer creates its objects by these names and promises them in its contract.
 */
export const meshNames = {
  /** Namespace of the control plane; policy in it holds for the whole mesh. */
  rootNamespace: "istio-system",
  /** First part of every SPIFFE identity. */
  trustDomain: "cluster.local",
  /** Namespace of the ingress gateway. */
  gatewayNamespace: "istio-system",
  /** Name of the ingress gateway's release, Service and Gateway object. */
  gateway: "istio-ingressgateway",
  gatewayServiceAccount: "istio-ingressgateway",
  gatewayPodLabels: { istio: "ingressgateway" },
  istiodPodLabels: { app: "istiod" },
  /** Port at which istiod gives proxies their configuration and certificates. */
  istiodPort: 15012,
} as const;

/** A workload's identity as authorization policies write it. */
export function principalOf(namespace: string, serviceAccount: string): string {
  return `${meshNames.trustDomain}/ns/${namespace}/sa/${serviceAccount}`;
}

/** The Gateway object as routes refer to it. */
export const gatewayReference = `${meshNames.gatewayNamespace}/${meshNames.gateway}`;
