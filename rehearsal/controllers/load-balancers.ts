import { createHash } from "node:crypto";

import type { KubernetesApi, KubeObject } from "../kubernetes/api.ts";
import { pluck, referenceOf } from "../kubernetes/objects.ts";

const REGION = "topology.kubernetes.io/region";

/** Gives every Service of type LoadBalancer, and every Ingress, the address that AWS would. */
export async function giveAddresses(api: KubernetesApi): Promise<void> {
  const [services, ingresses] = await Promise.all([
    api.list({ apiVersion: "v1", kind: "Service" }),
    api.list({ apiVersion: "networking.k8s.io/v1", kind: "Ingress" }),
  ]);
  const waiting = [
    ...services.filter((service) => pluck(service, "spec", "type") === "LoadBalancer"),
    ...ingresses,
  ].filter(
    (object) =>
      pluck(object, "status", "loadBalancer", "ingress", 0) === undefined &&
      object.metadata.deletionTimestamp === undefined,
  );
  if (waiting.length === 0) return;
  const region = await regionOf(api);
  for (const object of waiting) {
    const ingress = [{ hostname: hostname(object, region) }];
    await api.merge(referenceOf(object), { status: { loadBalancer: { ingress } } }, "status");
  }
}

/** A name that stays the same as long as the object, and tells two clusters' apart. */
export function hostname({ metadata }: KubeObject, region: string): string {
  const { name, namespace, uid } = metadata;
  const hash = createHash("sha256").update(`${uid}/${namespace}/${name}`).digest("hex").slice(0, 16);
  // A load balancer's own name has at most 32 characters.
  return `${name.slice(0, 32).replace(/-+$/, "")}-${hash}.elb.${region}.amazonaws.com`;
}

/** The region is told by the nodes; without any there is nothing to balance to either, but an address is asked for all the same. */
async function regionOf(api: KubernetesApi): Promise<string> {
  const nodes = await api.list({ apiVersion: "v1", kind: "Node" });
  const regions = nodes.map(({ metadata }) => metadata.labels?.[REGION]);
  return regions.find((region) => region !== undefined) ?? "us-east-1";
}
