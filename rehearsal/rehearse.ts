import { destroyEnvironment } from "../automation/destroy.ts";
import type { ImageRegistry } from "../automation/images.ts";
import { changesOf, totalOf } from "../automation/results.ts";
import type { OnProgress, RunResult } from "../automation/types.ts";
import { upEnvironment } from "../automation/up.ts";
import { KubernetesApi } from "./kubernetes/api.ts";
import { leftOver, snapshotObjects, unschedulable } from "./kubernetes/left.ts";
import { isAtRest } from "./kubernetes/rest.ts";
import { openRehearsal, type OpenArgs, type Rehearsal } from "./open.ts";
import { listObjects, listScheduledForDeletion, missingImages, pushImages } from "./plugins/aws/account.ts";
import { readRecords } from "./records.ts";
import type { Report } from "./report.ts";

export { stopRehearsal } from "./open.ts";

export type Phase = "up" | "again" | "destroy";

export interface RehearseArgs extends OpenArgs {
  /** Leave it running after the second `up`. @default false: destroy, and clear everything away */
  keep?: boolean;
  /** Told when a phase begins. */
  onPhase?: (phase: Phase) => void;
  /** Told what the engine is doing. */
  onProgress?: OnProgress;
}

/** How long controllers may take to come to rest after an operation (ms). */
const REST = 30_000;

/**
 * Rehearses an environment: up, up again, destroy, on the real engine and control plane and a simulated AWS.
 *
 * @throws PlatformError if it could not be rehearsed at all, RunFailure if an operation failed; what is merely wrong is in the report
 */
export async function rehearse(args: RehearseArgs): Promise<Report> {
  const rehearsal = await openRehearsal(args);
  let kept = false;
  try {
    const report = await run(rehearsal, args);
    if (args.keep === true) {
      rehearsal.keep();
      kept = true;
    }
    return report;
  } finally {
    if (!kept) await rehearsal.close();
  }
}

async function run(rehearsal: Rehearsal, args: RehearseArgs): Promise<Report> {
  const { context, directories, account } = rehearsal;
  const api = await KubernetesApi.fromFile(rehearsal.variables["REHEARSAL_KUBECONFIG"] ?? "");
  const options = { onProgress: args.onProgress, images: pushedImages(rehearsal) };
  const othersInAccount = listObjects(account).length;
  const othersScheduled = listScheduledForDeletion(account).length;
  try {
    const before = await snapshotObjects(api);
    args.onPhase?.("up");
    const up = await upEnvironment(context, options);
    args.onPhase?.("again");
    const again = await upEnvironment(context, options);
    await settled(
      () => isAtRest(api),
      (resting) => resting,
    );
    const waiting = await unschedulable(api);
    const report: Report = {
      environment: args.environment,
      topology: up.topology,
      engine: `v${rehearsal.engine.version} (${rehearsal.engine.origin})`,
      kubernetes: rehearsal.kubernetes,
      layers: layersOf(up),
      up: { created: totalOf(up.layers).created, seconds: up.seconds },
      again: { changed: changesOf(totalOf(again.layers)), seconds: again.seconds },
      rejected: [],
      unschedulable: waiting,
      notRendered: [],
    };
    if (args.keep !== true) {
      args.onPhase?.("destroy");
      const destroy = await destroyEnvironment(context, { onProgress: args.onProgress, unprotect: true });
      const left = await settled(
        async () => leftOver(before, await snapshotObjects(api)).left,
        (objects) => objects.length === 0,
      );
      for (const object of left) args.onNote?.(`left in Kubernetes: ${JSON.stringify(object)}`);
      const leftInAws = listObjects(account);
      if (leftInAws.length > othersInAccount) {
        for (const object of leftInAws) args.onNote?.(`left in AWS: ${object.type} ${object.id}`);
      }
      report.destroy = {
        deleted: totalOf(destroy.layers).deleted,
        seconds: destroy.seconds,
        left: { aws: leftInAws.length - othersInAccount, kubernetes: left.length },
        scheduledForDeletion: listScheduledForDeletion(account).length - othersScheduled,
      };
    }
    return { ...report, ...readRecords(directories) };
  } finally {
    api.close();
  }
}

/** Looks until it is as it should be, or controllers have had time enough; returns the last look. */
async function settled<T>(look: () => Promise<T>, done: (seen: T) => boolean): Promise<T> {
  const deadline = Date.now() + REST;
  for (;;) {
    const seen = await look();
    if (done(seen) || Date.now() > deadline) return seen;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

function layersOf(up: RunResult): Report["layers"] {
  return Object.fromEntries(
    up.layers.map(({ layer, resources, seconds }) => [layer, { resources, seconds }]),
  );
}

/** The simulated registries. Whoever builds images pushes them as soon as there is a repository; here that is taken as done. */
function pushedImages({ account }: Rehearsal): ImageRegistry {
  return {
    missing: async (images) => {
      const repositories = new Set(listObjects(account).map(({ id }) => id));
      for (const { repository, tag } of images) {
        if (repositories.has(repository)) pushImages(account, repository, [tag]);
      }
      const missing = missingImages(
        account,
        images.map(({ reference }) => reference),
      );
      return images.filter(({ reference }) => missing.includes(reference));
    },
  };
}
