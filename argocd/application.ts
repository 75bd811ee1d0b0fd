import type { IApplication } from "@kubernetes-models/argo-cd/argoproj.io/v1alpha1/Application";

import { partFolder, type DeliveryPart } from "../lib/delivery.ts";
import { objectLabels } from "../lib/labels.ts";
import type { Manifest } from "../lib/manifests.ts";
import type { PlacedSystem } from "../lib/systems.ts";
import { appApplicationOf, istioConfigApplicationOf } from "../systems/names.ts";
import { argocdNamespace } from "./argocd.ts";
import { ownCluster } from "./project.ts";

/** Where Argo CD takes the rendered folders from. */
export interface Source {
  readonly repository: string;
  readonly revision: string;
}

/** Name of the application that syncs a part of a system; the applications of all systems share one namespace. */
export function applicationName(
  system: Pick<PlacedSystem, "name" | "istioConfigApplication">,
  part: DeliveryPart,
): string {
  return part === "app" ? appApplicationOf(system) : istioConfigApplicationOf(system);
}

/** Keeps one part of a system as it is rendered: what changes by hand is undone, what is no longer rendered is taken away. */
export function application(
  system: Pick<PlacedSystem, "name" | "namespace" | "environment" | "istioConfigApplication">,
  part: DeliveryPart,
  { repository, revision }: Source,
): Manifest {
  const name = applicationName(system, part);
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: {
      name,
      namespace: argocdNamespace,
      labels: objectLabels(system.name, name, system.environment),
      // Compares with what the API server would make of the file, so that its defaults are no difference.
      annotations: { "argocd.argoproj.io/compare-options": "ServerSideDiff=true" },
      // Whoever deletes the application deletes what it brought, down to the pods, and waits for that.
      finalizers: ["resources-finalizer.argocd.argoproj.io/foreground"],
    },
    spec: {
      project: system.name,
      source: {
        repoURL: repository,
        targetRevision: revision,
        path: partFolder(system.environment, system.name, part),
      },
      destination: { server: ownCluster, namespace: system.namespace },
      syncPolicy: {
        automated: { prune: true, selfHeal: true },
        retry: { limit: 5, backoff: { duration: "5s", factor: 2, maxDuration: "3m" } },
        syncOptions: [
          // The namespace is the apps layer's.
          "CreateNamespace=false",
          "PruneLast=true",
          // No field is ignored today, for the autoscaler's replicas are not rendered; one that is shall not be written either.
          "RespectIgnoreDifferences=true",
          "ServerSideApply=true",
        ],
      },
    },
  } satisfies IApplication;
}
