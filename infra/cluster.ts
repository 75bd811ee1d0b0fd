import * as aws from "@pulumi/aws";
import * as eks from "@pulumi/eks";
import * as pulumi from "@pulumi/pulumi";

import { addonVersion } from "../lib/versions.ts";
import type { AccessConfig, ClusterConfig } from "./config.ts";
import { EncryptionKey } from "./encryption-key.ts";
import { remoteChild } from "./remote.ts";

export interface ClusterArgs extends ClusterConfig {
  /** Name of the environment. */
  environment: string;
  vpcId: pulumi.Input<string>;
  /** Private subnets, in the order of the zones. */
  privateSubnetIds: pulumi.Input<string[]>;
  access: AccessConfig;
  /** Days for which the deleted encryption key can be restored. */
  keyDeletionDays: number;
}

/** The EKS control plane: access by entries, secrets under our own key, every log kept for a while. No nodes. */
export class Cluster extends pulumi.ComponentResource {
  /** For node groups and add-ons, which take the component itself. */
  readonly eks: eks.Cluster;
  readonly name: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;
  /** JSON text without credentials: it calls `aws eks get-token`. */
  readonly kubeconfig: pulumi.Output<string>;
  readonly oidcProviderArn: pulumi.Output<string>;
  /** Without the scheme. */
  readonly oidcIssuer: pulumi.Output<string>;

  constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:infra:Cluster", name, {}, opts);
    const clusterName = clusterNameOf(args.environment);
    const key = new EncryptionKey(
      `${name}-encryption`,
      {
        alias: `${args.environment}/eks`,
        description: `Kubernetes secrets of ${clusterName}`,
        deletionDays: args.keyDeletionDays,
      },
      { parent: this },
    );
    // Made by EKS itself it would keep the logs for ever, and outlive the cluster.
    const logs = new aws.cloudwatch.LogGroup(
      `${name}-logs`,
      { name: `/aws/eks/${clusterName}/cluster`, retentionInDays: args.logRetentionDays },
      { parent: this },
    );
    this.eks = new eks.Cluster(
      `${name}-eks`,
      {
        name: clusterName,
        version: args.version,
        // At the end of standard support AWS upgrades the cluster; the other choice runs on at several times the price.
        upgradePolicy: { supportType: "STANDARD" },
        vpcId: args.vpcId,
        privateSubnetIds: pulumi.output(args.privateSubnetIds).apply(controlPlaneSubnets),
        kubernetesServiceIpAddressRange: args.serviceCidr,
        ...endpointAccess(args.publicAccessCidrs),
        authenticationMode: "API",
        accessEntries: accessEntries(args.access),
        createOidcProvider: true,
        encryptionConfigKeyArn: key.arn,
        enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
        deletionProtection: args.deletionProtection,
        skipDefaultNodeGroup: true,
        // Managed nodes carry the group that EKS makes for the cluster. The component's own two groups would be on no node, and
        // a rule added to them would do nothing.
        skipDefaultSecurityGroups: true,
        // Left out, the component would look for the newest at every run, and an update for another reason would replace the network.
        vpcCniOptions: { addonVersion: addonVersion("vpc-cni", args.version), enableNetworkPolicy: true },
        kubeProxyAddonOptions: { version: addonVersion("kube-proxy", args.version) },
        // The component insists on this beside an explicit provider. Empty: the kubeconfig names neither role nor profile of
        // whoever runs the program, so that it is the same for everyone.
        providerCredentialOpts: {},
      },
      remoteChild(this, { dependsOn: [logs] }),
    );
    this.name = this.eks.eksCluster.name;
    this.arn = this.eks.eksCluster.arn;
    this.kubeconfig = pulumi.secret(this.eks.kubeconfigJson);
    this.oidcProviderArn = this.eks.oidcProviderArn;
    this.oidcIssuer = this.eks.oidcIssuer;
    this.registerOutputs({ name: this.name, arn: this.arn });
  }
}

export function clusterNameOf(environment: string): string {
  return `${environment}-eks`;
}

/**
 * Where the control plane has its network interfaces: in the first two zones. EKS wants two, and binds a cluster to the zones that
 * it began with; nodes may stand in any zone. So zones can come and go behind the first two without touching the cluster.
 */
export function controlPlaneSubnets(privateSubnetIds: readonly string[]): string[] {
  return privateSubnetIds.slice(0, 2);
}

/** Always reachable from the VPC; from the internet only for those on the list. */
export function endpointAccess(
  publicAccessCidrs: readonly string[],
): Pick<eks.ClusterOptions, "endpointPrivateAccess" | "endpointPublicAccess" | "publicAccessCidrs"> {
  if (publicAccessCidrs.length === 0) return { endpointPrivateAccess: true, endpointPublicAccess: false };
  return {
    endpointPrivateAccess: true,
    endpointPublicAccess: true,
    publicAccessCidrs: [...publicAccessCidrs],
  };
}

const accessPolicies = {
  admin: "AmazonEKSClusterAdminPolicy",
  edit: "AmazonEKSEditPolicy",
  view: "AmazonEKSViewPolicy",
} as const;

/** Roles that may use the Kubernetes API, as the component takes them. */
export function accessEntries(access: AccessConfig): Record<string, eks.types.input.AccessEntryArgs> {
  const entries = Object.entries(access).map(([name, { roleArn, scope }]) => {
    const policyArn = `arn:aws:eks::aws:cluster-access-policy/${accessPolicies[scope]}`;
    return [
      name,
      {
        principalArn: roleArn,
        accessPolicies: { [scope]: { policyArn, accessScope: { type: "cluster" } } },
      },
    ] as const;
  });
  return Object.fromEntries(entries);
}
