import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { accessEntries } from "./access-entries.ts";
import { clusterAddon, wantsCoredns } from "./addons.ts";
import { requireAwsCli } from "./aws-cli.ts";
import { checkClusterOptions, type ClusterArgs } from "./cluster-options.ts";
import {
  clusterKubeconfig,
  clusterOidcProvider,
  clusterSubnets,
  publicCidrs,
  serviceRole,
} from "./cluster-parts.ts";
import { clusterSecurityGroup, nodeSecurityGroup } from "./security-groups.ts";
import { VpcCniAddon } from "./vpc-cni.ts";

/** What node groups and add-ons need of a cluster. */
export interface Core {
  cluster: aws.eks.Cluster;
  subnetIds: string[];
}

/** The stand-in for the eks component: the control plane, who may talk to it, and the add-ons that need no nodes. */
export class Cluster extends pulumi.ComponentResource {
  readonly core: pulumi.Output<Core>;
  readonly state: pulumi.Inputs;

  constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    requireAwsCli();
    checkClusterOptions(args, opts);
    super("eks:index:Cluster", name, {}, opts);
    const { tags, vpcId } = args;
    const groupArgs = {
      vpcId,
      tags,
      clusterTags: args.clusterSecurityGroupTags,
      nodeTags: args.nodeSecurityGroupTags,
    };
    const role = serviceRole(name, args, this);
    const controlPlaneGroup =
      args.skipDefaultSecurityGroups === true ? undefined : clusterSecurityGroup(name, groupArgs, this);
    const subnetIds = clusterSubnets(args);
    const encryptionConfig =
      args.encryptionConfigKeyArn === undefined
        ? undefined
        : pulumi
            .output(args.encryptionConfigKeyArn)
            .apply((keyArn) => ({ provider: { keyArn }, resources: ["secrets"] }));

    const cluster = new aws.eks.Cluster(
      `${name}-eksCluster`,
      {
        name: args.name,
        roleArn: role.arn,
        version: args.version,
        accessConfig: {
          authenticationMode: args.authenticationMode,
          bootstrapClusterCreatorAdminPermissions: true,
        },
        bootstrapSelfManagedAddons: args.bootstrapSelfManagedAddons ?? true,
        deletionProtection: args.deletionProtection,
        enabledClusterLogTypes: args.enabledClusterLogTypes,
        encryptionConfig,
        ...(args.kubernetesServiceIpAddressRange === undefined
          ? {}
          : { kubernetesNetworkConfig: { serviceIpv4Cidr: args.kubernetesServiceIpAddressRange } }),
        upgradePolicy: args.upgradePolicy,
        tags: pulumi
          .all([tags, args.clusterTags])
          .apply(([shared, own]) => ({ Name: `${name}-eksCluster`, ...own, ...shared })),
        vpcConfig: {
          subnetIds,
          securityGroupIds: controlPlaneGroup === undefined ? undefined : [controlPlaneGroup.id],
          endpointPrivateAccess: args.endpointPrivateAccess,
          endpointPublicAccess: args.endpointPublicAccess,
          publicAccessCidrs: publicCidrs(args),
        },
      },
      {
        parent: this,
        ignoreChanges: ["accessConfig.bootstrapClusterCreatorAdminPermissions", "bootstrapSelfManagedAddons"],
        dependsOn: role.ready,
      },
    );

    if (args.kubeProxyAddonOptions?.enabled !== false) {
      clusterAddon(name, "kube-proxy", cluster, args.kubeProxyAddonOptions ?? {}, tags, this);
    }
    const configOf = (withProfile: boolean) => clusterKubeconfig(cluster, args, withProfile);
    const provider = new kubernetes.Provider(
      `${name}-eks-k8s`,
      { kubeconfig: configOf(true).apply((config) => JSON.stringify(config)) },
      { parent: this },
    );
    const entries = accessEntries(name, cluster, args.accessEntries ?? {}, this);
    const vpcCni =
      args.useDefaultVpcCni === true
        ? undefined
        : new VpcCniAddon(
            `${name}-vpc-cni`,
            { cluster, options: args.vpcCniOptions ?? {}, tags },
            { parent: this, dependsOn: entries },
          );
    if (wantsCoredns(args.corednsAddonOptions)) {
      clusterAddon(name, "coredns", cluster, args.corednsAddonOptions ?? {}, tags, this);
    }
    const oidcProvider =
      args.createOidcProvider === true ? clusterOidcProvider(name, cluster, this) : undefined;
    const nodeSecurity =
      controlPlaneGroup === undefined
        ? undefined
        : nodeSecurityGroup(name, groupArgs, cluster, controlPlaneGroup, this);

    const core = {
      cluster,
      vpcId,
      subnetIds,
      publicSubnetIds: args.publicSubnetIds,
      privateSubnetIds: args.privateSubnetIds,
      endpoint: cluster.endpoint,
      provider,
      vpcCni,
      clusterIamRole: role.role,
      oidcProvider,
      encryptionConfig,
      accessEntries: Object.values(args.accessEntries ?? {}),
      instanceRoles: [],
      nodeGroupOptions: {
        version: args.version,
        nodeSecurityGroup: nodeSecurity?.group,
        clusterIngressRule: nodeSecurity?.clusterIngress,
      },
      kubeconfig: configOf(false),
      storageClasses: {},
      tags,
      clusterSecurityGroup: controlPlaneGroup,
      autoModeNodeRoleName: "",
    };
    // Written out as the interface that others read; the rest is there for the program.
    this.core = pulumi.output(core);
    const issuer = cluster.identities.apply((identities) => identities[0]?.oidcs?.[0]?.issuer ?? "");
    const eksMadeGroup = cluster.vpcConfig.clusterSecurityGroupId;
    this.state = {
      core,
      eksCluster: cluster,
      kubeconfig: configOf(false),
      kubeconfigJson: configOf(false).apply((config) => JSON.stringify(config)),
      clusterSecurityGroup: controlPlaneGroup,
      nodeSecurityGroup: nodeSecurity?.group,
      eksClusterIngressRule: nodeSecurity?.clusterIngress,
      clusterSecurityGroupId: controlPlaneGroup?.id ?? eksMadeGroup,
      nodeSecurityGroupId: nodeSecurity?.group.id ?? eksMadeGroup,
      clusterIngressRuleId: nodeSecurity?.clusterIngress.securityGroupRuleId ?? "",
      instanceRoles: [],
      defaultNodeGroup: undefined,
      defaultNodeGroupAsgName: "",
      fargateProfileId: "",
      fargateProfileStatus: "",
      oidcProviderArn: oidcProvider?.arn ?? "",
      oidcProviderUrl: issuer,
      oidcIssuer: issuer.apply((url) => url.replace("https://", "")),
      autoModeNodeRoleName: "",
    };
    this.registerOutputs(this.state);
  }
}
