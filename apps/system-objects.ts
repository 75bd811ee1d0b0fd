import type { Manifest } from "../lib/manifests.ts";
import type { PlacedSystem } from "../lib/systems.ts";
import { readerAccounts } from "../systems/relations.ts";
import type { Service } from "../systems/types.ts";
import { authorizationPolicy } from "./objects/authorization-policy.ts";
import { autoscaler } from "./objects/autoscaler.ts";
import { deployment } from "./objects/deployment.ts";
import { destinationRule } from "./objects/destination-rule.ts";
import { disruptionBudget } from "./objects/disruption-budget.ts";
import { allowMesh, allowService, defaultDeny } from "./objects/network-policy.ts";
import { secretProviderClass } from "./objects/secret-provider-class.ts";
import { serviceAccount } from "./objects/service-account.ts";
import { service } from "./objects/service.ts";
import { sidecar } from "./objects/sidecar.ts";
import { virtualService } from "./objects/virtual-service.ts";

/** What the objects of a system must know of the platform; config alone answers it, so that rendering needs no cloud. */
export interface PlatformFacts {
  /** The account whose registry holds the images. */
  readonly accountId: string;
  readonly region: string;
}

/** The objects of a system but for its namespace, each in exactly one group, in the order in which they should come to be. */
export interface SystemObjects {
  /** Who the workloads are and what they may read; always made by the apps layer, which knows the roles. */
  readonly identity: Manifest[];
  /** Workloads and what keeps them running. */
  readonly app: Manifest[];
  /** What the mesh does with their traffic. */
  readonly istioConfig: Manifest[];
}

/** Every object of a system. */
export function systemObjects(system: PlacedSystem, facts: PlatformFacts): SystemObjects {
  const delivered = [
    ...systemDefaults(system).flat(),
    ...system.services.flatMap((of) => serviceStages(system, of, facts).flat()),
  ];
  return {
    identity: [
      ...accountsOf(system).map((account) => serviceAccount(system, account)),
      ...(system.secrets ?? []).map((secret) => secretProviderClass(system, secret, facts.region)),
    ],
    app: delivered.filter((manifest) => !isIstioConfig(manifest)),
    istioConfig: delivered.filter(isIstioConfig),
  };
}

/** The service accounts of a system: one a service, and the readers of secrets that are no service. */
export function accountsOf(system: PlacedSystem): string[] {
  return [...system.services.map((of) => of.name), ...readerAccounts(system)];
}

/** What holds for the namespace as a whole, in stages: the default deny before anything is allowed. */
export function systemDefaults(system: PlacedSystem): Manifest[][] {
  return [[defaultDeny(system), sidecar(system)], [allowMesh(system)]];
}

/**
 * The objects of one service in stages, each to be complete before the next: who may call it and how, before its pods; its pods, before
 * the Service, which counts as ready only once a pod answers; and both, before requests are routed to them.
 */
export function serviceStages(system: PlacedSystem, of: Service, facts: PlatformFacts): Manifest[][] {
  return [
    [
      allowService(system, of),
      authorizationPolicy(system, of),
      destinationRule(system, of),
      ...of.versions.map((version) => disruptionBudget(system, of, version)),
    ],
    of.versions.map((version) => deployment(system, of, version, facts)),
    [service(system, of), ...of.versions.map((version) => autoscaler(system, of, version))],
    [virtualService(system, of)],
  ];
}

function isIstioConfig({ apiVersion }: Manifest): boolean {
  return apiVersion.includes(".istio.io/");
}
