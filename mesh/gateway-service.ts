import * as pulumi from "@pulumi/pulumi";

import { objectLabels } from "../lib/labels.ts";
import type { ManifestInput } from "../lib/manifests.ts";
import { meshNames } from "../lib/mesh-names.ts";

/** Ports of the gateway: at the load balancer, at the Service and in the pod, so that policies speak of the same number. */
export const gatewayPorts = { http: 80, https: 443 } as const;

export interface GatewayServiceArgs {
  environment: string;
  /** `spec.loadBalancerClass`; empty where the cloud provider's own controller answers. */
  loadBalancerClass: pulumi.Input<string>;
  /** Tags of the load balancer, which the controller makes on its own. */
  tags: Readonly<Record<string, string>>;
  /** Networks whose clients are let in. @default everyone */
  sourceRanges?: readonly string[] | undefined;
}

/** The Service that asks for the gateway's load balancer. */
export function gatewayService(args: GatewayServiceArgs): ManifestInput {
  const { environment, loadBalancerClass, tags, sourceRanges } = args;
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: meshNames.gateway,
      namespace: meshNames.gatewayNamespace,
      labels: objectLabels("platform", meshNames.gateway, environment),
      annotations: loadBalancerAnnotations(tags),
    },
    spec: {
      type: "LoadBalancer",
      // Keeps the client's address, and spares a hop between nodes.
      externalTrafficPolicy: "Local",
      loadBalancerClass: pulumi.output(loadBalancerClass).apply((name) => (name === "" ? undefined : name)),
      ...(sourceRanges === undefined ? {} : { loadBalancerSourceRanges: [...sourceRanges] }),
      selector: meshNames.gatewayPodLabels,
      ports: [
        { name: "http2", port: gatewayPorts.http, targetPort: gatewayPorts.http, protocol: "TCP" },
        { name: "https", port: gatewayPorts.https, targetPort: gatewayPorts.https, protocol: "TCP" },
      ],
    },
  };
}

/** Asks for a public network load balancer, in words that each of the controllers knows; what one does not know, it passes over. */
export function loadBalancerAnnotations(tags: Readonly<Record<string, string>>): Record<string, string> {
  const prefix = "service.beta.kubernetes.io/aws-load-balancer";
  return {
    [`${prefix}-type`]: "nlb",
    [`${prefix}-scheme`]: "internet-facing",
    [`${prefix}-cross-zone-load-balancing-enabled`]: "true",
    [`${prefix}-additional-resource-tags`]: Object.entries(tags)
      .map(([key, value]) => `${key}=${value}`)
      .join(","),
  };
}
