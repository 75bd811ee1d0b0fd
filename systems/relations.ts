import type { Secret, Service, System } from "./types.ts";

/** The services of the system that a service may call: those that name it among their callers. */
export function calleesOf(system: System, caller: Service): Service[] {
  return system.services.filter((service) =>
    service.callers.some((candidate) => candidate.kind === "service" && candidate.name === caller.name),
  );
}

/** The secrets that a service mounts. */
export function secretsOf(system: System, service: Service): Secret[] {
  return (system.secrets ?? []).filter((secret) => secret.readers.includes(service.name));
}

/** Service accounts that read secrets though no service runs as them, each once. */
export function readerAccounts(system: System): string[] {
  return [...new Set((system.secrets ?? []).flatMap((secret) => secret.serviceAccount ?? []))];
}

/** The secrets that a service account may read, be it a service's own or one more reader's. */
export function secretsReadBy(system: System, serviceAccount: string): Secret[] {
  return (system.secrets ?? []).filter(
    (secret) => secret.readers.includes(serviceAccount) || secret.serviceAccount === serviceAccount,
  );
}
