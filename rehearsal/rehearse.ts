import { destroyEnvironment } from "../automation/destroy.ts";
import type { ImageRegistry } from "../automation/images.ts";
import { changesOf, totalOf } from "../automation/results.ts";
import type { OnProgress, RunResult } from "../automation/types.ts";
import { checkEnvironment } from "../automation/check.ts";
import type { SecretStore } from "../automation/secrets.ts";
import { upEnvironment } from "../automation/up.ts";
import { KubernetesApi } from "./kubernetes/api.ts";
import { leftOver, snapshotObjects, unschedulable } from "./kubernetes/left.ts";
import { settle } from "./kubernetes/rest.ts";
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
  const { environment } = await checkEnvironment({ root: args.checkout, environment: args.environment });
  const rehearsal = await openRehearsal({ ...args, accountId: environment.accountId });
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
  const options = { onProgress: args.onProgress, images: pushedImages(rehearsal), secrets: filledSecrets };
  const othersInAccount = listObjects(account).length;
  const othersScheduled = listScheduledForDeletion(account).length;
  try {
    const before = await snapshotObjects(api);
    args.onPhase?.("up");
    const up = await upEnvironment(context, options);
    args.onPhase?.("again");
    const again = await upEnvironment(context, options);
    const unsettled = await settle(api, REST / 1000, args.signal);
    const waiting = await unschedulable(api);
    const report: Report = {
      environment: args.environment,
      topology: up.topology,
      engine: `v${rehearsal.engine.version} (${rehearsal.engine.origin}; Kubernetes plugin: ${rehearsal.kubernetesPlugin})`,
      kubernetes: rehearsal.kubernetes,
      layers: layersOf(up),
      up: { created: totalOf(up.layers).created, seconds: up.seconds },
      again: { changed: changesOf(totalOf(again.layers)), seconds: again.seconds },
      rejected: [],
      unschedulable: waiting,
      notRendered: [],
      differs: [],
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
    const records = readRecords(directories);
    // What gitops brings is awaited by nobody else: whatever did not get ready is as good as refused.
    const rejected = [
      ...records.rejected,
      ...unsettled.map(({ kind, name, reason }) => ({ kind, name, reason })),
    ];
    return { ...report, ...records, rejected };
  } catch (error) {
    await explainFailure(api, rehearsal, args);
    throw error;
  } finally {
    api.close();
  }
}

/** Says what the cluster has against it, before the cluster is cleared away: the engine's own words can be a bare time-out. */
async function explainFailure(
  api: KubernetesApi,
  { directories }: Rehearsal,
  { onNote }: RehearseArgs,
): Promise<void> {
  for (const { kind, name, reason } of readRecords(directories).rejected)
    onNote?.(`rejected: ${kind} ${name}: ${reason}`);
  // The control plane itself may be what failed.
  for (const { pod, reason } of await unschedulable(api).catch(() => []))
    onNote?.(`unschedulable: ${pod}: ${reason}`);
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

/** Values of secrets are set outside of the program, and nobody in a rehearsal reads them: that they are there is taken as done. */
const filledSecrets: SecretStore = { empty: () => Promise.resolve([]) };

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
