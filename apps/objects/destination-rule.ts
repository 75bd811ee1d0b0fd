import type { IDestinationRule } from "@kubernetes-models/istio/networking.istio.io/v1/DestinationRule";

import type { Manifest } from "../../lib/manifests.ts";
import type { PlacedSystem } from "../../lib/systems.ts";
import type { Service } from "../../systems/types.ts";
import { metadataOf } from "./metadata.ts";
import { hostInside, visibleTo } from "./routing.ts";

/** Time for a connection to a replica to come up; a replica whose node is gone does not answer at all. */
const connectTimeout = "1s";

/**
 * How proxies speak to a service: by mutual TLS, to the replica with the fewest open requests, with so many connections, and around
 * replicas that fail. Each version is a subset; pool and breaker count within it.
 */
export function destinationRule(system: PlacedSystem, service: Service): Manifest {
  const { breaker, pool } = service.resilience;
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "DestinationRule",
    metadata: metadataOf(system, service.name),
    spec: {
      host: hostInside(system, service),
      exportTo: visibleTo(service),
      trafficPolicy: {
        tls: { mode: "ISTIO_MUTUAL" },
        // With a breaker set, Istio would send a caller to the replicas of its own zone alone. With a few replicas one of them
        // then carries everything, and the autoscaler, which sees the mean, does not notice.
        loadBalancer: { simple: "LEAST_REQUEST", localityLbSetting: { enabled: false } },
        connectionPool: {
          tcp: { maxConnections: pool.maxConnections, connectTimeout },
          http: { http1MaxPendingRequests: pool.maxPendingRequests, http2MaxRequests: pool.maxRequests },
        },
        outlierDetection: {
          consecutive5xxErrors: breaker.consecutive5xxErrors,
          interval: breaker.interval,
          baseEjectionTime: breaker.baseEjectionTime,
          maxEjectionPercent: breaker.maxEjectionPercent,
        },
      },
      subsets: service.versions.map(({ name }) => ({ name, labels: { version: name } })),
    },
  } satisfies IDestinationRule;
}
