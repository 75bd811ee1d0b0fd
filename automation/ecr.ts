import type { ECRClient } from "@aws-sdk/client-ecr";

import type { Environment } from "../lib/environment.ts";
import type { Image, ImageRegistry } from "./images.ts";

/** Most images that one request may ask for. */
const batch = 100;

/**
 * The account's own registry. Credentials come from the surroundings, as they do for the AWS provider. It reads nothing but
 * whether images exist.
 *
 * @param client @default one for the environment's region
 */
export function ecrRegistry(
  environment: Pick<Environment, "accountId" | "region">,
  client?: Pick<ECRClient, "send">,
): ImageRegistry {
  return {
    async missing(images) {
      const sdk = await import("@aws-sdk/client-ecr");
      const ecr = client ?? new sdk.ECRClient({ region: environment.region });
      const repositories = Map.groupBy(images, ({ repository }) => repository);
      const missing = await Promise.all(
        [...repositories].map(async ([repository, wanted]) => {
          const present = new Set<string | undefined>();
          for (let at = 0; at < wanted.length; at += batch) {
            const imageIds = wanted.slice(at, at + batch).map(({ tag }) => ({ imageTag: tag }));
            // The registry of the account that config names: credentials of another account must not answer with their own.
            const request = { registryId: environment.accountId, repositoryName: repository, imageIds };
            try {
              const answer = await ecr.send(new sdk.BatchGetImageCommand(request));
              for (const { imageId } of answer.images ?? []) present.add(imageId?.imageTag);
            } catch (error) {
              if (!(error instanceof sdk.RepositoryNotFoundException)) throw error;
            }
          }
          return wanted.filter(({ tag }: Image) => !present.has(tag));
        }),
      );
      return missing.flat();
    },
  };
}
