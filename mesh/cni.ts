import * as pulumi from "@pulumi/pulumi";

import { helmRelease } from "../lib/helm.ts";
import { objectLabels } from "../lib/labels.ts";
import { KubernetesObject, manifestName, type Manifest } from "../lib/manifests.ts";
import { charts } from "../lib/versions.ts";
import { cniValues } from "./cni-values.ts";

export interface IstioCniArgs {
  environment: string;
}

/** Name of the release and of its namespace. */
const cniName = "istio-cni";

/**
 * Redirects the traffic of meshed pods from the node, so that no pod needs a container with rights over its network. Whoever depends on
 * it is created once the plugin is on the nodes.
 */
export class IstioCni extends pulumi.ComponentResource {
  constructor(name: string, args: IstioCniArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:mesh:IstioCni", name, {}, opts);
    const namespace = cniNamespace(args.environment);
    const space = new KubernetesObject(`${name}-${manifestName(namespace)}`, namespace, { parent: this });
    helmRelease(
      `${name}-release`,
      { chart: charts.istioCni, name: cniName, namespace: cniName, values: cniValues() },
      { parent: this, dependsOn: [space] },
    );
    this.registerOutputs({});
  }
}

/**
 * A namespace of its own, because its pods write into the node's folders and enter other pods' networks, which no pod security level but
 * `privileged` admits: so neither istio-system nor any other namespace is opened for them. Their class, system-node-critical, is free for
 * every namespace unless an API server is set up to want a ResourceQuota for it.
 */
export function cniNamespace(environment: string): Manifest {
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name: cniName,
      labels: {
        ...objectLabels("platform", cniName, environment),
        "pod-security.kubernetes.io/enforce": "privileged",
      },
    },
  };
}
