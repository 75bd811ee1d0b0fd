import * as pulumi from "@pulumi/pulumi";

import type { Environment } from "../lib/environment.ts";
import { helmRelease, type Values } from "../lib/helm.ts";
import { objectLabels } from "../lib/labels.ts";
import { KubernetesObject, manifestName, type Manifest } from "../lib/manifests.ts";
import { charts } from "../lib/versions.ts";
import { argocdValues } from "./argocd-values.ts";

/** Namespace and release of Argo CD; its API is the Service `argocd-server`, port 443, in there. */
export const argocdNamespace = "argocd";

export interface ArgoCdArgs {
  environment: Environment;
  highAvailability: boolean;
  /** Helm values on top of the platform's. */
  overrides: Values;
}

/** Argo CD itself. Whoever depends on it is created once its kinds and its controllers are there. */
export class ArgoCd extends pulumi.ComponentResource {
  constructor(name: string, args: ArgoCdArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:argocd:ArgoCd", name, {}, opts);
    const { environment, highAvailability, overrides } = args;
    const namespace = namespaceOfArgocd(environment.name);
    const space = new KubernetesObject(`${name}-${manifestName(namespace)}`, namespace, { parent: this });
    helmRelease(
      `${name}-release`,
      {
        chart: charts.argocd,
        name: argocdNamespace,
        namespace: argocdNamespace,
        values: argocdValues({
          highAvailability,
          host: `${argocdNamespace}.${environment.name}.${environment.domain}`,
        }),
        overrides,
      },
      { parent: this, dependsOn: [space] },
    );
    this.registerOutputs({});
  }
}

/** Argo CD's namespace. It stays out of the mesh: what repairs the mesh must not need it. */
export function namespaceOfArgocd(environment: string): Manifest {
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name: argocdNamespace,
      labels: {
        ...objectLabels("platform", argocdNamespace, environment),
        "istio-injection": "disabled",
        "pod-security.kubernetes.io/enforce": "baseline",
      },
    },
  };
}
