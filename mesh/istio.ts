import type * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { helmRelease } from "../lib/helm.ts";
import { objectLabels } from "../lib/labels.ts";
import { KubernetesObject, manifestName, type Manifest } from "../lib/manifests.ts";
import { meshNames } from "../lib/mesh-names.ts";
import { charts } from "../lib/versions.ts";
import { IstioCni } from "./cni.ts";
import type { MeshConfig } from "./config.ts";
import { istiodValues } from "./istiod-values.ts";

export interface IstioArgs {
  environment: string;
  replicas: MeshConfig["istiod"];
  meshId: string;
  clusterName: pulumi.Input<string>;
}

/** Istio's kinds, its plugin on the nodes, and its control plane. Whoever depends on it is created once istiod answers. */
export class Istio extends pulumi.ComponentResource {
  readonly istiod: kubernetes.helm.v3.Release;

  constructor(name: string, args: IstioArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:mesh:Istio", name, {}, opts);
    const { environment, replicas, meshId, clusterName } = args;
    const network = networkOf(environment);

    const namespace = istioNamespace(environment, network);
    const space = new KubernetesObject(`${name}-${manifestName(namespace)}`, namespace, { parent: this });
    const base = helmRelease(
      `${name}-base`,
      { chart: charts.istioBase, name: "istio-base", namespace: meshNames.rootNamespace, values: {} },
      { parent: this, dependsOn: [space] },
    );
    const cni = new IstioCni(`${name}-cni`, { environment }, { parent: this, dependsOn: [base] });
    this.istiod = helmRelease(
      `${name}-istiod`,
      {
        chart: charts.istiod,
        name: "istiod",
        namespace: meshNames.rootNamespace,
        values: istiodValues({ replicas, meshId, network, clusterName }),
      },
      { parent: this, dependsOn: [base, cni] },
    );
    this.registerOutputs({});
  }
}

/** Name of the network in which the pods of an environment reach each other without a gateway. */
export function networkOf(environment: string): string {
  return `${environment}-network`;
}

/**
 * The control plane's namespace. It carries no injection label: with `disabled` the gateway's pods, which ask for injection one by one,
 * would not get their proxy.
 */
export function istioNamespace(environment: string, network: string): Manifest {
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name: meshNames.rootNamespace,
      labels: {
        ...objectLabels("platform", meshNames.rootNamespace, environment),
        "topology.istio.io/network": network,
        "pod-security.kubernetes.io/enforce": "baseline",
      },
    },
  };
}
