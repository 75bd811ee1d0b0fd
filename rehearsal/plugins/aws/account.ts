/**
 * The simulated account as the rehearsal looks at it from outside: what is left in it, what waits for its deletion, and which
 * images its registries hold.
 */
import { REPOSITORY } from "./services/ecr.ts";
import { Account, type ScheduledObject, type StoredObject } from "./store.ts";
import { text } from "./values.ts";

export const DEFAULT_ACCOUNT = "111122223333";

/** Where the state of a simulated account is, and its number. */
export interface AccountLocation {
  directory: string;
  /** Twelve digits. */
  id: string;
}

/** One object, as a report names it. */
export interface Remnant {
  type: string;
  id: string;
  region: string;
  /** Empty for what AWS made by itself. */
  urn: string;
  /** The AWS service that made it by itself. */
  owner?: string;
}

export interface Waiting extends Remnant {
  name: string;
  /** ISO date. */
  deletionDate: string;
}

/** The account of this process's environment: REHEARSAL_AWS and REHEARSAL_ACCOUNT. */
export function accountLocation(env: NodeJS.ProcessEnv = process.env): AccountLocation {
  const directory = env["REHEARSAL_AWS"];
  if (directory === undefined || directory === "") {
    throw new Error("REHEARSAL_AWS is not set: the simulated AWS runs inside a rehearsal only");
  }
  return { directory, id: env["REHEARSAL_ACCOUNT"] || DEFAULT_ACCOUNT };
}

/** Everything that exists in the account, without what waits for its deletion; sorted by region, type and id. */
export function listObjects(location: AccountLocation): Remnant[] {
  return views(location).flatMap((account, index) =>
    account
      .list()
      // IAM shows in every region: it is counted with the first.
      .filter((object) => index === 0 || !object.type.startsWith("aws:iam/"))
      .map(remnant),
  );
}

/** What waits for its deletion: keys always, secrets unless their recovery window is 0. */
export function listScheduledForDeletion(location: AccountLocation): Waiting[] {
  return views(location).flatMap((account) =>
    account.scheduled().map((object: ScheduledObject) => ({
      ...remnant(object),
      name: text(object.inputs, "name") ?? text(object.inputs, "description") ?? object.id,
      deletionDate: object.deletionDate,
    })),
  );
}

/** Puts images into a registry. @param repository its name in the account @param region default: the one region in use */
export function pushImages(
  location: AccountLocation,
  repository: string,
  tags: readonly string[],
  region?: string,
): void {
  const [account] = views(location).filter(
    (view) => (region ?? view.region) === view.region && view.get(REPOSITORY, repository) !== undefined,
  );
  if (account === undefined)
    throw new Error(`RepositoryNotFoundException: the simulated account has no repository ${repository}`);
  account.setImages(repository, [...account.images(repository), ...tags]);
}

/**
 * Those of the references that the account's registries do not hold. A reference is `<registry>/<repository>:<tag>`; one of
 * another registry is not ours to judge and never missing.
 */
export function missingImages(location: AccountLocation, references: readonly string[]): string[] {
  return references.filter((reference) => {
    const match = /^(\d{12})\.dkr\.ecr\.([\w-]+)\.amazonaws\.com\/([^:@]+)(?::([^@]+))?(?:@(.+))?$/.exec(
      reference,
    );
    const [, id, region = "", repository = "", tag, digest] = match ?? [];
    if (id !== location.id) return false;
    const images = new Account(location.directory, location.id, region).images(repository);
    return !images.includes(digest ?? tag ?? "latest");
  });
}

function views(location: AccountLocation): Account[] {
  const regions = Account.regions(location.directory);
  return (regions.length === 0 ? [""] : regions).map(
    (region) => new Account(location.directory, location.id, region),
  );
}

function remnant(object: StoredObject): Remnant {
  const { type, id, region, urn, owner } = object;
  return { type, id, region, urn, ...(owner === undefined ? {} : { owner }) };
}
