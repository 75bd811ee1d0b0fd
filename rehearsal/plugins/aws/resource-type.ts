import { UNKNOWN, type CheckFailure, type Inputs } from "../provider.ts";
import type { Account, Claim, StoredObject } from "./store.ts";

/** One resource as a type's rules see it: its inputs, where it lives, and the account around it. */
export interface Subject {
  readonly account: Account;
  readonly region: string;
  readonly type: string;
  readonly urn: string;
  /** The Pulumi name, the last part of the urn. */
  readonly name: string;
  readonly inputs: Inputs;
  readonly id: string;
  /** What the object put out before; empty when it is being made. */
  readonly old: Inputs;
  /** Hexadecimal digits that are the same in every run for this resource; `salt` gives other ones. */
  hash(length: number, salt?: string): string;
}

/** How a name is made where the program gives none: the Pulumi name, a dash and seven random hexadecimal digits. */
export interface Autoname {
  /** @default "name" */
  property?: string;
  /** The longest name that AWS takes. */
  max: number;
  /** Put in front, for instance "alias/". */
  prefix?: string;
  lowerCase?: boolean;
}

/** Inputs that name other objects, which must exist. */
export interface Reference {
  /** A text or a list of texts. */
  path: string;
  find(account: Account, id: string): StoredObject | undefined;
  /** The service's error code when there is none. */
  code: string;
  reason(id: string): string;
}

/** Objects of another type whose inputs name this one and so keep it from being deleted. */
export interface Blocker {
  type: string;
  path: string;
}

/**
 * Everything the simulated AWS knows of one resource type. What is not said here is taken as given: unnamed inputs are echoed as
 * outputs and may change in place.
 */
export interface ResourceType {
  /** Inputs without which AWS refuses. */
  required?: readonly string[];
  /** Paths of inputs whose change needs a new object. A path covers all below it. */
  replace?: readonly string[];
  /** Paths that need a new object for some changes only. */
  replaceWhen?(oldInputs: Inputs, newInputs: Inputs): string[];
  /** Lists in which the order means nothing. */
  sets?: readonly string[];
  /** Inputs that hold a JSON document; an object given there becomes text. */
  documents?: readonly string[];
  autoname?: Autoname;
  /** Carries tags, with the provider's default tags among them. */
  taggable?: boolean;
  /** False for what belongs to no region: IAM. @default true */
  regional?: boolean;
  /** Only one can exist at a time, so that the old one goes first. */
  deleteBeforeReplace?: boolean;
  /** Outputs that hold where the program says nothing. */
  defaults?: Inputs;
  /** Paths of outputs that nobody can know before the object is made, unless the program says them. */
  computed: readonly string[];
  /** Those of them that every update changes. */
  changing?: readonly string[];
  references?: readonly Reference[];
  /** Deleting is refused as long as one of these is left. */
  blockedBy?: readonly Blocker[];
  /** The error code of such a refusal. @default "DependencyViolation" */
  blockedCode?: string;
  /** A deleted object stays for so many days, out of use; 0: it is gone at once. @default 0 */
  recoveryDays?(object: StoredObject): number;
  /** The object stays in the account though the program lets go of it. @default false */
  kept?(object: StoredObject): boolean;
  check?(inputs: Inputs, region: string): CheckFailure[];
  id(subject: Omit<Subject, "id">): string;
  /** The name that the account has once. */
  claim?(subject: Omit<Subject, "id">): Claim;
  /** The code and sentence when an object of that id exists already. @default "ResourceInUseException" */
  duplicate?(id: string): { code: string; reason: string };
  outputs?(subject: Subject): Inputs;
  /** Refuses what AWS would refuse at creation, by the state of the account. */
  admit?(subject: Subject): void;
  /** Refuses what AWS would refuse as a change. */
  admitUpdate?(subject: Subject, oldInputs: Inputs): void;
  /** Refuses what AWS would refuse as a deletion. */
  admitDelete?(object: StoredObject, account: Account): void;
  /** What AWS does by itself afterwards. */
  created?(subject: Subject): void | Promise<void>;
  updated?(subject: Subject): void | Promise<void>;
  deleted?(object: StoredObject, account: Account): void | Promise<void>;
}

export type ResourceTypes = Readonly<Record<string, ResourceType>>;

/** `aws`, or the partition of China or GovCloud. */
export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/** The ARN of something that lives in the subject's region. */
export function arn(where: { account: Account; region: string }, service: string, resource: string): string {
  return `arn:${partitionOf(where.region)}:${service}:${where.region}:${where.account.id}:${resource}`;
}

/** The ARN of something of IAM, which has no region. */
export function iamArn(where: { account: Account; region: string }, resource: string): string {
  return `arn:${partitionOf(where.region)}:iam::${where.account.id}:${resource}`;
}

/** A reference to an object by its id. */
export function refersTo(path: string, type: string, code: string, what: string): Reference {
  return {
    path,
    find: (account, id) => account.get(type, id),
    code,
    reason: (id) => `The ${what} '${id}' does not exist`,
  };
}

/** A failure unless the value is absent, unknown, or passes. */
export function rule(
  inputs: Inputs,
  property: string,
  passes: (value: unknown) => boolean,
  reason: string,
): CheckFailure[] {
  const value = inputs[property];
  return value === undefined || value === UNKNOWN || passes(value) ? [] : [{ property, reason }];
}

/** A failure unless the value is absent, unknown, or one of the choices. */
export function oneOf(inputs: Inputs, property: string, choices: readonly unknown[]): CheckFailure[] {
  return rule(
    inputs,
    property,
    (value) => choices.includes(value),
    `expected ${property} to be one of ${JSON.stringify(choices)}, got ${JSON.stringify(inputs[property])}`,
  );
}
