import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";

type Kind = "pre" | "out" | "failed";

interface Details {
  /** @default true */
  custom?: boolean;
  /** @default true */
  logical?: boolean;
  diffs?: string[];
}

let sequence = 0;

/** An event of the engine about one step on one resource, with what the command line reads of it. */
export function stepEvent(kind: Kind, op: string, urn: string, details: Details = {}): EngineEvent {
  const { custom = true, logical = true, diffs } = details;
  // The engine leaves out what is false.
  const state = custom ? { custom } : {};
  const metadata = { op, urn, new: state, ...(logical ? { logical } : {}), ...(diffs ? { diffs } : {}) };
  const name = { pre: "resourcePreEvent", out: "resOutputsEvent", failed: "resOpFailedEvent" }[kind];
  return { sequence: sequence++, timestamp: 0, [name]: { metadata } };
}

/** A message of the engine. */
export function diagnosticEvent(severity: string, message: string, urn?: string): EngineEvent {
  const diagnosticEvent = { severity, message, urn, color: "never" };
  return { sequence: sequence++, timestamp: 0, diagnosticEvent } as unknown as EngineEvent;
}

/** A URN of stack qa: `urnOf("platform:infra:Infra$toy:index:Thing", "one")`. */
export function urnOf(types: string, name: string, project = "platform"): string {
  return `urn:pulumi:qa::${project}::${types}::${name}`;
}
