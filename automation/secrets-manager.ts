import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

import type { Environment } from "../lib/environment.ts";
import type { SecretEntry, SecretStore } from "./secrets.ts";

/**
 * The account's own Secrets Manager. Credentials come from the surroundings, as they do for the AWS provider. It reads what entries
 * are like, never their values.
 *
 * @param client @default one for the environment's region
 */
export function secretsManager(
  environment: Pick<Environment, "region">,
  client?: Pick<SecretsManagerClient, "send">,
): SecretStore {
  return {
    async empty(secrets) {
      const sdk = await import("@aws-sdk/client-secrets-manager");
      const manager = client ?? new sdk.SecretsManagerClient({ region: environment.region });
      const hasValue = async ({ name }: SecretEntry): Promise<boolean> => {
        try {
          const entry = await manager.send(new sdk.DescribeSecretCommand({ SecretId: name }));
          // An entry that waits for its deletion keeps its versions, but nobody can read them.
          if (entry.DeletedDate !== undefined) return false;
          return Object.values(entry.VersionIdsToStages ?? {}).some((stages) =>
            stages.includes("AWSCURRENT"),
          );
        } catch (error) {
          if (error instanceof sdk.ResourceNotFoundException) return false;
          throw error;
        }
      };
      const present = await Promise.all(secrets.map(hasValue));
      return secrets.filter((_, index) => present[index] === false);
    },
  };
}
