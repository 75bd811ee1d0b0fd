import { fail } from "../lib/errors.ts";
import { checkResilience } from "./check-resilience.ts";
import { checkForm, checkName, checkReference, checkUnique, checkWhole, invalid } from "./checks.ts";
import { rateLimitOf } from "./names.ts";
import type { Exposure, Resources, Service, System } from "./types.ts";
import { bytes, millicores, milliseconds } from "./units.ts";

/** Variables that the platform sets itself. */
const reservedVariables = ["PORT", "SERVICE_NAME", "SERVICE_VERSION", "ENVIRONMENT", "SECRETS_DIR"];

/** Names in every namespace that the cluster or the platform takes. */
const reservedNames = ["default", "default-deny", "allow-mesh"];

/** Checks one service, and that what it names exists in its system. */
export function checkService(system: System, service: Service): void {
  const at = `${system.name}.${service.name}`;
  checkName(service.name, `${at}.name`);
  if (reservedNames.includes(service.name)) {
    invalid(
      `${at}.name`,
      service.name,
      "the cluster or the platform takes this name in every namespace",
      "Rename it.",
    );
  }
  if (service.virtualService !== undefined) checkName(service.virtualService, `${at}.virtualService`);
  checkWhole(service.port, [1, 65535], `${at}.port`);
  checkVersions(at, service);
  checkWeights(at, service);
  checkResilience(at, service);
  checkCallers(system, service, at);
  checkResources(service.resources, `${at}.resources`);
  for (const name of Object.keys(service.environment ?? {})) {
    checkForm(
      name,
      /^[A-Z][A-Z0-9_]*$/,
      `${at}.environment`,
      "a variable is made of capitals, digits and underscores",
    );
    if (reservedVariables.includes(name)) {
      invalid(`${at}.environment.${name}`, undefined, "the platform sets it itself", "Take it away.");
    }
  }
}

function checkVersions(at: string, service: Service): void {
  if (service.versions.length === 0)
    invalid(`${at}.versions`, [], "a service has at least one version", "Add one.");
  checkUnique(
    service.versions.map((version) => version.name),
    `${at}.versions`,
  );
  for (const { name, tag, replicas } of service.versions) {
    checkName(name, `${at}.versions.${name}`);
    checkName(`${service.name}-${name}`, `${at}.versions.${name}.deployment`);
    checkForm(
      tag,
      /^(?!latest$)\w[\w.-]{0,127}$/,
      `${at}.versions.${name}.tag`,
      "the tag of one image, never latest",
    );
    const { min, max } = replicas;
    if (!(Number.isInteger(min) && Number.isInteger(max) && 1 <= min && min <= max)) {
      invalid(
        `${at}.versions.${name}.replicas`,
        replicas,
        "1 ≤ min ≤ max, whole numbers",
        "Correct the bounds.",
      );
    }
  }
}

function checkWeights(at: string, service: Service): void {
  const { weights } = service.rollout;
  const versions = service.versions.map((version) => version.name);
  for (const [version, weight] of Object.entries(weights)) {
    checkReference(version, versions, `${at}.rollout.weights`, "the service has no such version");
    checkWhole(weight, [0, 100], `${at}.rollout.weights.${version}`);
  }
  const forgotten = versions.find((version) => !Object.hasOwn(weights, version));
  if (forgotten !== undefined) {
    fail({
      id: "SYSTEM_UNKNOWN_REFERENCE",
      key: `${at}.rollout.weights`,
      value: weights,
      rule: `version ${forgotten} has no weight`,
      remedy: "Give every version a weight; 0 keeps it running without requests.",
    });
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

function checkCallers(system: System, service: Service, at: string): void {
  const services = system.services.map((candidate) => candidate.name);
  checkUnique(
    service.callers.map((caller) => (caller.kind === "service" ? caller.name : `(${caller.kind})`)),
    `${at}.callers`,
  );
  for (const caller of service.callers) {
    if (caller.kind !== "service") continue;
    checkReference(caller.name, services, `${at}.callers`, `system ${system.name} has no such service`);
    if (caller.name === service.name)
      invalid(`${at}.callers`, caller.name, "a service does not call itself", "Take it away.");
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
  if (service.exposure === undefined) return;
  checkExposure(service.exposure, `${at}.exposure`);
  checkName(rateLimitOf(system, service), `${at}.exposure.rateLimit`);
}

function checkExposure({ prefix, rateLimit }: Exposure, at: string): void {
  checkForm(prefix, /^\/[\w./~-]*$/, `${at}.prefix`, "a path that begins with /");
  checkWhole(rateLimit.requests, [1, Infinity], `${at}.rateLimit.requests`);
  // A bucket smaller than what is filled in at once would throw the difference away.
  checkWhole(rateLimit.burst, [rateLimit.requests, Infinity], `${at}.rateLimit.burst`);
  if (milliseconds(rateLimit.per, `${at}.rateLimit.per`) < 50) {
    invalid(
      `${at}.rateLimit.per`,
      rateLimit.per,
      "the proxy fills a bucket at most every 50ms",
      "Lengthen it.",
    );
  }
}

function checkResources({ requests, limits }: Resources, at: string): void {
  if (millicores(requests.cpu, `${at}.requests.cpu`) > millicores(limits.cpu, `${at}.limits.cpu`)) {
    invalid(
      `${at}.requests.cpu`,
      requests.cpu,
      `it is more than the limit (${limits.cpu})`,
      "Lower it or raise the limit.",
    );
  }
  if (bytes(requests.memory, `${at}.requests.memory`) > bytes(limits.memory, `${at}.limits.memory`)) {
    invalid(
      `${at}.requests.memory`,
      requests.memory,
      `it is more than the limit (${limits.memory})`,
      "Lower it or raise the limit.",
    );
  }
}
