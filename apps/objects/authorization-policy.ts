import type { IAuthorizationPolicy } from "@kubernetes-models/istio/security.istio.io/v1/AuthorizationPolicy";

import type { Manifest } from "../../lib/manifests.ts";
import { meshNames, principalOf } from "../../lib/mesh-names.ts";
import type { PlacedSystem } from "../../lib/systems.ts";
import type { Caller, Service } from "../../systems/types.ts";
import { metadataOf, podsOf } from "./metadata.ts";

/**
 * Lets exactly the declared callers in, by the identity in their certificate, at the service's port. A service that nobody may call
 * has a policy without rules, which refuses everyone.
 */
export function authorizationPolicy(system: PlacedSystem, service: Service): Manifest {
  const principals = service.callers.map((caller) => principalOfCaller(system, caller)).sort();
  const rule = { from: [{ source: { principals } }], to: [{ operation: { ports: [String(service.port)] } }] };
  return {
    apiVersion: "security.istio.io/v1",
    kind: "AuthorizationPolicy",
    metadata: metadataOf(system, service.name),
    spec: {
      selector: { matchLabels: podsOf(service) },
      action: "ALLOW",
      ...(principals.length === 0 ? {} : { rules: [rule] }),
    },
  } satisfies IAuthorizationPolicy;
}

/** A caller's identity: the gateway's, or the account of the service's own name. */
export function principalOfCaller(system: PlacedSystem, caller: Caller): string {
  switch (caller.kind) {
    case "ingress":
      return principalOf(meshNames.gatewayNamespace, meshNames.gatewayServiceAccount);
    case "service":
      return principalOf(system.namespace, caller.name);
  }
}
