import * as pulumi from "@pulumi/pulumi";

import type { InfraOutputs } from "../infra/contract.ts";
import type { Environment } from "../lib/environment.ts";
import { meshNames } from "../lib/mesh-names.ts";
import type { PlacedSystem } from "../lib/systems.ts";
import { istioVersion } from "../lib/versions.ts";
import type { MeshConfig } from "./config.ts";
import type { MeshOutputs } from "./contract.ts";
import { gatewayPorts } from "./gateway-service.ts";
import { IngressGateway } from "./gateway.ts";
import { Istio } from "./istio.ts";
import { RateLimits } from "./rate-limit.ts";
import { Security } from "./security.ts";

export interface MeshArgs extends MeshConfig {
  environment: Environment;
  systems: readonly PlacedSystem[];
  infra: Pick<InfraOutputs, "clusterName" | "loadBalancerClass">;
}

/** The mesh layer: Istio, what holds for the whole mesh, and the way in from outside. */
export class Mesh extends pulumi.ComponentResource implements MeshOutputs {
  readonly meshContract: MeshOutputs["meshContract"];
  readonly istioVersion: MeshOutputs["istioVersion"];
  readonly meshId: MeshOutputs["meshId"];
  readonly trustDomain: MeshOutputs["trustDomain"];
  readonly istioNamespace: MeshOutputs["istioNamespace"];
  readonly injectionLabels: MeshOutputs["injectionLabels"];
  readonly gatewayNamespace: MeshOutputs["gatewayNamespace"];
  readonly gatewayName: MeshOutputs["gatewayName"];
  readonly gatewayServiceAccount: MeshOutputs["gatewayServiceAccount"];
  readonly gatewayHostname: MeshOutputs["gatewayHostname"];

  constructor(name: string, args: MeshArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:mesh:Mesh", name, {}, opts);
    const { environment, systems, infra } = args;
    const meshId = `${environment.name}-mesh`;

    const istio = new Istio(
      `${name}-istio`,
      {
        environment: environment.name,
        replicas: args.istiod,
        meshId,
        clusterName: infra.clusterName,
      },
      { parent: this },
    );
    // istiod fills in and checks everything that follows: its webhooks must answer first.
    const afterIstiod = { parent: this, dependsOn: [istio] };
    const security = new Security(
      `${name}-security`,
      { environment: environment.name, gatewayPorts: Object.values(gatewayPorts) },
      afterIstiod,
    );
    // Limits before the gateway, so that it never answers without them.
    const limits = new RateLimits(
      `${name}-rate-limits`,
      { environment: environment.name, systems },
      afterIstiod,
    );
    const gateway = new IngressGateway(
      `${name}-gateway`,
      {
        environment,
        systems,
        config: args.gateway,
        loadBalancerClass: infra.loadBalancerClass,
      },
      { parent: this, dependsOn: [istio, security, limits] },
    );

    this.meshContract = pulumi.output(1 as const);
    this.istioVersion = pulumi.output(istioVersion);
    this.meshId = pulumi.output(meshId);
    this.trustDomain = pulumi.output(meshNames.trustDomain);
    this.istioNamespace = pulumi.output(meshNames.rootNamespace);
    // The label that names a revision: a namespace that carries it can be moved to another control plane.
    this.injectionLabels = pulumi.output<Record<string, string>>({ "istio.io/rev": "default" });
    this.gatewayNamespace = pulumi.output(meshNames.gatewayNamespace);
    this.gatewayName = pulumi.output(meshNames.gateway);
    this.gatewayServiceAccount = pulumi.output(meshNames.gatewayServiceAccount);
    this.gatewayHostname = gateway.hostname;
    this.registerOutputs({
      meshContract: this.meshContract,
      istioVersion: this.istioVersion,
      meshId: this.meshId,
      trustDomain: this.trustDomain,
      istioNamespace: this.istioNamespace,
      injectionLabels: this.injectionLabels,
      gatewayNamespace: this.gatewayNamespace,
      gatewayName: this.gatewayName,
      gatewayServiceAccount: this.gatewayServiceAccount,
      gatewayHostname: this.gatewayHostname,
    });
  }
}
