import * as pulumi from "@pulumi/pulumi";

import type { Values } from "../lib/helm.ts";
import { meshNames } from "../lib/mesh-names.ts";
import type { MeshConfig } from "./config.ts";
import { spreadOf } from "./spread.ts";

/** Ports of the gateway: at the load balancer, at the Service and in the pod, so that policies speak of the same number. */
export const gatewayPorts = { http: 80, https: 443 } as const;

/**
 * Seconds for which a gateway that was told to stop goes on answering: the load balancer asks each node every 10 seconds and takes it
 * out after two failures.
 */
const drainSeconds = 30;

export interface GatewayValuesArgs {
  environment: string;
  replicas: Pick<MeshConfig["gateway"], "minReplicas" | "maxReplicas">;
  /** `spec.loadBalancerClass`; empty where the cloud provider's own controller answers. */
  loadBalancerClass: pulumi.Input<string>;
  /** Tags of the load balancer, which the controller makes on its own. */
  tags: Readonly<Record<string, string>>;
}

/** What the gateway's chart is told; every key stands in its values.yaml. Names, labels and account follow the release's name. */
export function gatewayValues(args: GatewayValuesArgs): Values {
  const { environment, replicas, loadBalancerClass, tags } = args;
  const { minReplicas, maxReplicas } = replicas;
  return {
    labels: { "platform.mesh/environment": environment },
    autoscaling: { enabled: true, minReplicas, maxReplicas, targetCPUUtilizationPercentage: 70 },
    // The chart leaves it out where there is one replica only: it would block every drain of a node.
    podDisruptionBudget: { minAvailable: 1 },
    resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "2000m", memory: "1024Mi" } },
    topologySpreadConstraints: spreadOf(meshNames.gatewayPodLabels),
    strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    terminationGracePeriodSeconds: drainSeconds + 15,
    podAnnotations: {
      "proxy.istio.io/config": JSON.stringify({ terminationDrainDuration: `${drainSeconds}s` }),
    },
    securityContext: {
      // Lets the proxy bind to its ports without being root or having a capability.
      sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "0" }],
      seccompProfile: { type: "RuntimeDefault" },
    },
    service: {
      type: "LoadBalancer",
      // Keeps the client's address, and spares a hop between nodes.
      externalTrafficPolicy: "Local",
      annotations: loadBalancerAnnotations(tags),
      loadBalancerClass: pulumi.output(loadBalancerClass).apply((name) => (name === "" ? undefined : name)),
      // The chart's own list would also publish the port of the health checks.
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
