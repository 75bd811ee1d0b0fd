import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parseDocument, type Document } from "yaml";

import type { ConfigSource } from "../lib/config.ts";
import { fail } from "../lib/errors.ts";

/** An environment's file, read. */
export interface EnvironmentFile {
  path: string;
  source: ConfigSource;
  /** Who encrypts the stack's secrets, e.g. `awskms://alias/…`. @default the backend's own way */
  secretsProvider: string | undefined;
  document: Document;
}

/** Names of the environments that have a file in `root`. */
export function knownEnvironments(root: string): string[] {
  return readdirSync(root)
    .map((name) => /^Pulumi\.([a-zA-Z0-9._-]+)\.yaml$/.exec(name)?.[1])
    .filter((name) => name !== undefined)
    .sort();
}

/**
 * Reads `Pulumi.<environment>.yaml`.
 *
 * @throws PlatformError ENVIRONMENT_UNKNOWN, or CONFIG_INVALID if it is not YAML
 */
export function readEnvironmentFile(root: string, environment: string): EnvironmentFile {
  const known = knownEnvironments(root);
  if (!known.includes(environment)) {
    fail({
      id: "ENVIRONMENT_UNKNOWN",
      key: "environment",
      value: environment,
      rule: `there is no Pulumi.${environment}.yaml`,
      remedy: known.length === 0 ? `Is ${root} the checkout?` : `Name one of ${known.join(", ")}.`,
    });
  }
  const path = join(root, `Pulumi.${environment}.yaml`);
  const document = parseDocument(readFileSync(path, "utf8"));
  const problem = document.errors[0];
  if (problem !== undefined) {
    const rule = problem.message.split("\n")[0] ?? "it is not YAML";
    fail({ id: "CONFIG_INVALID", key: `Pulumi.${environment}.yaml`, rule, remedy: "Correct the file." });
  }
  const content = (document.toJS() ?? {}) as { config?: Record<string, unknown>; secretsprovider?: string };
  return { path, document, source: sourceOf(content.config ?? {}), secretsProvider: content.secretsprovider };
}

/** The file's values the way the engine hands them to a program: text as it is, everything else as JSON. */
export function sourceOf(config: Readonly<Record<string, unknown>>): ConfigSource {
  return (bag) => {
    const prefix = `${bag}:`;
    return Object.fromEntries(
      Object.entries(config)
        .filter(([key]) => key.startsWith(prefix))
        .map(([key, value]) => [key.slice(prefix.length), textOf(value)]),
    );
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? "");
}
