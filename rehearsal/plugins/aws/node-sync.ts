import { isDeepStrictEqual } from "node:util";

import { refuse } from "./aws-error.ts";
import { messageOf, type ApiServer } from "./api-server.ts";
import { GROUP_LABEL, type Node } from "./nodes.ts";
import { bags, items, text } from "./values.ts";

/** How long nodes may take to become ready, and how often that is looked up. */
export interface Patience {
  seconds: number;
  pollMs: number;
}

const PATIENCE: Patience = { seconds: 60, pollMs: 250 };

/** Makes the API server's nodes of a group the wanted ones, and waits until they are ready, as EKS does. */
export async function syncNodes(server: ApiServer, group: string, wanted: readonly Node[], patience = PATIENCE): Promise<void> {
  const present = await nodesOfGroup(server, group);
  for (const node of wanted) {
    const old = present.find((other) => text(other, "metadata.name") === node.metadata.name);
    if (old === undefined) await expectSuccess(server.send("POST", "/api/v1/nodes", node));
    else if (differs(old, node)) await expectSuccess(server.send("PATCH", path(node.metadata.name), changesOf(old, node)));
  }
  const names = new Set(wanted.map((node) => node.metadata.name));
  await waitUntilReady(server, group, names, patience);
  // The old ones go last, so that what ran there finds a place.
  for (const node of present) {
    const name = text(node, "metadata.name") ?? "";
    if (!names.has(name)) await expectSuccess(server.send("DELETE", path(name)), 404);
  }
}

async function waitUntilReady(server: ApiServer, group: string, names: ReadonlySet<string>, patience: Patience): Promise<void> {
  const end = Date.now() + patience.seconds * 1000;
  for (;;) {
    const ready = (await nodesOfGroup(server, group)).filter(isReady).map((node) => text(node, "metadata.name") ?? "");
    const missing = [...names].filter((name) => !ready.includes(name));
    if (missing.length === 0) return;
    if (Date.now() > end) {
      refuse("NodeCreationFailure", `Instances failed to join the kubernetes cluster within ${patience.seconds} s: ${missing.join(", ")}`);
    }
    await new Promise((done) => setTimeout(done, patience.pollMs));
  }
}

async function nodesOfGroup(server: ApiServer, group: string): Promise<unknown[]> {
  const selector = encodeURIComponent(`${GROUP_LABEL}=${group}`);
  return items(await expectSuccess(server.send("GET", `/api/v1/nodes?labelSelector=${selector}`)), "items");
}

function isReady(node: unknown): boolean {
  return bags(node, "status.conditions").some((condition) => condition["type"] === "Ready" && condition["status"] === "True");
}

/** Taints that Kubernetes puts on nodes by itself are not the group's. */
function ownTaints(node: unknown): Record<string, unknown>[] {
  return bags(node, "spec.taints").filter((taint) => !String(taint["key"]).startsWith("node.kubernetes.io/"));
}

function differs(old: unknown, node: Node): boolean {
  const labels = Object.entries(node.metadata.labels).some(([key, value]) => labelOf(old, key) !== value);
  return labels || !isDeepStrictEqual(ownTaints(old), ownTaints(node));
}

function changesOf(old: unknown, node: Node): object {
  const system = bags(old, "spec.taints").filter((taint) => !ownTaints(old).includes(taint));
  return { metadata: { labels: node.metadata.labels }, spec: { taints: [...system, ...ownTaints(node)] } };
}

function labelOf(node: unknown, key: string): unknown {
  // A label's key has dots, so it is no path.
  const labels = (node as { metadata?: { labels?: Record<string, unknown> } }).metadata?.labels;
  return labels?.[key];
}

function path(name: string): string {
  return `/api/v1/nodes/${encodeURIComponent(name)}`;
}

async function expectSuccess(answer: ReturnType<ApiServer["send"]>, alsoFine?: number): Promise<unknown> {
  const { status, body } = await answer;
  if (status >= 400 && status !== alsoFine) throw new Error(`the API server refused a node: ${messageOf({ status, body })}`);
  return body;
}
