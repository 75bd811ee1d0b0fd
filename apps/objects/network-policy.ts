import type { INetworkPolicy } from "kubernetes-models/networking.k8s.io/v1/NetworkPolicy";

import type { Manifest } from "../../lib/manifests.ts";
import { meshNames } from "../../lib/mesh-names.ts";
import type { PlacedSystem } from "../../lib/systems.ts";
import { calleesOf } from "../../systems/relations.ts";
import type { Caller, Service } from "../../systems/types.ts";
import { metadataOf, podsOf } from "./metadata.ts";

type Rules = NonNullable<INetworkPolicy["spec"]>;
type Peer = NonNullable<NonNullable<Rules["egress"]>[number]["to"]>[number];

/** Nothing in, nothing out, for every pod of the namespace that no other policy speaks of. */
export function defaultDeny(system: PlacedSystem): Manifest {
  return networkPolicy(metadataOf(system, "default-deny", system.name), {
    podSelector: {},
    policyTypes: ["Ingress", "Egress"],
  });
}

/**
 * What every pod of the mesh needs to live: names, and istiod for its proxy's configuration and certificate. Nothing goes out to AWS:
 * the secrets are read by the node, not by the pod.
 */
export function allowMesh(system: PlacedSystem): Manifest {
  return networkPolicy(metadataOf(system, "allow-mesh", system.name), {
    podSelector: {},
    policyTypes: ["Egress"],
    egress: [
      {
        to: [podsIn("kube-system", { "k8s-app": "kube-dns" })],
        ports: [
          { protocol: "UDP", port: 53 },
          { protocol: "TCP", port: 53 },
        ],
      },
      {
        to: [podsIn(meshNames.rootNamespace, meshNames.istiodPodLabels)],
        ports: [{ protocol: "TCP", port: meshNames.istiodPort }],
      },
    ],
  });
}

/** Lets a service's callers in and the service out to those that it may call; both ends must allow a connection. */
export function allowService(system: PlacedSystem, service: Service): Manifest {
  const ingress = service.callers.map((caller) => ({ from: [peerOf(caller)], ports: [tcp(service)] }));
  const egress = calleesOf(system, service).map((callee) => ({
    to: [{ podSelector: { matchLabels: podsOf(callee) } }],
    ports: [tcp(callee)],
  }));
  return networkPolicy(metadataOf(system, service.name), {
    podSelector: { matchLabels: podsOf(service) },
    policyTypes: ["Ingress", "Egress"],
    // The API server drops an empty list, which would look like a change ever after.
    ...(ingress.length === 0 ? {} : { ingress }),
    ...(egress.length === 0 ? {} : { egress }),
  });
}

function peerOf(caller: Caller): Peer {
  switch (caller.kind) {
    case "ingress":
      return podsIn(meshNames.gatewayNamespace, meshNames.gatewayPodLabels);
    case "service":
      return { podSelector: { matchLabels: podsOf(caller) } };
  }
}

function podsIn(namespace: string, labels: Readonly<Record<string, string>>): Peer {
  return {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
    podSelector: { matchLabels: { ...labels } },
  };
}

function tcp(service: Service): { protocol: "TCP"; port: number } {
  return { protocol: "TCP", port: service.port };
}

function networkPolicy(metadata: Manifest["metadata"], spec: Rules): Manifest {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata,
    spec,
  } satisfies INetworkPolicy;
}
