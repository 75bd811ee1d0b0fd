import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

import { PlatformError, type ErrorDetails, type ErrorId } from "./errors.ts";

/**
 * Where configuration comes from: answers a bag's raw values by key, without the bag's name (`infra:zones` is key `zones` of
 * bag `infra`). The program reads the engine's configuration, the command line reads the same values from the file.
 */
export type ConfigSource = (bag: string) => Record<string, string>;

/** The configuration that the engine gave to the running program. */
export const programConfig: ConfigSource = (bag) => {
  const prefix = `${bag}:`;
  return Object.fromEntries(
    Object.entries(pulumi.runtime.allConfig())
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]),
  );
};

// The SDK has it, but declares it to nobody outside.
const runtime = pulumi.runtime as typeof pulumi.runtime & { isConfigSecret(key: string): boolean };

/** What a check of a schema may say about itself, for an error with its own id and remedy. */
export interface RuleParams {
  id?: ErrorId;
  remedy?: string;
  /** Leaves the value out of the error, for it may hold a credential. @default false */
  hideValue?: boolean;
}

/**
 * Reads one bag and checks it against its schema. Every key that the schema does not know is an error, so that a misspelt key is
 * never silently a default.
 *
 * @throws PlatformError CONFIG_UNKNOWN_KEY, CONFIG_MISSING or CONFIG_INVALID, or the id that the schema's own check names
 */
export function readBag<S extends z.ZodObject>(
  bag: string,
  schema: S,
  source: ConfigSource = programConfig,
): z.infer<S> {
  const strict = schema.strict();
  const raw = source(bag);
  const values = Object.fromEntries(
    Object.entries(raw).map(([key, text]) => [key, decode(text, strict.shape[key] as z.ZodType | undefined)]),
  );
  const parsed = strict.safeParse(values);
  if (parsed.success) return parsed.data as z.infer<S>;
  throw explain(bag, schema, values, parsed.error.issues);
}

/** The engine hands over text: a string stays one where the schema wants it, anything else is JSON. */
function decode(text: string, field: z.ZodType | undefined): unknown {
  const asText = field?.safeParse(text);
  if (asText?.success) return text;
  const value = parseJson(text);
  if (field?.safeParse(value).success) return value;
  // Neither fits: the complaint is about the form that has the right type, so that "123" is not called a number.
  return asText?.error.issues.some((issue) => issue.code === "invalid_type" && issue.path.length === 0) ===
    false
    ? text
    : value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function explain(
  bag: string,
  schema: z.ZodObject,
  values: unknown,
  issues: readonly z.core.$ZodIssue[],
): PlatformError {
  const all = issues.map((issue) => describe(bag, schema, values, issue));
  const [first, ...rest] = all as [ErrorDetails, ...ErrorDetails[]];
  const more = rest.map((other) => `${other.key}: ${other.rule}`).join("; ");
  return new PlatformError(
    more === "" ? first : { ...first, remedy: `${first.remedy} Also wrong: ${more}.` },
  );
}

function describe(bag: string, schema: z.ZodObject, values: unknown, issue: z.core.$ZodIssue): ErrorDetails {
  if (issue.code === "unrecognized_keys") {
    const unknown = issue.keys[0] ?? "";
    const key = keyOf(bag, [...issue.path, unknown]);
    const known =
      issue.path.length === 0 ? ` Known keys of ${bag}: ${Object.keys(schema.shape).sort().join(", ")}.` : "";
    return {
      id: "CONFIG_UNKNOWN_KEY",
      key,
      rule: "there is no such key",
      remedy: `Correct or remove it in Pulumi.<environment>.yaml.${known}`,
    };
  }
  const key = keyOf(bag, issue.path);
  const value = issue.path.reduce<unknown>(
    (at, step) => (isRecord(at) ? at[step as string] : undefined),
    values,
  );
  const params: RuleParams = issue.code === "custom" ? ((issue.params ?? {}) as RuleParams) : {};
  const missing = value === undefined;
  return {
    id: params.id ?? (missing ? "CONFIG_MISSING" : "CONFIG_INVALID"),
    key,
    value: params.hideValue === true || isSecret(bag, issue.path, values) ? undefined : value,
    rule: missing && issue.code === "invalid_type" ? `it is required (${issue.expected})` : issue.message,
    remedy:
      params.remedy ??
      `Set it in Pulumi.<environment>.yaml, or by: pulumi config set --path '${key}' <value>.`,
  };
}

/** The value holds what the engine keeps secret. A rule about the bag as a whole has every value of it. */
function isSecret(bag: string, [key]: readonly PropertyKey[], values: unknown): boolean {
  const keys = key === undefined ? Object.keys(values ?? {}) : [String(key)];
  return keys.some((name) => runtime.isConfigSecret(`${bag}:${name}`));
}

function keyOf(bag: string, path: readonly PropertyKey[]): string {
  const text = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`)).join("");
  return `${bag}:${text.replace(/^\./, "")}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
