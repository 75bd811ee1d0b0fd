/** Runs the real programs under mocks with the real configuration files. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";

import { layerNames, type Topology } from "../../lib/environment.ts";
import { runUnderMocks, type Recorded, type Run } from "./mocks.ts";
import type { Raw } from "./wire.ts";

export type Stack = "qa" | "prod";
export const stacks: readonly Stack[] = ["qa", "prod"];

export interface ProgramOptions {
  /** Runs the environment in another topology than its own. @default the file's */
  topology?: Topology;
  /** Configuration on top of the file's; `undefined` takes a key away. @default none */
  config?: Record<string, string | undefined>;
  /** Registers as before the first `up`; layers to the left are taken as applied. @default false */
  preview?: boolean;
}

export interface Program {
  /** Everything that is registered, layer by layer from left to right. */
  resources: Recorded[];
  /** Everything that is exported, secrets marked. */
  outputs: Raw;
}

const done = new Map<string, Promise<Program>>();

/** Runs an environment's program once and remembers what it registered. */
export function program(stack: Stack, options: ProgramOptions = {}): Promise<Program> {
  const key = JSON.stringify([stack, options, Object.entries(options.config ?? {})]);
  const known = done.get(key) ?? runProgram(stack, options);
  done.set(key, known);
  return known;
}

/** Runs an environment's program: the composed one, or the four layers in order, each on the outputs of those before it. */
export async function runProgram(stack: Stack, options: ProgramOptions = {}): Promise<Program> {
  const config = configOf(stack, options);
  if (config["platform:topology"] === "composed")
    return runEntry(stack, "platform", "index.ts", config, {}, options.preview);
  const references: Record<string, Raw> = {};
  const resources: Recorded[] = [];
  for (const layer of layerNames) {
    const project = `platform-${layer}`;
    const run = await runEntry(stack, project, `${layer}/index.ts`, config, references);
    const seen = options.preview
      ? await runEntry(stack, project, `${layer}/index.ts`, config, references, true)
      : run;
    resources.push(...seen.resources);
    references[project] = run.outputs;
  }
  return { resources, outputs: Object.assign({}, ...Object.values(references)) as Raw };
}

let runs = 0;

/** Runs one entry point as a program of its own. */
export function runEntry(
  stack: Stack,
  project: string,
  file: string,
  config: Record<string, string>,
  references: Record<string, Raw>,
  preview = false,
): Promise<Run> {
  // Modules are evaluated once by address: another address for another run.
  const address = new URL(`../../${file}?run=${++runs}`, import.meta.url).href;
  const start = async (): Promise<unknown> => ((await import(address)) as { default: unknown }).default;
  return runUnderMocks(start, { stack, project, config, references, preview });
}

/** The configuration file's values as the engine hands them to a program: text as it is, everything else as JSON. */
export function configOf(
  stack: Stack,
  { topology, config: over = {} }: ProgramOptions = {},
): Record<string, string> {
  const text = readFileSync(new URL(`../../Pulumi.${stack}.yaml`, import.meta.url), "utf8");
  const { config } = parse(text) as { config: Record<string, unknown> };
  const values: Record<string, string | undefined> = Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
  Object.assign(values, topology === undefined ? {} : { "platform:topology": topology }, over);
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
