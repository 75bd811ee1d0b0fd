import type { IGateway } from "@kubernetes-models/istio/networking.istio.io/v1/Gateway";

import { objectLabels } from "../lib/labels.ts";
import type { Manifest } from "../lib/manifests.ts";
import { meshNames } from "../lib/mesh-names.ts";
import type { PlacedSystem } from "../lib/systems.ts";
import type { HttpMode } from "./config.ts";
import { gatewaySecret } from "./gateway-certificate.ts";
import { gatewayPorts } from "./gateway-service.ts";

type Located = Pick<PlacedSystem, "namespace" | "host">;

/**
 * What the ingress gateway listens for. A host is open to routes of its own system's namespace only, so that no system can take over
 * another's traffic.
 *
 * @param systems at least one
 */
export function gatewayObject(environment: string, systems: readonly Located[], http: HttpMode): Manifest {
  const hosts = systems.map(({ namespace, host }) => `${namespace}/${host}`).sort();
  const plain = { port: { number: gatewayPorts.http, name: "http", protocol: "HTTP" }, hosts };
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "Gateway",
    metadata: {
      name: meshNames.gateway,
      namespace: meshNames.gatewayNamespace,
      labels: objectLabels("platform", meshNames.gateway, environment),
      // Whoever looks at the cluster sees why it is so.
      ...(http.mode === "serve" ? { annotations: { "platform.mesh/plain-http": http.reason } } : {}),
    },
    spec: {
      selector: { ...meshNames.gatewayPodLabels },
      servers: [
        http.mode === "serve" ? plain : { ...plain, tls: { httpsRedirect: true } },
        {
          port: { number: gatewayPorts.https, name: "https", protocol: "HTTPS" },
          hosts,
          tls: { mode: "SIMPLE", credentialName: gatewaySecret, minProtocolVersion: "TLSV1_2" },
        },
      ],
    },
  } satisfies IGateway;
}
