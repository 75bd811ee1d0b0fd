/** Runs Pulumi programs without an engine, strictly, and gives back what they registered. */
import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { RecordingMonitor, type Recorded } from "./monitor.ts";
import type { Raw } from "./wire.ts";

export type { Recorded } from "./monitor.ts";
export { secretValue, UNKNOWN } from "./wire.ts";

export interface RunOptions {
  /** @default "qa" */
  stack?: string;
  /** @default "platform" */
  project?: string;
  /** Nothing is known of new resources but their inputs, as before the first `up`. @default false */
  preview?: boolean;
  /** Configuration as the engine hands it over: `bag:key` → text. @default none */
  config?: Record<string, string>;
  /** Outputs of other stacks of the same name, by project, e.g. "platform-infra". @default none */
  references?: Record<string, Raw>;
}

export interface Run {
  resources: Recorded[];
  /** What the program exported, as it travels: secrets stay marked, so that it can serve as `references`. */
  outputs: Raw;
}

let running: Promise<unknown> = Promise.resolve();

/**
 * Runs the program under mocks and gives back what it registered, in order, without the stack itself.
 *
 * Strict: an unknown resource type or call, a default provider of aws or kubernetes, one URN twice, an error in the program or a
 * rejection that nobody handles rejects the promise.
 */
export async function collect(run: () => unknown, options: RunOptions = {}): Promise<Recorded[]> {
  return (await runUnderMocks(run, options)).resources;
}

/** Like {@link collect}, with the program's outputs: `run`'s result. */
export function runUnderMocks(run: () => unknown, options: RunOptions = {}): Promise<Run> {
  // The SDK's state belongs to the process: one program at a time.
  const next = running.then(() => runAlone(run, options));
  running = next.catch(() => undefined);
  return next;
}

/** Providers for a component under test, which gets none by default, as in the real program. */
export function testProviders(): { aws: aws.Provider; kubernetes: kubernetes.Provider } {
  return {
    aws: new aws.Provider("aws-test", {
      region: "ap-south-1",
      defaultTags: { tags: { "platform:environment": "test" } },
    }),
    kubernetes: new kubernetes.Provider("kubernetes-test", { kubeconfig: "{}", clusterIdentifier: "test" }),
  };
}

/** The one resource of that type and name. */
export function find(resources: readonly Recorded[], type: string, name?: string): Recorded {
  const found = resources.filter(
    (resource) => resource.type === type && (name === undefined || resource.name === name),
  );
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const names = resources.filter((resource) => resource.type === type).map((resource) => resource.name);
  throw new Error(
    `${found.length} resources are ${type} '${name ?? "*"}'; of that type there are: ${names.join(", ") || "none"}`,
  );
}

/** Every resource of that type. */
export function ofType(resources: readonly Recorded[], type: string): Recorded[] {
  return resources.filter((resource) => resource.type === type);
}

async function runAlone(run: () => unknown, options: RunOptions): Promise<Run> {
  const { stack = "qa", project = "platform", preview = false, config = {}, references = {} } = options;
  const monitor = new RecordingMonitor({ stack, project, preview, references });
  pulumi.runtime.setMockOptions(monitor, project, stack, preview, "organization");
  pulumi.runtime.setAllConfig(config);
  const rejections = await whileCatching(async () => {
    try {
      await pulumi.runtime.runInPulumiStack(async () => (await run()) as pulumi.Inputs | undefined);
    } finally {
      await settle(monitor);
    }
  });
  const [first] = [...monitor.errors, ...rejections];
  if (first !== undefined) throw first;
  if (pulumi.log.hasErrors()) throw new Error("the program logged an error");
  return {
    resources: monitor.recorded.filter(({ type }) => type !== "pulumi:pulumi:Stack"),
    outputs: monitor.stackOutputs,
  };
}

/** Waits until nothing is under way: every call answered, and no answer has led to another call. */
async function settle(monitor: RecordingMonitor): Promise<void> {
  for (let seen = -1, quiet = 0; quiet < 3;) {
    await pulumi.runtime.disconnect();
    await new Promise((resolve) => setImmediate(resolve));
    quiet = seen === monitor.recorded.length ? quiet + 1 : 0;
    seen = monitor.recorded.length;
  }
}

/** Runs `body` and gives back its error and the rejections that nobody handled meanwhile, which would fail the real program. */
async function whileCatching(body: () => Promise<void>): Promise<Error[]> {
  const caught: Error[] = [];
  const note = (reason: unknown): void => {
    caught.push(reason instanceof Error ? reason : new Error(String(reason)));
  };
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", note);
  try {
    await body().catch((error: unknown) =>
      caught.unshift(error instanceof Error ? error : new Error(String(error))),
    );
    // Node reports unhandled rejections after the turn in which they came up.
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.removeListener("unhandledRejection", note);
    for (const listener of others) process.on("unhandledRejection", listener);
  }
  return caught;
}
