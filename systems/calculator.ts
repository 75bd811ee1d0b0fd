import { defineSystem } from "./define.ts";
import { Caller, Rollout, type Resilience, type Resources, type Service, type System } from "./types.ts";

const resources: Resources = {
  // Node itself holds about 70Mi: with less, the autoscaler would take an idle replica for a busy one.
  requests: { cpu: "50m", memory: "128Mi" },
  limits: { cpu: "500m", memory: "256Mi" },
};

const breaker = {
  consecutive5xxErrors: 5,
  interval: "30s",
  baseEjectionTime: "30s",
  maxEjectionPercent: 50,
} as const;

const backendResilience: Resilience = {
  timeout: "3s",
  retries: {
    attempts: 2,
    perTryTimeout: "1s",
    backoff: "25ms",
    on: "connect-failure,refused-stream,unavailable,reset,503",
  },
  breaker,
  pool: { maxConnections: 100, maxPendingRequests: 64, maxRequests: 256 },
};

/** One arithmetic backend; only calculator-api may call it. */
function backend(name: string, port: number, weights: Record<string, number>): Service {
  return {
    name,
    port,
    versions: [
      { name: "v1", tag: "1.0.0", replicas: { min: 2, max: 6 } },
      { name: "v2", tag: "2.0.0", replicas: { min: 2, max: 6 } },
    ],
    rollout: Rollout.split(weights),
    resilience: backendResilience,
    callers: [Caller.service("calculator-api")],
    resources,
  };
}

/** A calculator in four services, each in two versions: the reference for splits, breakers and who may call whom. */
export const calculator: System = defineSystem({
  name: "calculator",
  namespace: "calculator",
  // The name that its users know.
  istioConfigApplication: "istio-config-app",
  services: [
    {
      name: "calculator-api",
      port: 8000,
      versions: [
        { name: "v1", tag: "1.0.0", replicas: { min: 2, max: 6 } },
        { name: "v2", tag: "2.0.0", replicas: { min: 2, max: 6 } },
      ],
      rollout: Rollout.split({ v1: 80, v2: 20 }),
      // Longer than a backend's, so that the backend's own timeout is what a caller sees.
      resilience: {
        ...backendResilience,
        timeout: "10s",
        retries: { ...backendResilience.retries, perTryTimeout: "4s" },
      },
      callers: [Caller.ingress()],
      exposure: { prefix: "/", rateLimit: { requests: 100, per: "1s", burst: 200 } },
      virtualService: "calculator-api-main",
      environment: {
        ADD_SERVICE_URL: "http://add-service:8001",
        SUBTRACT_SERVICE_URL: "http://subtract-service:8002",
        MULTIPLY_SERVICE_URL: "http://multiply-service:8003",
      },
      resources,
    },
    backend("add-service", 8001, { v1: 70, v2: 30 }),
    backend("subtract-service", 8002, { v1: 60, v2: 40 }),
    backend("multiply-service", 8003, { v1: 50, v2: 50 }),
  ],
  secrets: [
    {
      name: "config",
      description: "Settings that the calculator's services read at start",
      keys: ["apiKey"],
      readers: ["calculator-api", "add-service", "subtract-service", "multiply-service"],
      serviceAccount: "calculator-sa",
    },
  ],
});
