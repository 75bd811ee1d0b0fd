import * as eks from "@pulumi/eks";
import * as pulumi from "@pulumi/pulumi";

import { IrsaRole } from "../lib/irsa-role.ts";
import { addonVersion, type AddonName } from "../lib/versions.ts";
import type { Cluster } from "./cluster.ts";
import type { NodeGroup } from "./node-group.ts";
import { remoteChild } from "./remote.ts";

export interface AddonsArgs {
  cluster: Cluster;
  /** Kubernetes minor version of the cluster, which decides those of the add-ons. */
  version: string;
  /** Their pods need a place to run. */
  nodeGroups: readonly NodeGroup[];
}

/**
 * The EKS add-ons that run on nodes: DNS, EBS volumes, and the metrics that autoscalers go by. Those that nodes need in order to be
 * ready (vpc-cni, kube-proxy) come with the cluster.
 */
export class Addons extends pulumi.ComponentResource {
  constructor(name: string, args: AddonsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:infra:Addons", name, {}, opts);
    const { cluster, version, nodeGroups } = args;
    const volumes = new IrsaRole(
      `${name}-ebs-csi`,
      {
        oidcProviderArn: cluster.oidcProviderArn,
        oidcIssuer: cluster.oidcIssuer,
        subjects: [{ namespace: "kube-system", serviceAccount: "ebs-csi-controller-sa" }],
        managedPolicies: ["service-role/AmazonEBSCSIDriverPolicy"],
      },
      { parent: this },
    );
    // The order is named on each: the component moves itself below the cluster, away from what this one depends on.
    const addon = (addonName: AddonName, roleArn?: pulumi.Input<string>): eks.Addon =>
      new eks.Addon(
        `${name}-${addonName}`,
        {
          cluster: cluster.eks,
          addonName,
          addonVersion: addonVersion(addonName, version),
          serviceAccountRoleArn: roleArn,
          // EKS starts every cluster with a CoreDNS of its own, which the add-on takes over.
          resolveConflictsOnCreate: "OVERWRITE",
          resolveConflictsOnUpdate: "OVERWRITE",
        },
        remoteChild(this, { dependsOn: [...nodeGroups, ...(roleArn === undefined ? [] : [volumes])] }),
      );
    addon("coredns");
    addon("aws-ebs-csi-driver", volumes.arn);
    addon("metrics-server");
    this.registerOutputs({});
  }
}
