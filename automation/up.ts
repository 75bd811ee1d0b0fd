import type { Stack } from "@pulumi/pulumi/automation/index.js";

import { infraContract } from "../infra/contract.ts";
import { PlatformError } from "../lib/errors.ts";
import { explain, RunFailure } from "./errors.ts";
import { imagesOf, requireImages, type Image, type ImageRegistry } from "./images.ts";
import type { StackPlan } from "./plan.ts";
import { runOver, type Run, type RunOptions } from "./run.ts";
import { createOrSelectStack } from "./stack.ts";
import type { Context, RunResult } from "./types.ts";
import { targetsOf } from "./urn.ts";

export interface UpOptions extends RunOptions {
  /** Where the workloads' images are looked for before the apps layer. @default the environment's own registry */
  images?: ImageRegistry;
}

/**
 * Brings an environment up, layer by layer from left to right, and stops at the first that fails; run again, it goes on there.
 *
 * @throws PlatformError before anything is touched, RunFailure afterwards; IMAGES_MISSING before the apps layer
 */
export async function upEnvironment(context: Context, options: UpOptions = {}): Promise<RunResult> {
  return runOver(context, "up", options, async (run) => {
    for (const plan of run.stacks) {
      const stack = await createOrSelectStack(run.session, plan);
      if (plan.layer === "all") await prepareComposed(run, plan, stack, options.images);
      if (plan.layer === "apps") await checkImages(run, options.images);
      await run.operate(plan, (engine) => stack.up(engine));
    }
  });
}

/**
 * On a fresh account the repositories do not exist, so nobody can have pushed an image. If any is missing, the layers up to infra
 * are applied by themselves, so that there is somewhere to push to.
 */
async function prepareComposed(
  run: Run,
  plan: StackPlan,
  stack: Stack,
  registry: ImageRegistry | undefined,
): Promise<void> {
  const missing = await missingImages(run, "all", registry);
  if (missing.length === 0) return;
  if (!(await hasRepositories(stack, missing))) {
    run.onProgress({
      kind: "note",
      text: "There are no image repositories yet: infra is applied first, by itself.",
    });
    const target = targetsOf(run.context.environment, plan.project, "infra");
    await run.operate({ ...plan, layers: ["infra"] }, (engine) => stack.up({ ...engine, target }));
  }
  await checkImages(run, registry);
}

async function hasRepositories(stack: Stack, images: readonly Image[]): Promise<boolean> {
  const outputs = await stack.outputs();
  const urls = infraContract.shape.repositoryUrls.safeParse(outputs["repositoryUrls"]?.value);
  return urls.success && images.every(({ repository }) => urls.data[repository] !== undefined);
}

async function checkImages(run: Run, registry: ImageRegistry | undefined): Promise<void> {
  const missing = await missingImages(run, "apps", registry);
  await inLayer("apps", async () => requireImages(missing, run.checked.environment));
}

async function missingImages(
  run: Run,
  layer: StackPlan["layer"],
  registry: ImageRegistry | undefined,
): Promise<Image[]> {
  const { checked, context, command } = run;
  const images = imagesOf(checked.systems, checked.environment);
  return inLayer(layer, async () => {
    const source = registry ?? (await import("./ecr.ts")).ecrRegistry(checked.environment);
    try {
      return await source.missing(images);
    } catch (error) {
      if (error instanceof PlatformError || !(error instanceof Error)) throw error;
      const message = `The image registry cannot be read: ${error.message}`;
      throw explain([{ message }], { environment: context.environment, layer, command })[0] ?? error;
    }
  });
}

/** An error of ours in the middle of a run belongs to a layer, and has something done before it. */
async function inLayer<T>(layer: StackPlan["layer"], body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    throw error instanceof PlatformError ? new RunFailure([error], layer, []) : error;
  }
}
