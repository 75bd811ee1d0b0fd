import type * as pulumi from "@pulumi/pulumi";

import type { Values } from "../lib/helm.ts";
import { meshNames } from "../lib/mesh-names.ts";
import { spreadOf } from "../lib/spread.ts";
import type { MeshConfig } from "./config.ts";
import { istioImages } from "./images.ts";

export interface IstiodValuesArgs {
  replicas: MeshConfig["istiod"];
  meshId: string;
  /** Name of the network in which pods reach each other directly: the cluster's VPC. */
  network: string;
  clusterName: pulumi.Input<string>;
}

/**
 * What istiod's chart is told. Every key stands in the chart's values.yaml, but for those below `meshConfig`, which is handed on as it
 * is to the control plane.
 */
export function istiodValues({ replicas, meshId, network, clusterName }: IstiodValuesArgs): Values {
  return {
    autoscaleMin: replicas.minReplicas,
    autoscaleMax: replicas.maxReplicas,
    // A mesh of this size keeps istiod below 300Mi; without a limit on processor time, a push of configuration is never throttled.
    resources: { requests: { cpu: "200m", memory: "512Mi" }, limits: { memory: "2Gi" } },
    seccompProfile: { type: "RuntimeDefault" },
    topologySpreadConstraints: spreadOf(meshNames.istiodPodLabels),
    // As a native sidecar the proxy starts before the application and outlives it, so that Jobs end. Never left to detection.
    env: { ENABLE_NATIVE_SIDECARS: "true" },
    // The plugin on the node redirects traffic; injection only adds a container that checks it, and that needs no rights.
    cni: { enabled: true },
    global: {
      ...istioImages,
      meshID: meshId,
      network,
      multiCluster: { clusterName },
      logAsJson: true,
      // The chart leaves the budget out where there is one replica only: it would block every drain of a node.
      defaultPodDisruptionBudget: { enabled: true },
      proxy: {
        resources: {
          requests: { cpu: "100m", memory: "128Mi" },
          limits: { cpu: "2000m", memory: "1024Mi" },
        },
      },
    },
    meshConfig: {
      trustDomain: meshNames.trustDomain,
      accessLogFile: "/dev/stdout",
      accessLogEncoding: "JSON",
      // A workload reaches what is declared and nothing else.
      outboundTrafficPolicy: { mode: "REGISTRY_ONLY" },
      // For pods that opt out of the native sidecar.
      defaultConfig: { holdApplicationUntilProxyStarts: true },
    },
  };
}
