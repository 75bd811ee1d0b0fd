import { Caller, Rollout, type Service, type System } from "../../systems/types.ts";

/** A system that passes every check, to be made wrong in one place. */
export function validSystem(over: Partial<System> = {}): System {
  return {
    name: "shop",
    namespace: "shop-<env>",
    services: [
      validService({ name: "front", callers: [Caller.ingress()], exposure: validExposure() }),
      validService({ name: "back", port: 8001, callers: [Caller.service("front")] }),
    ],
    secrets: [
      {
        name: "config",
        description: "Settings",
        keys: ["apiKey"],
        readers: ["front"],
        serviceAccount: "shop-sa",
      },
    ],
    ...over,
  };
}

/** The system with its second service changed. */
export function withBack(over: Partial<Service>): System {
  const [front, back] = validSystem().services as [Service, Service];
  return validSystem({ services: [front, { ...back, ...over }] });
}

/** The system with its first, exposed service changed. */
export function withFront(over: Partial<Service>): System {
  const [front, back] = validSystem().services as [Service, Service];
  return validSystem({ services: [{ ...front, ...over }, back] });
}

export function validService(over: Partial<Service>): Service {
  return {
    name: "service",
    port: 8000,
    versions: [
      { name: "v1", tag: "1.0.0", replicas: { min: 2, max: 4 } },
      { name: "v2", tag: "2.0.0", replicas: { min: 2, max: 4 } },
    ],
    rollout: Rollout.split({ v1: 90, v2: 10 }),
    resilience: {
      timeout: "3s",
      retries: { attempts: 2, perTryTimeout: "1s", backoff: "25ms", on: "reset,503" },
      breaker: { consecutive5xxErrors: 5, interval: "30s", baseEjectionTime: "30s", maxEjectionPercent: 50 },
      pool: { maxConnections: 10, maxPendingRequests: 10, maxRequests: 10 },
    },
    callers: [],
    resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "1", memory: "1Gi" } },
    ...over,
  };
}

export function validExposure(): NonNullable<Service["exposure"]> {
  return { prefix: "/", rateLimit: { requests: 10, per: "1s", burst: 20 } };
}
