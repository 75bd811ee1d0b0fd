/**
 * Plays those controllers of a cluster that would be pods, or parts of AWS. One process for all of them, started with the control plane
 * and ended with it: cloud load balancers, Argo CD's sync, istiod's settings for sidecars, and a swift end of namespaces.
 */
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { syncApplications } from "./controllers/applications.ts";
import { giveAddresses } from "./controllers/load-balancers.ts";
import { endNamespaces } from "./controllers/namespaces.ts";
import { followInjector } from "./controllers/sidecars.ts";
import { KubernetesApi } from "./kubernetes/api.ts";

/** Milliseconds between two looks. */
const PERIOD = 500;

const kubeconfig = process.env["REHEARSAL_KUBECONFIG"] ?? "";
const api = await KubernetesApi.fromFile(kubeconfig);

await Promise.all([giveAddresses, syncApplications, followInjector, endNamespaces].map(repeat));

/** Each looks again after its last look is done, so that a slow one does not hold the others up. */
async function repeat(look: (api: KubernetesApi) => Promise<void>): Promise<never> {
  for (let last = ""; ;) {
    await look(api).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      // The same trouble every half second would fill the log.
      if (message !== last) console.error(`${look.name}: ${message}`);
      last = message;
    });
    // Without its cluster's files it belongs to a rehearsal that was cleared away.
    if (!existsSync(kubeconfig)) process.exit(0);
    await sleep(PERIOD);
  }
}
