import { objectLabels } from "../lib/labels.ts";
import type { Manifest } from "../lib/manifests.ts";
import { meshNames } from "../lib/mesh-names.ts";

/** The Secret in which cert-manager keeps the gateway's key and certificate; the Gateway object names it. */
export const gatewaySecret = "gateway-tls";

const issuer = "platform-self-signed";

/** Issues certificates that vouch for themselves: good for encryption, not for trust. */
export function selfSignedIssuer(environment: string): Manifest {
  return {
    apiVersion: "cert-manager.io/v1",
    kind: "ClusterIssuer",
    metadata: { name: issuer, labels: objectLabels("platform", issuer, environment) },
    spec: { selfSigned: {} },
  };
}

/**
 * The gateway's certificate for all of its hosts. The key is a new one at every renewal.
 *
 * @param hosts at least one
 */
export function gatewayCertificate(environment: string, hosts: readonly string[]): Manifest {
  return {
    apiVersion: "cert-manager.io/v1",
    kind: "Certificate",
    metadata: {
      name: gatewaySecret,
      namespace: meshNames.gatewayNamespace,
      labels: objectLabels("platform", gatewaySecret, environment),
    },
    spec: {
      secretName: gatewaySecret,
      issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: issuer },
      // Some clients refuse an issuer without a name, and a self-signed certificate's issuer is its subject.
      subject: { organizations: ["mesh-platform"] },
      dnsNames: [...hosts],
      duration: "2160h0m0s",
      renewBefore: "720h0m0s",
      privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
      usages: ["digital signature", "server auth"],
    },
  };
}
