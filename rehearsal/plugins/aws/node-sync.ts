import { isDeepStrictEqual } from "node:util";

import { ApiError, type HttpClient } from "../../kubernetes/http.ts";
import type { Inputs } from "../provider.ts";
import { refuse } from "./aws-error.ts";
import { GROUP_LABEL, type Node } from "./nodes.ts";
import { bags, text } from "./values.ts";

type Server = Pick<HttpClient, "send">;

/** How long nodes may take to become ready, and how often that is looked up. */
export interface Patience {
  seconds: number;
  pollMs: number;
}

const PATIENCE: Patience = { seconds: 60, pollMs: 250 };

/** Makes the API server's nodes of a group the wanted ones, and waits until they are ready, as EKS does. */
export async function syncNodes(
  server: Server,
  group: string,
  wanted: readonly Node[],
  patience = PATIENCE,
): Promise<void> {
  const present = await nodesOfGroup(server, group);
  for (const node of wanted) {
    const old = present.find((other) => nameOf(other) === node.metadata.name);
    if (old === undefined) await server.send({ method: "POST", path: "/api/v1/nodes", body: node });
    else if (differs(old, node)) await patch(server, old, node);
  }
  const names = new Set(wanted.map((node) => node.metadata.name));
  await waitUntilReady(server, group, names, patience);
  // The old ones go last, so that what ran there finds a place.
  for (const node of present) if (!names.has(nameOf(node))) await remove(server, nameOf(node));
}

async function waitUntilReady(
  server: Server,
  group: string,
  names: ReadonlySet<string>,
  patience: Patience,
): Promise<void> {
  const end = Date.now() + patience.seconds * 1000;
  while (names.size > 0) {
    const ready = (await nodesOfGroup(server, group)).filter(isReady).map(nameOf);
    const missing = [...names].filter((name) => !ready.includes(name));
    if (missing.length === 0) return;
    if (Date.now() > end) {
      const list = missing.join(", ");
      refuse(
        "NodeCreationFailure",
        `Instances failed to join the kubernetes cluster within ${patience.seconds} s: ${list}`,
      );
    }
    await new Promise((done) => setTimeout(done, patience.pollMs));
  }
}

async function nodesOfGroup(server: Server, group: string): Promise<Inputs[]> {
  const selector = encodeURIComponent(`${GROUP_LABEL}=${group}`);
  return bags(await server.send({ method: "GET", path: `/api/v1/nodes?labelSelector=${selector}` }), "items");
}

async function patch(server: Server, old: Inputs, node: Node): Promise<void> {
  const system = bags(old, "spec.taints").filter((taint) => !ownTaints(old).includes(taint));
  const body = {
    metadata: { labels: node.metadata.labels },
    spec: { taints: [...system, ...ownTaints(node)] },
  };
  const contentType = "application/merge-patch+json";
  await server.send({ method: "PATCH", path: pathOf(node.metadata.name), body, contentType });
}

async function remove(server: Server, name: string): Promise<void> {
  try {
    await server.send({ method: "DELETE", path: pathOf(name) });
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
  }
}

function isReady(node: Inputs): boolean {
  return bags(node, "status.conditions").some(
    (condition) => condition["type"] === "Ready" && condition["status"] === "True",
  );
}

/** Taints that Kubernetes puts on nodes by itself are not the group's. */
function ownTaints(node: unknown): Inputs[] {
  return bags(node, "spec.taints").filter((taint) => !String(taint["key"]).startsWith("node.kubernetes.io/"));
}

function differs(old: Inputs, node: Node): boolean {
  // The keys of labels have dots in them, so that no path leads there.
  const labels = (old["metadata"] as { labels?: Record<string, string> }).labels ?? {};
  const changed = Object.entries(node.metadata.labels).some(([key, value]) => labels[key] !== value);
  return changed || !isDeepStrictEqual(ownTaints(old), ownTaints(node));
}

function nameOf(node: Inputs): string {
  return text(node, "metadata.name") ?? "";
}

function pathOf(name: string): string {
  return `/api/v1/nodes/${encodeURIComponent(name)}`;
}
