import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Stack } from "@pulumi/pulumi/automation/index.js";

import { fail } from "../lib/errors.ts";
import { protectionKey, type CheckedEnvironment } from "./check.ts";
import type { StackPlan } from "./plan.ts";
import type { Run } from "./run.ts";
import { exportState, type StateResource } from "./stack.ts";
import { nameOf } from "./urn.ts";

/** Resources of a stack that the cloud or the engine will refuse to delete. */
export function protectedUrns(resources: readonly StateResource[]): string[] {
  return resources
    .filter(({ delete: leftOver }) => leftOver !== true)
    .filter(({ protect, inputs }) => protect === true || inputs?.["deletionProtection"] === true)
    .map(({ urn }) => urn);
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
    key: protectionKey,
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
  const urns = protectedUrns((await exportState(stack)).resources);
  if (urns.length === 0 || unprotect) return urns;
  const { name } = run.checked.environment;
  return fail({
    id: "PROTECTED_ENVIRONMENT",
    key: protectionKey,
    rule: `the key is false by now, but ${name} was last applied while it was true`,
    remedy: `Run 'platform up ${name}' first, or 'platform destroy ${name} --unprotect'.`,
  });
}

/**
 * Lifts the protection of resources by an update of its own, of these resources alone and with the one key overridden. The
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
  const [key = "", field = ""] = protectionKey.split(".");
  document.setIn(["config", key, field], false);
  return document.toString({ flowCollectionPadding: false, lineWidth: 0 });
}
