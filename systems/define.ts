import { checkForm, checkName, checkReference, checkUnique, invalid } from "./checks.ts";
import { checkService } from "./check-service.ts";
import { appApplicationOf, istioConfigApplicationOf } from "./names.ts";
import { reservedNamespaces, reservedSystems } from "./reserved.ts";
import type { Secret, System } from "./types.ts";

/**
 * Declares a system: checks every relation inside it and returns it unchanged.
 *
 * @throws PlatformError SYSTEM_INVALID, SYSTEM_DUPLICATE, SYSTEM_WEIGHTS or SYSTEM_UNKNOWN_REFERENCE
 */
export function defineSystem(system: System): System {
  const { name, namespace, services, secrets = [] } = system;
  checkName(name, `${name}.name`);
  checkName(namespace.replaceAll("<env>", "env"), `${name}.namespace`);
  if (reservedSystems.some((reserved) => reserved === name)) {
    invalid(`${name}.name`, name, "the platform takes this name itself", "Rename it.");
  }
  if (reservedNamespaces.some((reserved) => reserved === namespace)) {
    invalid(
      `${name}.namespace`,
      namespace,
      "it belongs to the cluster or to the platform",
      "Choose a namespace of its own.",
    );
  }
  // Names of objects are labels of theirs too, and a label's value is no longer than a DNS label.
  checkName(appApplicationOf(system), `${name}.application`);
  checkName(istioConfigApplicationOf(system), `${name}.istioConfigApplication`);
  if (services.length === 0) invalid(`${name}.services`, [], "a system has at least one service", "Add one.");

  checkUnique(
    services.map((service) => service.name),
    `${name}.services`,
  );
  checkUnique(
    services.map((service) => String(service.port)),
    `${name}.ports`,
  );
  checkUnique(
    services.map((service) => service.virtualService ?? service.name),
    `${name}.virtualServices`,
  );
  checkUnique(
    services.flatMap((service) => service.exposure?.prefix ?? []),
    `${name}.exposures`,
  );
  checkUnique(
    secrets.map((secret) => secret.name),
    `${name}.secrets`,
  );
  // Each service has an account of its own name, which nobody else may take on.
  const accounts = new Set(secrets.flatMap((secret) => secret.serviceAccount ?? []));
  checkUnique([...services.map((service) => service.name), ...accounts], `${name}.serviceAccounts`);

  for (const service of services) checkService(system, service);
  for (const secret of secrets) checkSecret(system, secret);
  return system;
}

function checkSecret(system: System, secret: Secret): void {
  const at = `${system.name}.secrets.${secret.name}`;
  checkName(secret.name, `${at}.name`);
  if (secret.keys.length === 0) invalid(`${at}.keys`, [], "a secret has at least one key", "Add one.");
  checkUnique(secret.keys, `${at}.keys`);
  for (const key of secret.keys) {
    checkForm(
      key,
      /^[A-Za-z_][A-Za-z0-9_]*$/,
      `${at}.keys`,
      "a key is made of letters, digits and underscores, for it names a file",
    );
  }
  checkUnique(secret.readers, `${at}.readers`);
  const services = system.services.map((service) => service.name);
  for (const reader of secret.readers) {
    checkReference(reader, services, `${at}.readers`, `system ${system.name} has no such service`);
  }
  if (secret.serviceAccount !== undefined) checkName(secret.serviceAccount, `${at}.serviceAccount`);
}
