import * as aws from "@pulumi/aws";
import type * as eks from "@pulumi/eks";
import * as pulumi from "@pulumi/pulumi";

import { refuseUnknownOptions } from "../aws/component-options.ts";
import { sortedJson } from "./configuration.ts";
import type { Tags } from "./tags.ts";
import { newestAddon } from "./vpc-cni.ts";

type AddonOptions = eks.types.input.CoreDnsAddonOptionsArgs | eks.types.input.KubeProxyAddonOptionsArgs;

const known = [
  "configurationValues",
  "enabled",
  "resolveConflictsOnCreate",
  "resolveConflictsOnUpdate",
  "version",
];

/** Whether the component makes coredns: without nodes of its own only on demand. */
export function wantsCoredns(options: eks.types.input.CoreDnsAddonOptionsArgs | undefined): boolean {
  return options?.enabled === true || options?.configurationValues !== undefined;
}

/** An add-on that every cluster has: the newest version unless given, and ours where values conflict. */
export function clusterAddon(
  name: string,
  addonName: "kube-proxy" | "coredns",
  cluster: aws.eks.Cluster,
  options: AddonOptions,
  tags: Tags,
  parent: pulumi.Resource,
): aws.eks.Addon {
  refuseUnknownOptions(`eks:index:Cluster options of ${addonName}`, options, known, "eks/addons.ts");
  const { configurationValues, resolveConflictsOnCreate, resolveConflictsOnUpdate, version } = options;
  return new aws.eks.Addon(
    `${name}-${addonName}`,
    {
      clusterName: cluster.name,
      addonName,
      addonVersion: version ?? newestAddon(addonName, cluster, parent),
      configurationValues:
        configurationValues === undefined
          ? undefined
          : pulumi.output(configurationValues).apply((values) => sortedJson(values)),
      preserve: true,
      resolveConflictsOnCreate: resolveConflictsOnCreate ?? "OVERWRITE",
      resolveConflictsOnUpdate: resolveConflictsOnUpdate ?? "OVERWRITE",
      tags,
    },
    { parent },
  );
}
