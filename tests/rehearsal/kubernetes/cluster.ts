import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { directoriesOf, type Directories } from "../../../rehearsal/directories.ts";
import { rehearsalEnvironment } from "../../../rehearsal/environment.ts";
import { KubernetesApi } from "../../../rehearsal/kubernetes/api.ts";
import { startControlPlane, stopControlPlane } from "../../../rehearsal/kubernetes/control-plane.ts";
import { ensureTools } from "../../../rehearsal/tools.ts";
import { makeNodes } from "./nodes.ts";

/** A control plane for a test, with three nodes and a checkout of its own. */
export interface TestCluster {
  directories: Directories;
  environment: Record<string, string>;
  api: KubernetesApi;
  stop(): Promise<void>;
}

/** Starts a control plane in a directory of its own; the first time on a machine, the tools are built. */
export async function startTestCluster(): Promise<TestCluster> {
  const tools = await ensureTools();
  const directories = directoriesOf(mkdtempSync(join(tmpdir(), "cluster-")), "dev");
  mkdirSync(directories.records, { recursive: true });
  const environment = rehearsalEnvironment({ directories, tools }, process.env);
  const directory = directories.kubernetes;
  await startControlPlane({ directory, tool: (name) => tools.path(name), environment });
  const api = await KubernetesApi.fromFile(join(directory, "kubeconfig"));
  await makeNodes(api, 3);
  return {
    directories,
    environment,
    api,
    stop: async () => {
      api.close();
      await stopControlPlane(directory);
      rmSync(directories.checkout, { recursive: true, force: true });
    },
  };
}

/** Waits until something holds, for things that controllers do in their own time. */
export async function eventually<T>(
  look: () => Promise<T>,
  holds: (seen: T) => boolean,
  seconds = 30,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (Date.now() > deadline)
      throw new Error(`not so after ${seconds} s: ${JSON.stringify(seen)?.slice(0, 1000)}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
