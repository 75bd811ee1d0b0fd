import { z } from "zod";

import { defineContract, type Outputs } from "../lib/contract.ts";

/** What mesh promises: how a namespace joins, and the gateway through which traffic enters. */
export const meshContract = defineContract("mesh", {
  /** Version of this contract. */
  meshContract: z.literal(1),
  istioVersion: z.string(),
  meshId: z.string(),
  /** First part of every SPIFFE identity. */
  trustDomain: z.string(),
  /** The control plane's namespace, which is also the root namespace of mesh-wide policy. */
  istioNamespace: z.string(),
  /** Labels that put a namespace's pods into the mesh. */
  injectionLabels: z.record(z.string(), z.string()),
  gatewayNamespace: z.string(),
  /** Name of the ingress gateway's Service and of the Gateway object that routes bind to. */
  gatewayName: z.string(),
  gatewayServiceAccount: z.string(),
  /** Public name of the load balancer. */
  gatewayHostname: z.string(),
});

export type MeshOutputs = Outputs<typeof meshContract>;
