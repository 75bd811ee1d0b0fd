import * as pulumi from "@pulumi/pulumi";

import type { Environment } from "../lib/environment.ts";
import { fail } from "../lib/errors.ts";
import { helmRelease } from "../lib/helm.ts";
import { applyManifests, KubernetesObject } from "../lib/manifests.ts";
import { meshNames } from "../lib/mesh-names.ts";
import type { PlacedSystem } from "../lib/systems.ts";
import { defaultTags } from "../lib/tags.ts";
import { charts } from "../lib/versions.ts";
import type { MeshConfig } from "./config.ts";
import { gatewayCertificate, selfSignedIssuer } from "./gateway-certificate.ts";
import { gatewayObject } from "./gateway-object.ts";
import { gatewayService } from "./gateway-service.ts";
import { gatewayValues } from "./gateway-values.ts";

export interface IngressGatewayArgs {
  environment: Environment;
  systems: readonly PlacedSystem[];
  config: MeshConfig["gateway"];
  loadBalancerClass: pulumi.Input<string>;
}

/** The way in from outside: proxies behind a load balancer, what they listen for, and their certificate. */
export class IngressGateway extends pulumi.ComponentResource {
  /** Public name of the load balancer. */
  readonly hostname: pulumi.Output<string>;

  constructor(name: string, args: IngressGatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:mesh:IngressGateway", name, {}, opts);
    const { environment, systems, config, loadBalancerClass } = args;
    const release = helmRelease(
      `${name}-release`,
      {
        chart: charts.gateway,
        name: meshNames.gateway,
        namespace: meshNames.gatewayNamespace,
        values: gatewayValues({ environment: environment.name, replicas: config }),
      },
      { parent: this },
    );
    if (systems.length > 0) {
      const hosts = systems.map(({ host }) => host).sort();
      const issuers = applyManifests(name, [selfSignedIssuer(environment.name)], { parent: this });
      const certificates = applyManifests(name, [gatewayCertificate(environment.name, hosts)], {
        parent: this,
        dependsOn: issuers,
      });
      applyManifests(name, [gatewayObject(environment.name, systems, config.http)], {
        parent: this,
        dependsOn: certificates,
      });
    }
    // Not the chart's: a release does not tell what became of its Service, and a Service that is only looked up is looked up even in
    // an update that is targeted at another layer.
    const service = new KubernetesObject(
      `${name}-service`,
      gatewayService({
        environment: environment.name,
        loadBalancerClass,
        tags: defaultTags(environment, "mesh"),
        sourceRanges: config.sourceRanges,
      }),
      { parent: this, dependsOn: [release] },
    );
    this.hostname = service.status.apply((status) => addressOf(status as LoadBalancerStatus | undefined));
    this.registerOutputs({ hostname: this.hostname });
  }
}

/** As much of a Service's status as matters here. */
interface LoadBalancerStatus {
  readonly loadBalancer?: {
    readonly ingress?: readonly { readonly hostname?: string; readonly ip?: string }[];
  };
}

/**
 * The address of a Service's load balancer.
 *
 * @throws PlatformError GATEWAY_WITHOUT_ADDRESS
 */
export function addressOf(status: LoadBalancerStatus | undefined): string {
  const [first] = status?.loadBalancer?.ingress ?? [];
  const address = first?.hostname ?? first?.ip;
  if (address !== undefined && address !== "") return address;
  return fail({
    id: "GATEWAY_WITHOUT_ADDRESS",
    key: `Service ${meshNames.gatewayNamespace}/${meshNames.gateway}`,
    rule: "its load balancer has no address",
    remedy: `See why: kubectl -n ${meshNames.gatewayNamespace} describe service ${meshNames.gateway}; then run 'up' again.`,
  });
}
