import { createHash } from "node:crypto";

import { refuse } from "./aws-error.ts";
import type { Inputs } from "../provider.ts";
import { bags, isBag, text, texts } from "./values.ts";

interface Document {
  Version: string;
  Id?: string;
  Statement: Inputs[];
}

const VERSION = "2012-10-17";

/**
 * Answers `aws.iam.getPolicyDocument`: the same JSON as the real data source, down to the order. Lists are sorted backwards and
 * one item stands without a list; values of conditions keep their order.
 */
export function policyDocument(args: Inputs): Inputs {
  const version = text(args, "version") ?? VERSION;
  const sources = [text(args, "sourceJson"), ...texts(args, "sourcePolicyDocuments")];
  const overrides = [text(args, "overrideJson"), ...texts(args, "overridePolicyDocuments")];
  const own: Document = {
    Version: version,
    Statement: bags(args, "statements").map((one) => statement(one, version)),
  };
  const policyId = text(args, "policyId");
  if (policyId !== undefined) own.Id = policyId;
  const merged = [...sources.map(parsed), own].reduce(merge, { Version: version, Statement: [] });
  refuseDuplicateSids([...sources.map(parsed), own]);
  const result = overrides.map(parsed).reduce(merge, merged);
  const document = {
    Version: result.Version,
    ...(result.Id === undefined ? {} : { Id: result.Id }),
    Statement: result.Statement,
  };
  const json = JSON.stringify(document, null, 2);
  const id = String(parseInt(createHash("sha256").update(json).digest("hex").slice(0, 8), 16));
  return { ...args, id, version, json, minifiedJson: JSON.stringify(document) };
}

/** One statement in the order of keys that the real data source writes. */
function statement(args: Inputs, version: string): Inputs {
  const list = (key: string) =>
    oneOrBackwards(texts(args, key).map((value) => withVariables(value, version)));
  const result: Inputs = {
    Sid: text(args, "sid") || undefined,
    Effect: text(args, "effect") ?? "Allow",
    Action: list("actions"),
    NotAction: list("notActions"),
    Resource: list("resources"),
    NotResource: list("notResources"),
    Principal: principals(bags(args, "principals"), version),
    NotPrincipal: principals(bags(args, "notPrincipals"), version),
    Condition: conditions(bags(args, "conditions"), version),
  };
  return Object.fromEntries(Object.entries(result).filter(([, value]) => value !== undefined));
}

function principals(list: readonly Inputs[], version: string): unknown {
  if (list.length === 0) return undefined;
  if (list.every((one) => one["type"] === "*")) return "*";
  const named = new Map<string, string[]>();
  for (const one of list) {
    const type = String(one["type"]);
    const identifiers = texts(one, "identifiers").map((value) => withVariables(value, version));
    named.set(type, [...(named.get(type) ?? []), ...identifiers]);
  }
  return Object.fromEntries(
    [...named].sort(byKey).map(([type, identifiers]) => [type, oneOrBackwards(identifiers)]),
  );
}

function conditions(list: readonly Inputs[], version: string): unknown {
  if (list.length === 0) return undefined;
  const tests = new Map<string, Map<string, string[]>>();
  for (const one of list) {
    const test = String(one["test"]);
    const variables = tests.get(test) ?? new Map<string, string[]>();
    const variable = String(one["variable"]);
    const values = texts(one, "values").map((value) => withVariables(value, version));
    tests.set(test, variables.set(variable, [...(variables.get(variable) ?? []), ...values]));
  }
  return Object.fromEntries(
    [...tests]
      .sort(byKey)
      .map(([test, variables]) => [
        test,
        Object.fromEntries(
          [...variables]
            .sort(byKey)
            .map(([name, values]) => [name, values.length === 1 ? values[0] : values]),
        ),
      ]),
  );
}

/** Statements of the same id are replaced by the later one, others are added. */
function merge(into: Document, from: Document | undefined): Document {
  if (from === undefined) return into;
  const statements = [...into.Statement];
  for (const one of from.Statement) {
    const same = one["Sid"] === undefined ? -1 : statements.findIndex((other) => other["Sid"] === one["Sid"]);
    if (same === -1) statements.push(one);
    else statements[same] = one;
  }
  return {
    ...into,
    ...(from.Id === undefined ? {} : { Id: from.Id }),
    Version: from.Version,
    Statement: statements,
  };
}

function refuseDuplicateSids(documents: readonly (Document | undefined)[]): void {
  const sids = documents.flatMap((document) => document?.Statement ?? []).map((one) => one["Sid"]);
  const known = sids.filter((sid) => sid !== undefined);
  const twice = known.find((sid, index) => known.indexOf(sid) !== index);
  if (twice !== undefined)
    refuse("DuplicateSid", `duplicate Sid (${JSON.stringify(twice)}): statement ids are unique`);
}

function parsed(json: string | undefined): Document | undefined {
  if (json === undefined || json === "") return undefined;
  const value: unknown = JSON.parse(json);
  if (!isBag(value)) return refuse("MalformedPolicyDocument", "a source document is not an object");
  const statements = [value["Statement"]].flat().filter(isBag);
  const id = text(value, "Id");
  return {
    Version: text(value, "Version") ?? VERSION,
    ...(id === undefined ? {} : { Id: id }),
    Statement: statements,
  };
}

/** Policy variables are written &{…}, since ${…} belongs to the program's language. */
function withVariables(value: string, version: string): string {
  return version === VERSION ? value.replaceAll("&{", "${") : value;
}

function oneOrBackwards(list: readonly string[]): string | string[] | undefined {
  if (list.length < 2) return list[0];
  return [...new Set(list)].sort().reverse();
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
