import type { Stack } from "@pulumi/pulumi/automation/index.js";

import { infraContract } from "../infra/contract.ts";
import { PlatformError } from "../lib/errors.ts";
import { explain, RunFailure } from "./errors.ts";
import { imagesOf, requireImages, type Image, type ImageRegistry } from "./images.ts";
import type { StackPlan } from "./plan.ts";
import type { Run } from "./run.ts";
import { requireSecrets, secretsOf, type SecretEntry, type SecretStore } from "./secrets.ts";

/** Where to look for what people supply and the workloads cannot start without. */
export interface SupplySources {
  /** Where the workloads' images are looked for before the apps layer. @default the environment's own registry */
  images?: ImageRegistry;
  /** Where the values of the systems' secrets are looked for before the apps layer. @default the account's Secrets Manager */
  secrets?: SecretStore;
}

/** What has not been supplied yet. */
export interface Lacking {
  images: Image[];
  secrets: SecretEntry[];
}

/**
 * Looks for the images and the secrets' values of all systems.
 *
 * @param layer where it is told to have happened if it cannot be looked
 * @throws RunFailure if the registry or Secrets Manager cannot be read
 */
export async function findLacking(
  run: Run,
  layer: StackPlan["layer"],
  sources: SupplySources,
): Promise<Lacking> {
  const { environment, systems } = run.checked;
  const lookUp = async <T>(what: string, look: () => Promise<T[]>): Promise<T[]> => {
    try {
      return await look();
    } catch (error) {
      if (error instanceof PlatformError) throw new RunFailure([error], layer, []);
      const place = { environment: environment.name, layer, command: run.command };
      const message = `${what} cannot be read: ${error instanceof Error ? error.message : String(error)}`;
      const [first] = explain([{ message }], place);
      throw first === undefined ? error : new RunFailure([first], layer, []);
    }
  };
  const images = lookUp("The image registry", async () => {
    const registry = sources.images ?? (await import("./ecr.ts")).ecrRegistry(environment);
    return registry.missing(imagesOf(systems, environment));
  });
  const secrets = lookUp("Secrets Manager", async () => {
    const store = sources.secrets ?? (await import("./secrets-manager.ts")).secretsManager(environment);
    return store.empty(secretsOf(systems, environment));
  });
  const [missing, empty] = await Promise.all([images, secrets]);
  return { images: missing, secrets: empty };
}

/**
 * Refuses to go on while anything is lacking; images and secrets are told together, so that both can be supplied in one go.
 *
 * @throws RunFailure with IMAGES_MISSING, SECRETS_EMPTY, or the one and the other
 */
export async function requireSupplies(run: Run, sources: SupplySources): Promise<void> {
  const { environment } = run.checked;
  const { images, secrets } = await findLacking(run, "apps", sources);
  const [first, ...others] = raisedBy(
    () => requireImages(images, environment),
    () => requireSecrets(secrets, environment),
  );
  if (first !== undefined) throw new RunFailure([first, ...others], "apps", []);
}

/** Whether the stack has somewhere to put everything that is lacking. */
export async function hasPlacesFor({ images, secrets }: Lacking, stack: Stack): Promise<boolean> {
  const outputs = await stack.outputs();
  const { repositoryUrls, secretArns } = infraContract.shape;
  const urls = repositoryUrls.safeParse(outputs["repositoryUrls"]?.value);
  const arns = secretArns.safeParse(outputs["secretArns"]?.value);
  return (
    images.every(({ repository }) => urls.data?.[repository] !== undefined) &&
    secrets.every(({ name }) => arns.data?.[name] !== undefined)
  );
}

function raisedBy(...checks: readonly (() => void)[]): PlatformError[] {
  return checks.flatMap((check) => {
    try {
      check();
      return [];
    } catch (error) {
      if (error instanceof PlatformError) return [error];
      throw error;
    }
  });
}
