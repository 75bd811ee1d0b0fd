import { fail } from "../lib/errors.ts";
import type { Service, System } from "./types.ts";

const dnsLabel = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * Declares a system: checks every relation inside it and returns it unchanged.
 *
 * @throws PlatformError SYSTEM_INVALID, SYSTEM_DUPLICATE, SYSTEM_WEIGHTS or SYSTEM_UNKNOWN_REFERENCE
 */
export function defineSystem(system: System): System {
  checkName(system.name, `${system.name}.name`);
  checkUnique(system, "services", system.services.map((s) => s.name));
  checkUnique(system, "ports", system.services.map((s) => String(s.port)));
  checkUnique(system, "secrets", (system.secrets ?? []).map((s) => s.name));
  for (const service of system.services) checkService(system, service);
  for (const secret of system.secrets ?? []) {
    for (const reader of secret.readers) checkServiceExists(system, reader, `${system.name}.${secret.name}.readers`);
  }
  return system;
}

function checkService(system: System, service: Service): void {
  const at = `${system.name}.${service.name}`;
  checkName(service.name, `${at}.name`);
  if (!Number.isInteger(service.port) || service.port < 1 || service.port > 65535) {
    invalid(`${at}.port`, service.port, "a port is a whole number from 1 to 65535", "Choose a free port.");
  }
  checkUnique(system, `${service.name}.versions`, service.versions.map((v) => v.name));
  checkVersions(at, service);
  checkWeights(at, service);
  checkResilience(at, service);
  for (const caller of service.callers) {
    if (caller.kind === "service") checkServiceExists(system, caller.name, `${at}.callers`);
  }
  const ingress = service.callers.some((caller) => caller.kind === "ingress");
  if (ingress !== (service.exposure !== undefined)) {
    invalid(
      `${at}.exposure`,
      service.exposure,
      "a service has an exposure exactly if the ingress gateway is among its callers",
      "Add Caller.ingress() or take the exposure away.",
    );
  }
}

function checkVersions(at: string, service: Service): void {
  if (service.versions.length === 0) invalid(`${at}.versions`, [], "a service has at least one version", "Add one.");
  for (const { name, replicas } of service.versions) {
    checkName(name, `${at}.versions.${name}`);
    if (!(Number.isInteger(replicas.min) && Number.isInteger(replicas.max) && 1 <= replicas.min && replicas.min <= replicas.max)) {
      invalid(`${at}.versions.${name}.replicas`, replicas, "1 ≤ min ≤ max, whole numbers", "Correct the bounds.");
    }
  }
}

function checkWeights(at: string, service: Service): void {
  const { weights } = service.rollout;
  for (const [version, weight] of Object.entries(weights)) {
    if (!service.versions.some((v) => v.name === version)) {
      fail({
        id: "SYSTEM_UNKNOWN_REFERENCE",
        key: `${at}.rollout.weights.${version}`,
        rule: `the service has no version ${version}, only ${service.versions.map((v) => v.name).join(", ")}`,
        remedy: "Name the version the same in versions and in weights.",
      });
    }
    if (!Number.isInteger(weight) || weight < 0 || weight > 100) {
      invalid(`${at}.rollout.weights.${version}`, weight, "a weight is a whole number from 0 to 100", "Correct it.");
    }
  }
  for (const { name } of service.versions) {
    if (weights[name] === undefined) {
      fail({
        id: "SYSTEM_UNKNOWN_REFERENCE",
        key: `${at}.rollout.weights`,
        value: weights,
        rule: `version ${name} has no weight`,
        remedy: "Give every version a weight; 0 keeps it running without requests.",
      });
    }
  }
  const sum = Object.values(weights).reduce((total, weight) => total + weight, 0);
  if (sum !== 100) {
    fail({
      id: "SYSTEM_WEIGHTS",
      key: `${at}.rollout.weights`,
      value: weights,
      rule: `the weights sum to ${sum}, not to 100`,
      remedy: "Make them sum to 100.",
    });
  }
}

function checkResilience(at: string, service: Service): void {
  const { timeout, retries, breaker } = service.resilience;
  if (milliseconds(retries.perTryTimeout) > milliseconds(timeout)) {
    invalid(
      `${at}.resilience.retries.perTryTimeout`,
      retries.perTryTimeout,
      `one try may not take longer than the whole request (${timeout})`,
      "Shorten the try or lengthen the timeout.",
    );
  }
  if (breaker.maxEjectionPercent < 1 || breaker.maxEjectionPercent > 100) {
    invalid(`${at}.resilience.breaker.maxEjectionPercent`, breaker.maxEjectionPercent, "1 to 100", "Correct it.");
  }
  for (const { name, replicas } of service.versions) {
    // Envoy rounds down: below one whole replica the breaker would never take anything out.
    if (replicas.min * breaker.maxEjectionPercent < 100) {
      invalid(
        `${at}.versions.${name}.replicas.min`,
        replicas.min,
        `with maxEjectionPercent ${breaker.maxEjectionPercent} the breaker never ejects below ${Math.ceil(100 / breaker.maxEjectionPercent)} replicas`,
        "Run more replicas or raise maxEjectionPercent.",
      );
    }
  }
}

/** A duration in milliseconds. */
export function milliseconds(duration: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s)$/.exec(duration);
  if (match === null) invalid("duration", duration, "a number and ms or s", "Write for example 250ms or 30s.");
  return Number(match[1]) * (match[2] === "s" ? 1000 : 1);
}

function checkServiceExists(system: System, name: string, key: string): void {
  if (system.services.some((service) => service.name === name)) return;
  fail({
    id: "SYSTEM_UNKNOWN_REFERENCE",
    key,
    value: name,
    rule: `system ${system.name} has no such service`,
    remedy: `Name one of ${system.services.map((service) => service.name).join(", ")}.`,
  });
}

function checkUnique(system: System, what: string, names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  fail({
    id: "SYSTEM_DUPLICATE",
    key: `${system.name}.${what}`,
    value: twice,
    rule: "it stands there twice",
    remedy: "Rename one of the two.",
  });
}

function checkName(name: string, key: string): void {
  if (dnsLabel.test(name)) return;
  invalid(key, name, "a DNS label: lower-case letters, digits and hyphens, beginning with a letter", "Rename it.");
}

function invalid(key: string, value: unknown, rule: string, remedy: string): never {
  fail({ id: "SYSTEM_INVALID", key, value, rule, remedy });
}
