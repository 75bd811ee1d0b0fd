import type { Values } from "../lib/helm.ts";
import { meshNames } from "../lib/mesh-names.ts";
import { spreadOf } from "../lib/spread.ts";
import type { MeshConfig } from "./config.ts";

/**
 * Seconds for which a gateway that was told to stop goes on answering: the load balancer asks each node every 10 seconds and takes it
 * out after two failures.
 */
const drainSeconds = 30;

export interface GatewayValuesArgs {
  environment: string;
  replicas: Pick<MeshConfig["gateway"], "minReplicas" | "maxReplicas">;
}

/** What the gateway's chart is told; every key stands in its values.yaml. Names, labels and account follow the release's name. */
export function gatewayValues({ environment, replicas }: GatewayValuesArgs): Values {
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
    // The Service is made beside the release: see IngressGateway.
    service: { type: "None" },
  };
}
