import type { IAuthorizationPolicy } from "@kubernetes-models/istio/security.istio.io/v1/AuthorizationPolicy";
import type { IPeerAuthentication } from "@kubernetes-models/istio/security.istio.io/v1/PeerAuthentication";
import * as pulumi from "@pulumi/pulumi";

import { objectLabels } from "../lib/labels.ts";
import { applyManifests, type Manifest } from "../lib/manifests.ts";
import { meshNames } from "../lib/mesh-names.ts";

export interface SecurityArgs {
  environment: string;
  /** Ports at which the ingress gateway listens. */
  gatewayPorts: readonly number[];
}

/** What holds for the whole mesh: nothing is allowed, then the named exceptions are. */
export class Security extends pulumi.ComponentResource {
  constructor(name: string, args: SecurityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:mesh:Security", name, {}, opts);
    const { environment, gatewayPorts } = args;
    const denied = applyManifests(name, [strictMutualTls(environment), allowNothing(environment)], {
      parent: this,
    });
    // Never an allow without its deny, not even in between.
    applyManifests(name, [allowIngress(environment, gatewayPorts)], { parent: this, dependsOn: denied });
    this.registerOutputs({});
  }
}

/** Every workload of the mesh takes mutual TLS only. */
export function strictMutualTls(environment: string): Manifest {
  return {
    apiVersion: "security.istio.io/v1",
    kind: "PeerAuthentication",
    metadata: metadataOf("default", environment),
    spec: { mtls: { mode: "STRICT" } },
  } satisfies IPeerAuthentication;
}

/** A policy without rules in the root namespace: no request is allowed anywhere, the gateways included. */
export function allowNothing(environment: string): Manifest {
  return {
    apiVersion: "security.istio.io/v1",
    kind: "AuthorizationPolicy",
    metadata: metadataOf("allow-nothing", environment),
    spec: {},
  } satisfies IAuthorizationPolicy;
}

/** Requests from outside may enter the ingress gateway at its ports; what lies behind it has policies of its own. */
export function allowIngress(environment: string, ports: readonly number[]): Manifest {
  return {
    apiVersion: "security.istio.io/v1",
    kind: "AuthorizationPolicy",
    metadata: metadataOf(`allow-${meshNames.gateway}`, environment),
    spec: {
      selector: { matchLabels: { ...meshNames.gatewayPodLabels } },
      action: "ALLOW",
      rules: [{ to: [{ operation: { ports: ports.map(String) } }] }],
    },
  } satisfies IAuthorizationPolicy;
}

function metadataOf(name: string, environment: string): Manifest["metadata"] {
  return { name, namespace: meshNames.rootNamespace, labels: objectLabels("platform", name, environment) };
}
