import { UNKNOWN, type CheckFailure, type Inputs } from "../provider.ts";
import { isBag, items } from "./values.ts";

/** What a policy document is for: a trust policy names who, an identity policy names what. */
export type PolicyKind = "identity" | "resource" | "trust";

/**
 * What IAM refuses of a policy document: broken JSON, another version, statements without their parts, ids with foreign characters,
 * and documents beyond a quota. What is not known yet is not judged.
 */
export function policyFailures(
  inputs: Inputs,
  property: string,
  kind: PolicyKind,
  quota?: number,
): CheckFailure[] {
  const value = inputs[property];
  if (value === undefined || value === UNKNOWN) return [];
  const malformed = (reason: string): CheckFailure[] => [
    { property, reason: `MalformedPolicyDocument: ${reason}` },
  ];
  const document = parse(value);
  if (!isBag(document)) return malformed("the policy is not valid JSON");
  const version = document["Version"] ?? "2008-10-17";
  if (version !== "2012-10-17" && version !== "2008-10-17")
    return malformed("the policy must have the version 2012-10-17");
  const statements = [document["Statement"]].flat().filter((statement) => statement !== undefined);
  if (statements.length === 0) return malformed("the policy has no statement");
  const failures = statements.flatMap((statement) =>
    malformed(statementFault(statement, kind) ?? "").filter(isReal),
  );
  const sids = statements
    .map((statement) => (isBag(statement) ? statement["Sid"] : undefined))
    .filter((sid) => sid !== undefined);
  if (new Set(sids).size !== sids.length)
    failures.push(...malformed("statement ids (Sid) in a policy must be unique"));
  const size = JSON.stringify(document).length;
  if (quota !== undefined && size > quota) {
    failures.push({
      property,
      reason: `LimitExceeded: the policy has ${size} characters, the quota is ${quota}`,
    });
  }
  return failures;
}

function isReal(failure: CheckFailure): boolean {
  return failure.reason !== "MalformedPolicyDocument: ";
}

function statementFault(statement: unknown, kind: PolicyKind): string | undefined {
  if (!isBag(statement)) return "a statement is an object";
  const { Effect, Sid } = statement;
  const has = (...keys: string[]) =>
    keys.some((key) => statement[key] !== undefined && !isEmpty(statement[key]));
  if (Effect !== "Allow" && Effect !== "Deny") return "a statement needs the effect Allow or Deny";
  if (Sid !== undefined && (typeof Sid !== "string" || !/^[0-9A-Za-z]*$/.test(Sid)) && kind !== "resource") {
    return `statement ids (Sid) must be alphanumeric, got ${JSON.stringify(Sid)}`;
  }
  if (!has("Action", "NotAction")) return "a statement needs actions";
  if (kind === "identity" && !has("Resource", "NotResource")) return "a statement needs resources";
  if (kind === "identity" && has("Principal", "NotPrincipal")) return "an identity policy names no principal";
  if (kind !== "identity" && !has("Principal", "NotPrincipal")) return "a statement needs a principal";
  if (kind === "trust" && has("Resource", "NotResource")) return "a trust policy names no resource";
  return undefined;
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** The statements of a document that allow. */
export function allowances(document: unknown): Inputs[] {
  const parsed = parse(document);
  if (!isBag(parsed)) return [];
  return [parsed["Statement"]]
    .flat()
    .filter((statement): statement is Inputs => isBag(statement) && statement["Effect"] === "Allow");
}

/** A statement's value as a list: policies write one item without the list. */
export function listOf(statement: unknown, key: string): unknown[] {
  const value = isBag(statement) ? statement[key] : undefined;
  if (value === undefined) return [];
  return Array.isArray(value) ? items(statement, key) : [value];
}

function parse(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return undefined;
  }
}
