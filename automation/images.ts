import { fail } from "../lib/errors.ts";
import type { Environment } from "../lib/environment.ts";
import type { PlacedSystem } from "../lib/systems.ts";
import { repositoryOf, repositoryUrl } from "../systems/names.ts";

/** An image that a workload of the environment runs. */
export interface Image {
  system: string;
  service: string;
  version: string;
  /** Name of the repository in the account's registry. */
  repository: string;
  tag: string;
  /** What the workload pulls: address and tag. */
  reference: string;
}

/** Where images are kept. */
export interface ImageRegistry {
  /** Those of the images that it does not hold; an image of a repository that does not exist is one of them. */
  missing(images: readonly Image[]): Promise<Image[]>;
}

/** Every image that the systems need: one for each version of each service, sorted by reference. */
export function imagesOf(
  systems: readonly PlacedSystem[],
  environment: Pick<Environment, "name" | "accountId" | "region">,
): Image[] {
  const { name, accountId, region } = environment;
  return systems
    .flatMap((system) =>
      system.services.flatMap((service) =>
        service.versions.map(({ name: version, tag }) => {
          const repository = repositoryOf(system, service, name);
          const reference = `${repositoryUrl(accountId, region, repository)}:${tag}`;
          return { system: system.name, service: service.name, version, repository, tag, reference };
        }),
      ),
    )
    .filter((image, index, all) => all.findIndex(({ reference }) => reference === image.reference) === index)
    .sort((a, b) => (a.reference < b.reference ? -1 : 1));
}

/**
 * Refuses to go on while images are missing: workloads that cannot be pulled would keep the run waiting until it times out.
 *
 * @throws PlatformError IMAGES_MISSING, with the commands that build and push them
 */
export function requireImages(
  missing: readonly Image[],
  environment: Pick<Environment, "name" | "accountId" | "region">,
): void {
  if (missing.length === 0) return;
  fail({
    id: "IMAGES_MISSING",
    key: "images",
    value: missing.map(({ repository, tag }) => `${repository}:${tag}`),
    rule: "they are not in the registry, so that their workloads could not start",
    remedy: [
      "Build each from the sources of its service and version, with the folder of its Dockerfile in place of '<…>', and push it; " +
        `then run 'platform up ${environment.name}' again:`,
      ...pushCommands(missing, environment),
    ].join("\n  "),
  });
}

/** The commands that sign in to the registry, and build and push each image; only their owner knows where its sources are. */
export function pushCommands(
  images: readonly Image[],
  { accountId, region }: Pick<Environment, "accountId" | "region">,
): string[] {
  const registry = `${accountId}.dkr.ecr.${region}.amazonaws.com`;
  return [
    `aws ecr get-login-password --region ${region} | docker login --username AWS --password-stdin ${registry}`,
    ...images.map(
      ({ reference, service, version }) =>
        `docker build --platform linux/amd64 --tag ${reference} '<sources of ${service} ${version}>' && docker push ${reference}`,
    ),
  ];
}
