import type { Environment } from "../lib/environment.ts";
import { fail } from "../lib/errors.ts";
import type { PlacedSystem } from "../lib/systems.ts";
import { secretNameOf } from "../systems/names.ts";

/** An entry in Secrets Manager that workloads of the environment mount. */
export interface SecretEntry {
  system: string;
  /** Name of the entry: `<environment>/<system>/<name>`. */
  name: string;
  /** Keys that its JSON document must have. */
  keys: readonly string[];
}

/** Where secrets are kept. */
export interface SecretStore {
  /** Those of the entries that have no current value; an entry that does not exist is one of them. No value is read. */
  empty(secrets: readonly SecretEntry[]): Promise<SecretEntry[]>;
}

/** Every entry that the systems declare, sorted by name. */
export function secretsOf(
  systems: readonly PlacedSystem[],
  environment: Pick<Environment, "name">,
): SecretEntry[] {
  return systems
    .flatMap((system) =>
      (system.secrets ?? []).map((secret) => ({
        system: system.name,
        name: secretNameOf(system, secret, environment.name),
        keys: secret.keys,
      })),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Refuses to go on while entries have no value: pods that mount them would not start, and the run would wait until it times out.
 *
 * @throws PlatformError SECRETS_EMPTY, with the commands that set the values
 */
export function requireSecrets(
  empty: readonly SecretEntry[],
  environment: Pick<Environment, "name" | "region">,
): void {
  if (empty.length === 0) return;
  fail({
    id: "SECRETS_EMPTY",
    key: "secrets",
    value: empty.map(({ name }) => name),
    rule: "they have no value in Secrets Manager, so that the pods that mount them could not start",
    remedy: [
      `Set each with your own values in place of the dots, then run 'platform up ${environment.name}' again:`,
      ...putCommands(empty, environment),
    ].join("\n  "),
  });
}

/** The commands that give each entry a value, with dots in place of what is secret. */
export function putCommands(
  secrets: readonly SecretEntry[],
  { region }: Pick<Environment, "region">,
): string[] {
  return secrets.map(({ name, keys }) => {
    const value = JSON.stringify(Object.fromEntries(keys.map((key) => [key, "…"])));
    return `aws secretsmanager put-secret-value --region ${region} --secret-id ${name} --secret-string '${value}'`;
  });
}
