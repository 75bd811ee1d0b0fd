import * as pulumi from "@pulumi/pulumi";

import type { Environment } from "../lib/environment.ts";
import { clusterProvider } from "../lib/providers.ts";
import type { PlacedSystem } from "../lib/systems.ts";
import { defaultTags } from "../lib/tags.ts";
import { Addons } from "./addons.ts";
import { Boundary } from "./boundary.ts";
import { Cluster, clusterNameOf } from "./cluster.ts";
import type { InfraConfig } from "./config.ts";
import type { InfraOutputs } from "./contract.ts";
import { Controllers } from "./controllers.ts";
import { keyDeletionDays } from "./encryption-key.ts";
import { Network } from "./network.ts";
import { NodeGroup } from "./node-group.ts";
import { Registry } from "./registry.ts";
import { Secrets } from "./secrets.ts";
import { Storage } from "./storage.ts";

export interface InfraArgs extends InfraConfig {
  environment: Environment;
  /** Their repositories and secrets are made here, before the systems themselves exist. */
  systems: readonly PlacedSystem[];
}

/** The infra layer: network, cluster with nodes and controllers, registry, secrets, and the ceiling on workloads' rights. */
export class Infra extends pulumi.ComponentResource implements InfraOutputs {
  readonly infraContract: InfraOutputs["infraContract"];
  readonly region: InfraOutputs["region"];
  readonly accountId: InfraOutputs["accountId"];
  readonly clusterName: InfraOutputs["clusterName"];
  readonly clusterArn: InfraOutputs["clusterArn"];
  readonly kubernetesVersion: InfraOutputs["kubernetesVersion"];
  readonly kubeconfig: InfraOutputs["kubeconfig"];
  readonly oidcProviderArn: InfraOutputs["oidcProviderArn"];
  readonly oidcIssuer: InfraOutputs["oidcIssuer"];
  readonly vpcId: InfraOutputs["vpcId"];
  readonly privateSubnetIds: InfraOutputs["privateSubnetIds"];
  readonly publicSubnetIds: InfraOutputs["publicSubnetIds"];
  readonly permissionsBoundaryArn: InfraOutputs["permissionsBoundaryArn"];
  readonly secretsKeyArn: InfraOutputs["secretsKeyArn"];
  readonly repositoryUrls: InfraOutputs["repositoryUrls"];
  readonly secretArns: InfraOutputs["secretArns"];
  readonly storageClass: InfraOutputs["storageClass"];
  readonly loadBalancerClass: InfraOutputs["loadBalancerClass"];

  constructor(name: string, args: InfraArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:infra:Infra", name, {}, opts);
    const environment = args.environment;
    const deletionDays = keyDeletionDays(args.secrets.recoveryDays);

    const network = new Network(`${name}-network`, args.network, { parent: this });
    const { privateSubnetIds } = network;
    const cluster = new Cluster(
      `${name}-cluster`,
      {
        ...args.cluster,
        environment: environment.name,
        vpcId: network.vpcId,
        privateSubnetIds,
        access: args.access,
        keyDeletionDays: deletionDays,
      },
      { parent: this },
    );
    const nodeGroups = Object.entries(args.nodeGroups).map(([group, config]) => {
      const tags = {
        ...defaultTags(environment, "infra"),
        Name: `${clusterNameOf(environment.name)}-${group}`,
      };
      return new NodeGroup(
        `${name}-nodes-${group}`,
        { ...config, cluster, version: args.cluster.version, privateSubnetIds, tags },
        // Nodes reach the registries and the AWS APIs through NAT, when they join and when they leave.
        { parent: this, dependsOn: [network] },
      );
    });
    const addons = new Addons(
      `${name}-addons`,
      { cluster, version: args.cluster.version, nodeGroups },
      { parent: this },
    );

    const registry = new Registry(
      `${name}-registry`,
      {
        ...args.registry,
        environment: environment.name,
        systems: args.systems,
        keyDeletionDays: deletionDays,
      },
      { parent: this },
    );
    const secrets = new Secrets(
      `${name}-secrets`,
      { environment: environment.name, systems: args.systems, recoveryDays: args.secrets.recoveryDays },
      { parent: this },
    );
    const boundary = new Boundary(
      `${name}-boundary`,
      { environment, secretsKeyArn: secrets.keyArn },
      { parent: this },
    );

    // What stands on the cluster comes after nodes and add-ons, and goes before them: a pod or a volume that is given back late
    // would hold up its node.
    const kubernetes = clusterProvider(
      "infra",
      { kubeconfig: cluster.kubeconfig, clusterArn: cluster.arn },
      { parent: this },
    );
    const onNodes = { parent: this, provider: kubernetes, dependsOn: [...nodeGroups, addons] };
    const storage = new Storage(`${name}-storage`, { environment: environment.name }, onNodes);
    new Controllers(
      `${name}-controllers`,
      { environment: environment.name, replicas: args.controllers.replicas },
      onNodes,
    );

    this.infraContract = pulumi.output(1 as const);
    this.region = pulumi.output(environment.region);
    this.accountId = pulumi.output(environment.accountId);
    this.clusterName = cluster.name;
    this.clusterArn = cluster.arn;
    this.kubernetesVersion = pulumi.output(args.cluster.version);
    this.kubeconfig = cluster.kubeconfig;
    this.oidcProviderArn = cluster.oidcProviderArn;
    this.oidcIssuer = cluster.oidcIssuer;
    this.vpcId = network.vpcId;
    this.privateSubnetIds = privateSubnetIds;
    this.publicSubnetIds = network.publicSubnetIds;
    this.permissionsBoundaryArn = boundary.arn;
    this.secretsKeyArn = secrets.keyArn;
    this.repositoryUrls = registry.urls;
    this.secretArns = secrets.arns;
    this.storageClass = storage.storageClass;
    // The cloud provider's own controller makes the load balancers.
    this.loadBalancerClass = pulumi.output("");
    this.registerOutputs({
      infraContract: this.infraContract,
      region: this.region,
      accountId: this.accountId,
      clusterName: this.clusterName,
      clusterArn: this.clusterArn,
      kubernetesVersion: this.kubernetesVersion,
      kubeconfig: this.kubeconfig,
      oidcProviderArn: this.oidcProviderArn,
      oidcIssuer: this.oidcIssuer,
      vpcId: this.vpcId,
      privateSubnetIds: this.privateSubnetIds,
      publicSubnetIds: this.publicSubnetIds,
      permissionsBoundaryArn: this.permissionsBoundaryArn,
      secretsKeyArn: this.secretsKeyArn,
      repositoryUrls: this.repositoryUrls,
      secretArns: this.secretArns,
      storageClass: this.storageClass,
      loadBalancerClass: this.loadBalancerClass,
    });
  }
}
