import type { LocalWorkspace, Stack } from "@pulumi/pulumi/automation/index.js";

import type { EnvironmentFile } from "./config-file.ts";
import { EngineError, type EngineCommand } from "./engine.ts";
import type { StackPlan } from "./plan.ts";
import type { Context } from "./types.ts";

/** What every operation on an environment's stacks needs. */
export interface Session {
  context: Context;
  file: EnvironmentFile;
  command: EngineCommand;
}

/** Opens a session: loads the Automation API and finds the engine. Slow, so done after everything that needs neither. */
export async function openSession(context: Context, file: EnvironmentFile): Promise<Session> {
  const { engineCommand } = await import("./engine.ts");
  return { context, file, command: await engineCommand(context) };
}

async function workspaceOf({ file, command }: Session, plan: StackPlan): Promise<LocalWorkspace> {
  const { LocalWorkspace } = await import("@pulumi/pulumi/automation/index.js");
  return LocalWorkspace.create({
    workDir: plan.workDir,
    pulumiCommand: command,
    // Asked for only when a stack is made; without it the engine would fall back to a passphrase.
    secretsProvider: file.secretsProvider,
  });
}

/** The stack, made if it is not there yet. */
export async function createOrSelectStack(session: Session, plan: StackPlan): Promise<Stack> {
  const existing = await selectStack(session, plan);
  if (existing !== undefined) return existing;
  const { Stack } = await import("@pulumi/pulumi/automation/index.js");
  return Stack.create(session.context.environment, await workspaceOf(session, plan));
}

/** The stack, or nothing if it was never made. */
export async function selectStack(session: Session, plan: StackPlan): Promise<Stack | undefined> {
  const { Stack } = await import("@pulumi/pulumi/automation/index.js");
  try {
    return await Stack.select(session.context.environment, await workspaceOf(session, plan));
  } catch (error) {
    if (error instanceof EngineError && /no stack named .* found/.test(error.message)) return undefined;
    throw error;
  }
}

/** How many resources the stack holds by the engine's own count; 0 if it was never made. */
export async function standingResources(session: Session, plan: StackPlan): Promise<number> {
  const workspace = await workspaceOf(session, plan);
  const stacks = await workspace.listStacks();
  const { environment } = session.context;
  const stack = stacks.find(({ name }) => name === environment || name.endsWith(`/${environment}`));
  return stack?.resourceCount ?? 0;
}

/** What of a stack's state matters here. */
export interface StackState {
  resources: StateResource[];
  /** Steps that were begun in a run that never saw their end. */
  pending: { type: string; resource: { urn: string } }[];
}

export interface StateResource {
  urn: string;
  /** Left over from a replacement, waiting to be deleted. */
  delete?: boolean;
  protect?: boolean;
  inputs?: Readonly<Record<string, unknown>>;
}

/** A stack's state. */
export async function exportState(stack: Stack): Promise<StackState> {
  const state = (await stack.exportStack()).deployment as
    { resources?: StackState["resources"]; pending_operations?: StackState["pending"] } | undefined;
  return { resources: state?.resources ?? [], pending: state?.pending_operations ?? [] };
}
