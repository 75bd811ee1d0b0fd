import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Stack } from "@pulumi/pulumi/automation/index.js";

import { fail } from "../lib/errors.ts";
import type { CheckedEnvironment } from "./check.ts";
import type { StackPlan } from "./plan.ts";
import type { Run } from "./run.ts";
import { exportState, type StateResource } from "./stack.ts";
import { nameOf } from "./urn.ts";

/** Something in the configuration that makes the cloud refuse a deletion. */
interface Protection {
  /** The key that decides, and the value with which things can be deleted. */
  key: string;
  lifted: boolean;
  /** Whether it holds for a resource, as the stack's state has it. */
  protects: (resource: StateResource) => boolean;
}

const clusterProtection: Protection = {
  key: "infra:cluster.deletionProtection",
  lifted: false,
  protects: ({ protect, inputs }) => protect === true || inputs?.["deletionProtection"] === true,
};

const protections: readonly Protection[] = [
  clusterProtection,
  {
    key: "infra:registry.forceDelete",
    lifted: true,
    // ECR deletes no repository that still holds images; finding that out halfway would leave half an environment.
    protects: ({ urn, inputs }) =>
      urn.includes("aws:ecr/repository:Repository::") && inputs?.["forceDelete"] !== true,
  },
];

/** Resources of a stack that the cloud or the engine will refuse to delete. */
export function protectedUrns(resources: readonly StateResource[]): string[] {
  return protectedBy(resources).flatMap(({ urns }) => urns);
}

function protectedBy(resources: readonly StateResource[]): { protection: Protection; urns: string[] }[] {
  const live = resources.filter(({ delete: leftOver }) => leftOver !== true);
  return protections
    .map((protection) => ({ protection, urns: live.filter(protection.protects).map(({ urn }) => urn) }))
    .filter(({ urns }) => urns.length > 0);
}

/**
 * Refuses to destroy an environment whose configuration protects it.
 *
 * @throws PlatformError PROTECTED_ENVIRONMENT
 */
export function requireUnprotected(
  { deletionProtection, environment: { name } }: CheckedEnvironment,
  unprotect: boolean,
): void {
  if (!deletionProtection || unprotect) return;
  fail({
    id: "PROTECTED_ENVIRONMENT",
    key: clusterProtection.key,
    value: true,
    rule: `${name} is protected against destruction`,
    remedy: `If ${name} is really to go: 'platform destroy ${name} --unprotect', which lifts the protection first.`,
  });
}

/**
 * What protects the resources of a stack now.
 *
 * @param unprotect whether lifting was asked for; without it, a stack that still carries protection is refused
 * @throws PlatformError PROTECTED_ENVIRONMENT
 */
export async function findProtection(run: Run, stack: Stack, unprotect: boolean): Promise<string[]> {
  const { resources } = await exportState(stack);
  const [first] = protectedBy(resources);
  if (first === undefined || unprotect) return protectedUrns(resources);
  const { name } = run.checked.environment;
  return fail({
    id: "PROTECTED_ENVIRONMENT",
    key: first.protection.key,
    rule: `${name} was last applied with protection: ${first.urns.map((urn) => nameOf(urn).name).join(", ")}`,
    remedy:
      `Set the key to ${first.protection.lifted} and run 'platform up ${name}' first, ` +
      `or run 'platform destroy ${name} --unprotect'.`,
  });
}

/**
 * Lifts the protection of resources by an update of its own, of these resources alone and with the protecting keys overridden. The
 * environment's file stays as it is.
 */
export async function liftProtection(
  run: Run,
  plan: StackPlan,
  stack: Stack,
  urns: readonly string[],
): Promise<void> {
  if (urns.length === 0) return;
  const names = urns.map((urn) => nameOf(urn).name).join(", ");
  run.onProgress({ kind: "note", text: `Lifting the deletion protection of ${names}.` });
  const folder = mkdtempSync(join(tmpdir(), "platform-"));
  try {
    const configFile = join(folder, "Pulumi.yaml");
    writeFileSync(configFile, unprotectedConfig(run.checked), { mode: 0o600 });
    await run.call(plan, "up", (engine) => stack.up({ ...engine, target: [...urns], configFile }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The environment's file with the protection off. */
export function unprotectedConfig({ file }: CheckedEnvironment): string {
  const document = file.document.clone();
  for (const { key, lifted } of protections) {
    const [bag = "", field = ""] = key.split(".");
    document.setIn(["config", bag, field], lifted);
  }
  return document.toString({ flowCollectionPadding: false, lineWidth: 0 });
}
