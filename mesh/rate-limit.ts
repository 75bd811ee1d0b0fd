import type { IEnvoyFilter } from "@kubernetes-models/istio/networking.istio.io/v1alpha3/EnvoyFilter";
import * as pulumi from "@pulumi/pulumi";

import { objectLabels } from "../lib/labels.ts";
import { applyManifests, type Manifest } from "../lib/manifests.ts";
import { meshNames } from "../lib/mesh-names.ts";
import type { PlacedSystem } from "../lib/systems.ts";
import { rateLimitOf } from "../systems/names.ts";
import type { Exposure, RateLimit } from "../systems/types.ts";
import { milliseconds } from "../systems/units.ts";

const filterName = "envoy.filters.http.local_ratelimit";
const filterType = "type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit";

export interface RateLimitsArgs {
  environment: string;
  systems: readonly PlacedSystem[];
}

/** Rate limits of the exposed services, kept by each replica of the ingress gateway on its own. */
export class RateLimits extends pulumi.ComponentResource {
  constructor(name: string, args: RateLimitsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:mesh:RateLimits", name, {}, opts);
    applyManifests(name, rateLimits(args.environment, args.systems), { parent: this });
    this.registerOutputs({});
  }
}

/** The filter itself and then a bucket for each exposed service; nothing if no service is exposed. */
export function rateLimits(environment: string, systems: readonly PlacedSystem[]): Manifest[] {
  const buckets = systems.flatMap((system) =>
    system.services.flatMap(({ name, exposure }) =>
      exposure === undefined ? [] : [rateLimit(environment, system, { name, exposure })],
    ),
  );
  return buckets.length === 0 ? [] : [rateLimitFilter(environment), ...buckets];
}

/**
 * Puts the filter in front of all others of the gateway, so that a refused request costs nothing further. Without a bucket it lets
 * everything pass: only routes that bring one are limited.
 */
export function rateLimitFilter(environment: string): Manifest {
  return envoyFilter(environment, "platform", "rate-limit", {
    applyTo: "HTTP_FILTER",
    match: {
      context: "GATEWAY",
      listener: { filterChain: { filter: { name: "envoy.filters.network.http_connection_manager" } } },
    },
    patch: {
      operation: "INSERT_FIRST",
      value: { name: filterName, typed_config: { "@type": filterType, stat_prefix: "rate_limit" } },
    },
  });
}

/**
 * The bucket of one exposed service, on the route that carries its name at its system's host. A request without a token is answered
 * 429. Each port has a bucket of its own, which matters only where plain HTTP is served.
 */
export function rateLimit(
  environment: string,
  system: Pick<PlacedSystem, "name" | "host">,
  service: { readonly name: string; readonly exposure: Exposure },
): Manifest {
  return envoyFilter(environment, system.name, rateLimitOf(system, service), {
    applyTo: "HTTP_ROUTE",
    match: {
      context: "GATEWAY",
      // By domain, for istiod names a virtual host after the first of its domains only.
      routeConfiguration: { vhost: { domainName: system.host, route: { name: service.name } } },
    },
    patch: {
      operation: "MERGE",
      value: {
        typed_per_filter_config: {
          [filterName]: {
            "@type": filterType,
            stat_prefix: `rate_limit_${system.name}_${service.name}`,
            token_bucket: tokenBucket(service.exposure.rateLimit),
            // Both are 0 % by default.
            filter_enabled: { default_value: { numerator: 100, denominator: "HUNDRED" } },
            filter_enforced: { default_value: { numerator: 100, denominator: "HUNDRED" } },
            // Tells clients what is left and when to come again.
            enable_x_ratelimit_headers: "DRAFT_VERSION_03",
          },
        },
      },
    },
  });
}

/** A limit in Envoy's words. Its durations are in seconds, with a fraction where need be. */
export function tokenBucket({ requests, per, burst }: RateLimit): object {
  return { max_tokens: burst, tokens_per_fill: requests, fill_interval: `${milliseconds(per) / 1000}s` };
}

type ConfigPatch = NonNullable<NonNullable<IEnvoyFilter["spec"]>["configPatches"]>[number];

function envoyFilter(environment: string, partOf: string, name: string, patch: ConfigPatch): Manifest {
  return {
    apiVersion: "networking.istio.io/v1alpha3",
    kind: "EnvoyFilter",
    metadata: {
      name,
      namespace: meshNames.gatewayNamespace,
      labels: objectLabels(partOf, name, environment),
    },
    spec: { workloadSelector: { labels: { ...meshNames.gatewayPodLabels } }, configPatches: [patch] },
  } satisfies IEnvoyFilter;
}
