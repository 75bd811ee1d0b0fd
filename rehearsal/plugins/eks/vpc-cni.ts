import * as aws from "@pulumi/aws";
import type * as eks from "@pulumi/eks";
import * as pulumi from "@pulumi/pulumi";

import { refuseUnknownOptions } from "../aws/component-options.ts";
import { sortedJson } from "./configuration.ts";
import type { Tags } from "./tags.ts";

type Options = eks.types.input.VpcCniOptionsArgs;
export type PlainOptions = pulumi.Unwrap<Options>;

/** The options that become environment variables of the network plugin, and what they are unless the program says it. */
const variables: readonly { option: keyof Options; name: string; default?: string }[] = [
  { option: "nodePortSupport", name: "AWS_VPC_CNI_NODE_PORT_SUPPORT" },
  { option: "warmEniTarget", name: "WARM_ENI_TARGET", default: "1" },
  { option: "warmIpTarget", name: "WARM_IP_TARGET" },
  { option: "warmPrefixTarget", name: "WARM_PREFIX_TARGET" },
  { option: "enablePrefixDelegation", name: "ENABLE_PREFIX_DELEGATION" },
  { option: "logLevel", name: "AWS_VPC_K8S_CNI_LOGLEVEL", default: "DEBUG" },
  { option: "logFile", name: "AWS_VPC_K8S_CNI_LOG_FILE", default: "/host/var/log/aws-routed-eni/ipamd.log" },
  { option: "vethPrefix", name: "AWS_VPC_K8S_CNI_VETHPREFIX", default: "eni" },
  { option: "eniMtu", name: "AWS_VPC_ENI_MTU", default: "9001" },
  { option: "eniConfigLabelDef", name: "ENI_CONFIG_LABEL_DEF" },
  { option: "enablePodEni", name: "ENABLE_POD_ENI", default: "false" },
  { option: "cniConfigureRpfilter", name: "AWS_VPC_K8S_CNI_CONFIGURE_RPFILTER" },
  { option: "cniCustomNetworkCfg", name: "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", default: "false" },
  { option: "externalSnat", name: "AWS_VPC_K8S_CNI_EXTERNALSNAT", default: "false" },
];

/** Set whatever the program says. */
const fixed = {
  AWS_VPC_K8S_PLUGIN_LOG_FILE: "/var/log/aws-routed-eni/plugin.log",
  AWS_VPC_K8S_PLUGIN_LOG_LEVEL: "DEBUG",
};

const otherOptions = [
  "addonVersion",
  "configurationValues",
  "disableTcpEarlyDemux",
  "enableNetworkPolicy",
  "resolveConflictsOnCreate",
  "resolveConflictsOnUpdate",
  "serviceAccountRoleArn",
] as const satisfies readonly (keyof Options)[];

export interface VpcCniArgs {
  cluster: aws.eks.Cluster;
  options: Options;
  tags: Tags;
}

/** The network plugin as an add-on, in a component of its own. */
export class VpcCniAddon extends pulumi.ComponentResource {
  readonly addon: aws.eks.Addon;

  constructor(name: string, args: VpcCniArgs, opts: pulumi.ComponentResourceOptions) {
    const known = [...otherOptions, ...variables.map((variable) => variable.option)];
    refuseUnknownOptions("eks:index:Cluster vpcCniOptions", args.options, known, "eks/vpc-cni.ts");
    super("eks:index:VpcCniAddon", name, {}, opts);
    const { addonVersion, resolveConflictsOnCreate, resolveConflictsOnUpdate, serviceAccountRoleArn } =
      args.options;
    this.addon = new aws.eks.Addon(
      name,
      {
        clusterName: args.cluster.name,
        addonName: "vpc-cni",
        addonVersion: addonVersion ?? newestAddon("vpc-cni", args.cluster, this),
        configurationValues: pulumi
          .output(args.options)
          .apply((options) => sortedJson(cniConfiguration(options))),
        preserve: true,
        resolveConflictsOnCreate: resolveConflictsOnCreate ?? "OVERWRITE",
        resolveConflictsOnUpdate: resolveConflictsOnUpdate ?? "OVERWRITE",
        serviceAccountRoleArn,
        tags: args.tags,
      },
      { parent: this },
    );
    this.registerOutputs({ addon: this.addon });
  }
}

/** The version that EKS holds to be the newest for the cluster's Kubernetes version. */
export function newestAddon(
  addonName: string,
  cluster: aws.eks.Cluster,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  return aws.eks.getAddonVersionOutput(
    { addonName, kubernetesVersion: cluster.version, mostRecent: true },
    { parent },
  ).version;
}

/** The add-on's configuration: the program's own values win over the ones that its options make. */
export function cniConfiguration(options: PlainOptions): object {
  const env: Record<string, string> = { ...fixed };
  for (const variable of variables) {
    const value = options[variable.option] as string | number | boolean | undefined;
    // Like the real component, which takes a "false" for an option that was not given.
    if (value !== undefined && value !== false) env[variable.name] = `${value}`;
    else if (variable.default !== undefined) env[variable.name] = variable.default;
  }
  const initEnv = { DISABLE_TCP_EARLY_DEMUX: options.disableTcpEarlyDemux === true ? "true" : "false" };
  const own = (options.configurationValues ?? {}) as { env?: object; init?: { env?: object } };
  return {
    ...(options.enableNetworkPolicy === undefined
      ? {}
      : { enableNetworkPolicy: String(options.enableNetworkPolicy) }),
    ...own,
    env: { ...env, ...own.env },
    init: { ...own.init, env: { ...initEnv, ...own.init?.env } },
  };
}
