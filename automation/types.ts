import type { LayerName, Topology } from "../lib/environment.ts";

/** Where and for which environment a command works. Nothing in it knows of a terminal. */
export interface Context {
  /** The directory with `Pulumi.yaml` and the environments' files: the checkout, or a copy of it. */
  root: string;
  /** Name of the environment, which is also the stack's. */
  environment: string;
  /** The environment of the engine's processes; nothing of this process's own is added to it. @default this process's own */
  envVars?: Readonly<Record<string, string | undefined>>;
  /** Apply and preview configuration that still holds the example's values; for rehearsals. @default they are refused */
  allowPlaceholders?: boolean;
  /** What the user typed, and would type again. @default the operation's own command, e.g. `platform up qa` */
  command?: string;
  /** Asks for an orderly end: the steps that are running are finished, no new one is begun. @default never */
  signal?: AbortSignal;
  /** Ends the engine at once, whatever it is doing. @default never */
  kill?: AbortSignal;
}

export type Operation = "up" | "preview" | "refresh" | "destroy";

/** How many resources an operation changed; for a preview, would change. */
export interface Counts {
  created: number;
  updated: number;
  replaced: number;
  deleted: number;
  unchanged: number;
}

/** What an operation did in one layer. The stack itself and references to other stacks are not counted. */
export interface LayerResult extends Counts {
  layer: LayerName;
  /** Resources that the layer has afterwards. */
  resources: number;
  /** From its first step to its last. */
  seconds: number;
}

/** What an operation did, layers in the order in which it came to them. */
export interface RunResult {
  environment: string;
  topology: Topology;
  operation: Operation;
  layers: LayerResult[];
  /** Layers that could not be looked at, because one before them has never been applied. Only a preview has any. */
  skipped: LayerName[];
  seconds: number;
}

/** One step of the engine on one resource. */
export interface Step {
  /** The engine's word for it: `create`, `update`, `delete`, `replace` …; `same` if it came out unchanged. */
  op: string;
  type: string;
  name: string;
  /** Properties that differ, where the step changes something that exists. */
  properties: string[];
  state: "running" | "done" | "failed";
}

/** What is going on, for whoever shows it. */
export type Progress =
  | { kind: "begin"; layer: LayerName }
  | { kind: "step"; layer: LayerName; step: Step; counts: Counts }
  | { kind: "end"; layer: LayerName; result: LayerResult }
  /** Something to know that belongs to no resource. */
  | { kind: "note"; text: string };

export type OnProgress = (progress: Progress) => void;
