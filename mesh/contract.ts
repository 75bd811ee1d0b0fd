import { z } from "zod";

import { defineContract, type Outputs } from "../lib/contract.ts";
import { meshNames } from "../lib/mesh-names.ts";

/**
 * What mesh promises: how a namespace joins, and the gateway through which traffic enters. Names that rendered files spell out are
 * promised to the letter: a mesh that an older program applied by other names does not fit.
 */
export const meshContract = defineContract("mesh", {
  /** Version of this contract. */
  meshContract: z.literal(1),
  istioVersion: z.string(),
  meshId: z.string(),
  /** First part of every SPIFFE identity. */
  trustDomain: z.literal(meshNames.trustDomain),
  /** The control plane's namespace, which is also the root namespace of mesh-wide policy. */
  istioNamespace: z.literal(meshNames.rootNamespace),
  /** Labels that put a namespace's pods into the mesh. */
  injectionLabels: z.record(z.string(), z.string()),
  gatewayNamespace: z.literal(meshNames.gatewayNamespace),
  /** Name of the ingress gateway's Service and of the Gateway object that routes bind to. */
  gatewayName: z.literal(meshNames.gateway),
  gatewayServiceAccount: z.literal(meshNames.gatewayServiceAccount),
  /** Public name of the load balancer. */
  gatewayHostname: z.string(),
});

export type MeshOutputs = Outputs<typeof meshContract>;
