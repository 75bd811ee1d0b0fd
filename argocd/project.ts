import type { IAppProject } from "@kubernetes-models/argo-cd/argoproj.io/v1alpha1/AppProject";

import { appKinds, istioConfigKinds } from "../lib/delivery.ts";
import { objectLabels } from "../lib/labels.ts";
import type { Manifest } from "../lib/manifests.ts";
import type { PlacedSystem } from "../lib/systems.ts";
import { argocdNamespace } from "./argocd.ts";

/** The API server of the cluster that Argo CD runs on. */
export const ownCluster = "https://kubernetes.default.svc";

/**
 * What the applications of a system may do: bring the kinds that are rendered, from one repository, into one namespace. Nothing is a
 * wildcard, and no object of the whole cluster is allowed.
 */
export function appProject(
  system: Pick<PlacedSystem, "name" | "namespace" | "environment">,
  repository: string,
): Manifest {
  const { name, namespace, environment } = system;
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AppProject",
    metadata: { name, namespace: argocdNamespace, labels: objectLabels(name, name, environment) },
    spec: {
      description: `What may be delivered of system ${name}`,
      sourceRepos: [repository],
      destinations: [{ server: ownCluster, namespace }],
      clusterResourceWhitelist: [],
      namespaceResourceWhitelist: [...appKinds, ...istioConfigKinds].map((kind) => ({ ...kind })),
      // Warns of objects of these kinds that no application owns. What Pulumi keeps in the namespace is of other kinds.
      orphanedResources: { warn: true },
    },
  } satisfies IAppProject;
}
