import type { Values } from "../lib/helm.ts";

export interface ArgocdValuesArgs {
  highAvailability: boolean;
  /** Name under which Argo CD speaks of itself, e.g. in links; it is not exposed by it. */
  host: string;
}

interface Size {
  cpu: string;
  memory: string;
  /** Most memory that it may use; processor time is not limited. */
  limit: string;
}

/**
 * What Argo CD's chart is told. No secret is among it: the chart makes Redis' password on the cluster, and Argo CD the first one of
 * its administrator.
 */
export function argocdValues({ highAvailability, host }: ArgocdValuesArgs): Values {
  return {
    global: {
      domain: host,
      logging: { format: "json" },
      networkPolicy: { create: true },
    },
    // Without their kinds the applications would be gone, and by their finalizers everything that they own.
    crds: { install: true, keep: true },
    configs: { params: { "server.insecure": false } },
    dex: { enabled: false },
    notifications: { enabled: false },
    controller: { resources: resources({ cpu: "100m", memory: "384Mi", limit: "1Gi" }) },
    server: {
      ...replicated(highAvailability),
      resources: resources({ cpu: "50m", memory: "128Mi", limit: "512Mi" }),
      service: { type: "ClusterIP", servicePortHttps: 443 },
    },
    repoServer: {
      ...replicated(highAvailability),
      resources: resources({ cpu: "50m", memory: "192Mi", limit: "1Gi" }),
    },
    applicationSet: {
      ...replicated(highAvailability),
      resources: resources({ cpu: "25m", memory: "96Mi", limit: "256Mi" }),
    },
    redisSecretInit: { resources: resources({ cpu: "10m", memory: "64Mi", limit: "128Mi" }) },
    ...(highAvailability ? { "redis-ha": threeRedis() } : { redis: { resources: redisResources() } }),
  };
}

/** The controller is not among the replicated parts: its replicas would share out clusters, and there is one. */
function replicated(highAvailability: boolean): Values {
  return highAvailability ? { replicas: 2, pdb: { enabled: true, minAvailable: 1 } } : { replicas: 1 };
}

function threeRedis(): Values {
  return {
    enabled: true,
    redis: { resources: redisResources() },
    sentinel: { resources: resources({ cpu: "10m", memory: "32Mi", limit: "64Mi" }) },
    haproxy: {
      resources: resources({ cpu: "25m", memory: "96Mi", limit: "256Mi" }),
      // Forced onto nodes of their own, three of them could not be rolled on three nodes.
      hardAntiAffinity: false,
    },
  };
}

function redisResources(): Values {
  return resources({ cpu: "25m", memory: "64Mi", limit: "256Mi" });
}

function resources({ cpu, memory, limit }: Size): Values {
  return { requests: { cpu, memory }, limits: { memory: limit } };
}
