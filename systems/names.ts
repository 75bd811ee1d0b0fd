import type { Secret, Service, System } from "./types.ts";

/** The namespace of a system in an environment. */
export function namespaceOf(system: System, environment: string): string {
  return system.namespace.replaceAll("<env>", environment);
}

/** The public host of a system: `<system>.<environment>.<domain>`. */
export function hostOf(system: System, environment: string, domain: string): string {
  return `${system.name}.${environment}.${domain}`;
}

/** Name of a service's image repository. The environment comes first, so that two environments fit into one account. */
export function repositoryOf(system: System, service: Service, environment: string): string {
  return `${environment}/${system.name}/${service.name}`;
}

/** Name of an entry in Secrets Manager. */
export function secretNameOf(system: System, secret: Secret, environment: string): string {
  return `${environment}/${system.name}/${secret.name}`;
}

/** Name of the Argo CD application that syncs the system's workloads. */
export function appApplicationOf(system: Pick<System, "name">): string {
  return `${system.name}-app`;
}

/** Name of the Argo CD application that syncs what the mesh is told about the system. */
export function istioConfigApplicationOf(system: Pick<System, "name" | "istioConfigApplication">): string {
  return system.istioConfigApplication ?? `${system.name}-istio-config`;
}

/** Name of the object that limits the rate of an exposed service; those of all systems stand in one namespace. */
export function rateLimitOf(system: Pick<System, "name">, service: Pick<Service, "name">): string {
  return `rate-limit-${system.name}-${service.name}`;
}

/** Address of a repository in an account's registry. */
export function repositoryUrl(accountId: string, region: string, repository: string): string {
  return `${accountId}.dkr.ecr.${region}.amazonaws.com/${repository}`;
}

/** Host of a service inside the cluster, as the proxies see it. */
export function internalHost(service: string, namespace: string): string {
  return `${service}.${namespace}.svc.cluster.local`;
}
