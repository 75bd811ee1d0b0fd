import type { IVirtualService } from "@kubernetes-models/istio/networking.istio.io/v1/VirtualService";

import { gatewayReference } from "../../lib/mesh-names.ts";
import type { Manifest } from "../../lib/manifests.ts";
import type { PlacedSystem } from "../../lib/systems.ts";
import type { Service } from "../../systems/types.ts";
import { metadataOf } from "./metadata.ts";
import { everySidecar, hostInside, routersOf, visibleTo } from "./routing.ts";

/**
 * How requests for a service are shared out among its versions, and how long and how often they are tried. This is the one object
 * that holds the weights, whoever delivers it.
 */
export function virtualService(system: PlacedSystem, service: Service): Manifest {
  const { timeout, retries } = service.resilience;
  const gateways = routersOf(service);
  const host = hostInside(system, service);
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "VirtualService",
    metadata: metadataOf(system, service.virtualService ?? service.name, service.name),
    spec: {
      hosts: gateways.map((gateway) => (gateway === everySidecar ? host : system.host)),
      gateways,
      exportTo: visibleTo(service),
      http: [
        {
          name: service.name,
          ...(service.exposure === undefined
            ? {}
            : { match: gateways.map((gateway) => matchAt(gateway, service)) }),
          timeout,
          retries: {
            attempts: retries.attempts,
            perTryTimeout: retries.perTryTimeout,
            backoff: retries.backoff,
            retryOn: retries.on,
          },
          route: Object.entries(service.rollout.weights)
            .sort(([one], [other]) => (one < other ? -1 : 1))
            // A version of weight 0 stays listed, so that taking it in again changes one number.
            .map(([subset, weight]) => ({
              destination: { host, subset, port: { number: service.port } },
              weight,
            })),
        },
      ],
    },
  } satisfies IVirtualService;
}

/** At the gateway the service answers under its prefix; inside, under any path. */
function matchAt(gateway: string, service: Service): { gateways: string[]; uri?: { prefix: string } } {
  const prefix = service.exposure?.prefix ?? "/";
  return gateway === gatewayReference ? { gateways: [gateway], uri: { prefix } } : { gateways: [gateway] };
}
