import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";

import type { Inputs } from "../provider.ts";
import { AwsError } from "./aws-error.ts";
import { isAlive, names, read, sha256, write, writeOnce } from "./disk.ts";

export interface StoredObject {
  type: string;
  id: string;
  /** Empty when an AWS service made the object by itself. */
  urn: string;
  /** The service that made it by itself, for instance "eks". */
  owner?: string;
  region: string;
  inputs: Inputs;
  outputs: Inputs;
}

/** An object on its way out: it does nothing any more, but still holds its name and its id. */
export interface ScheduledObject extends StoredObject {
  /** ISO date of the deletion. */
  deletionDate: string;
}

/** A name that the region has once, or for IAM the account. */
export interface Claim {
  kind: string;
  name: string;
  /** The error code of the service when the name is taken. */
  code: string;
  /** What the service says then. */
  reason: string;
}

interface Holder {
  type: string;
  urn: string;
  id: string;
  pid: number;
}

/** Where IAM's objects are. */
const GLOBAL = "global";

/**
 * The simulated account on disk, as it looks from one region: that region's objects and IAM's. Several plugin processes work on it
 * at once, so every file is written aside and then moved into place, and whatever may exist once only is made by an exclusive link.
 *
 *     <region or "global">/objects/<module-Class>/<id>.json     what exists
 *     <region or "global">/scheduled/<module-Class>/<id>.json   what waits for its deletion
 *     <region or "global">/claims/<kind>/<name>.json            who holds a name
 *     <region>/images/<repository>.json                         tags in a container registry
 */
export class Account {
  readonly directory: string;
  /** Twelve digits. */
  readonly id: string;
  readonly region: string;

  constructor(directory: string, id: string, region: string) {
    this.directory = directory;
    this.id = id;
    this.region = region;
  }

  /** The regions in which something was ever made. */
  static regions(directory: string): string[] {
    return names(directory).filter((name) => name !== GLOBAL);
  }

  get(type: string, id: string): StoredObject | undefined {
    return read<StoredObject>(this.#file("objects", type, id));
  }

  /** Whether the id is in use, by an object or by one that waits for its deletion. */
  has(type: string, id: string): boolean {
    return existsSync(this.#file("objects", type, id)) || existsSync(this.#file("scheduled", type, id));
  }

  /** All objects, or those of one type; sorted by type and id. */
  list(type?: string): StoredObject[] {
    return this.#all<StoredObject>("objects", type);
  }

  /** Objects that wait for their deletion. */
  scheduled(): ScheduledObject[] {
    return this.#all<ScheduledObject>("scheduled");
  }

  /** Puts a new object; false when there is one of that id. */
  add(object: StoredObject): boolean {
    return writeOnce(this.#file("objects", object.type, object.id), object);
  }

  /** Puts an object in place of the one before. */
  put(object: StoredObject): void {
    write(this.#file("objects", object.type, object.id), object);
  }

  remove(type: string, id: string): void {
    rmSync(this.#file("objects", type, id), { force: true });
  }

  /** Moves an object to those that wait for their deletion. */
  schedule(object: StoredObject, days: number): void {
    const deletionDate = new Date(Date.now() + days * 86_400_000).toISOString();
    write(this.#file("scheduled", object.type, object.id), { ...object, deletionDate });
    this.remove(object.type, object.id);
  }

  /** Takes a name for an object, or refuses with the service's own error and says who holds it. */
  claim(claim: Claim, object: Pick<Holder, "type" | "urn" | "id">): void {
    const file = this.#claimFile(claim, object.type);
    const holder: Holder = { type: object.type, urn: object.urn, id: object.id, pid: process.pid };
    if (writeOnce(file, holder)) return;
    const held = read<Holder>(file);
    if (held !== undefined && this.#isAbandoned(held)) {
      write(file, holder);
      return;
    }
    const by =
      held === undefined ? "another object" : held.urn || `${held.type} ${held.id}, which AWS made by itself`;
    const waiting = held !== undefined && existsSync(this.#file("scheduled", held.type, held.id));
    throw new AwsError(
      claim.code,
      `${claim.reason} (held by ${by}${waiting ? ", scheduled for deletion" : ""})`,
    );
  }

  /** Gives a name back, if this object holds it. */
  release(claim: Claim, object: Pick<Holder, "type" | "urn">): void {
    const file = this.#claimFile(claim, object.type);
    if (read<Holder>(file)?.urn === object.urn) rmSync(file, { force: true });
  }

  /** The tags in a container registry. */
  images(repository: string): string[] {
    return read<{ tags: string[] }>(this.#imagesFile(repository))?.tags ?? [];
  }

  setImages(repository: string, tags: readonly string[]): void {
    const file = this.#imagesFile(repository);
    if (tags.length === 0) rmSync(file, { force: true });
    else write(file, { repository, tags: [...new Set(tags)].sort() });
  }

  /** A holder that died between taking the name and making the object. */
  #isAbandoned(holder: Holder): boolean {
    return !this.has(holder.type, holder.id) && (holder.pid === process.pid || !isAlive(holder.pid));
  }

  #all<T>(kind: string, type?: string): T[] {
    const roots = [this.region, GLOBAL].map((scope) => join(this.directory, scope, kind));
    const folders =
      type === undefined
        ? roots.flatMap((root) => names(root).map((name) => join(root, name)))
        : [join(this.directory, this.#scope(type), kind, folderOf(type))];
    return folders.flatMap((folder) =>
      names(folder)
        .filter((name) => name.endsWith(".json"))
        .map((name) => read<T>(join(folder, name)))
        // Another process may have removed it between the listing and the reading.
        .filter((object): object is T & {} => object !== undefined),
    );
  }

  #scope(type: string): string {
    return type.startsWith("aws:iam/") ? GLOBAL : this.region;
  }

  #file(kind: "objects" | "scheduled", type: string, id: string): string {
    return join(this.directory, this.#scope(type), kind, folderOf(type), `${fileName(id)}.json`);
  }

  #claimFile(claim: Claim, type: string): string {
    return join(this.directory, this.#scope(type), "claims", claim.kind, `${fileName(claim.name)}.json`);
  }

  #imagesFile(repository: string): string {
    return join(this.directory, this.region, "images", `${fileName(repository)}.json`);
  }
}

/** `aws:ec2/vpc:Vpc` → `ec2-Vpc`. */
export function folderOf(type: string): string {
  const [, module = "", className = ""] = type.split(":");
  return `${module.split("/")[0] ?? module}-${className}`;
}

/** Ids hold slashes and may be longer than a file name: readable in front, unique by the hash behind. */
function fileName(id: string): string {
  const plain = id.replace(/[^A-Za-z0-9._-]/g, "_");
  return plain === id && id.length < 100 ? id : `${plain.slice(0, 80)}~${sha256(id).slice(0, 16)}`;
}
