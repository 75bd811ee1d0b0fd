import type { Inputs } from "../provider.ts";
import { AwsError, refuse } from "./aws-error.ts";
import { sha256 } from "./disk.ts";
import type { Reference, ResourceType, Subject } from "./resource-type.ts";
import type { Account, Claim, StoredObject } from "./store.ts";
import { at, items, text } from "./values.ts";

/** What a creation or an update asks for. `echo` is what the inputs alone put out. */
export interface Wanted {
  account: Account;
  region: string;
  type: string;
  urn: string;
  name: string;
  inputs: Inputs;
  echo: Inputs;
}

/** Makes an object as AWS would: refuses what it would refuse, takes the name, and lets the service do its own part. */
export async function createObject(type: ResourceType, wanted: Wanted): Promise<StoredObject> {
  return explained(`creating ${wanted.type} "${wanted.name}"`, async () => {
    const subject = newSubject(type, wanted);
    checkReferences(type.references ?? [], subject);
    type.admit?.(subject);
    const claim = type.claim?.(subject);
    // From the claim to the object nothing waits, so that a claim without its object always means a dead process.
    if (claim !== undefined)
      wanted.account.claim(claim, { type: wanted.type, urn: wanted.urn, id: subject.id });
    const object = stored(type, subject, wanted.echo);
    if (!wanted.account.add(object)) refuseDuplicate(type, wanted, subject.id);
    try {
      await type.created?.(subject);
    } catch (error) {
      wanted.account.remove(wanted.type, subject.id);
      if (claim !== undefined) wanted.account.release(claim, wanted);
      throw error;
    }
    return object;
  });
}

export async function updateObject(
  type: ResourceType,
  wanted: Wanted & { id: string },
): Promise<StoredObject> {
  return explained(`updating ${wanted.type} "${wanted.name}" (${wanted.id})`, async () => {
    const before = wanted.account.get(wanted.type, wanted.id);
    if (before === undefined) refuse("NotFound", `${wanted.id} does not exist in the simulated account`);
    const subject: Subject = { ...wanted, old: before.outputs, hash: hasher(wanted, 0) };
    checkReferences(type.references ?? [], subject);
    type.admitUpdate?.(subject, before.inputs);
    const object = stored(type, subject, wanted.echo);
    wanted.account.put(object);
    await type.updated?.(subject);
    return object;
  });
}

/** Deletes an object; one that is gone already is no error. */
export async function deleteObject(
  type: ResourceType,
  account: Account,
  token: string,
  id: string,
): Promise<void> {
  const object = account.get(token, id);
  if (object === undefined) return;
  await explained(`deleting ${token} (${id})`, async () => {
    if (type.kept?.(object) === true) {
      account.put({ ...object, urn: "", owner: "kept" });
      return;
    }
    refuseBlocked(type, object, account);
    type.admitDelete?.(object, account);
    await type.deleted?.(object, account);
    const days = type.recoveryDays?.(object) ?? 0;
    if (days > 0) {
      account.schedule(object, days);
      return;
    }
    account.remove(token, id);
    const claim = claimOf(type, object, account);
    if (claim !== undefined) account.release(claim, object);
  });
}

function newSubject(type: ResourceType, wanted: Wanted): Subject {
  // A resource that is being replaced shares its urn with its successor, so the first id may be taken.
  for (let attempt = 0; ; attempt++) {
    const seed = { ...wanted, old: {}, hash: hasher(wanted, attempt) };
    const id = type.id(seed);
    if (!wanted.account.has(wanted.type, id)) return { ...seed, id };
    const next = type.id({ ...seed, hash: hasher(wanted, attempt + 1) });
    const claim = type.claim?.(seed);
    if (next === id && claim !== undefined) return { ...seed, id };
    if (next === id) refuseDuplicate(type, wanted, id);
  }
}

function hasher(wanted: Pick<Wanted, "account" | "region" | "urn">, attempt: number): Subject["hash"] {
  return (length, salt = "") =>
    sha256([wanted.account.id, wanted.region, wanted.urn, attempt, salt].join("|")).slice(0, length);
}

function stored(type: ResourceType, subject: Subject, echo: Inputs): StoredObject {
  const { id, urn, region, inputs } = subject;
  return {
    type: subject.type,
    id,
    urn,
    region,
    inputs,
    outputs: { ...echo, ...type.outputs?.(subject), id },
  };
}

function claimOf(type: ResourceType, object: StoredObject, account: Account): Claim | undefined {
  const wanted = { ...object, account, name: object.urn.split("::").pop() ?? "" };
  return type.claim?.({ ...wanted, old: object.outputs, hash: hasher(wanted, 0) });
}

function checkReferences(references: readonly Reference[], subject: Subject): void {
  for (const reference of references) {
    const value = at(subject.inputs, reference.path);
    for (const id of typeof value === "string" ? [value] : items(subject.inputs, reference.path)) {
      if (typeof id === "string" && reference.find(subject.account, id) === undefined) {
        refuse(reference.code, reference.reason(id));
      }
    }
  }
}

function refuseBlocked(type: ResourceType, object: StoredObject, account: Account): void {
  const left = (type.blockedBy ?? []).flatMap((blocker) =>
    account.list(blocker.type).filter((other) => {
      if (other.owner !== undefined) return false;
      return (
        text(other.inputs, blocker.path) === object.id ||
        items(other.inputs, blocker.path).includes(object.id)
      );
    }),
  );
  if (left.length === 0) return;
  const shown = left.map((other) => `${other.type} ${other.id}`).join(", ");
  refuse(
    type.blockedCode ?? "DependencyViolation",
    `${object.id} has dependencies and cannot be deleted: ${shown}`,
  );
}

function refuseDuplicate(type: ResourceType, wanted: Wanted, id: string): never {
  const holder = wanted.account.get(wanted.type, id);
  const { code, reason } = type.duplicate?.(id) ?? {
    code: "ResourceInUseException",
    reason: `${id} already exists`,
  };
  const by =
    holder === undefined
      ? ""
      : ` (held by ${holder.urn || `${holder.owner ?? "AWS"}, which made it by itself`})`;
  return refuse(code, `${reason}${by}`);
}

/** Says what was being done when AWS refused, as the real provider does. */
async function explained<T>(doing: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof AwsError) error.message = `${doing}: ${error.message}`;
    throw error;
  }
}
