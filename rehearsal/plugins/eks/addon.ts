import * as aws from "@pulumi/aws";
import type * as eks from "@pulumi/eks";
import * as pulumi from "@pulumi/pulumi";

import { refuseUnknownOptions } from "../aws/component-options.ts";
import { coreOf } from "./managed-node-group.ts";

type AddonArgs = eks.AddonArgs;

const COMPONENT = "eks:index:Addon";

const options = [
  "addonName",
  "addonVersion",
  "preserve",
  "resolveConflictsOnCreate",
  "resolveConflictsOnUpdate",
  "serviceAccountRoleArn",
  "tags",
] as const satisfies readonly (keyof AddonArgs)[];

/** The stand-in for the eks component: one add-on, below the cluster whatever parent the program names. */
export class Addon extends pulumi.ComponentResource {
  readonly state: pulumi.Inputs;

  constructor(name: string, args: AddonArgs, opts?: pulumi.ComponentResourceOptions) {
    refuseUnknownOptions(COMPONENT, args, [...options, "cluster", "configurationValues"], "eks/addon.ts");
    const parent = pulumi.Resource.isInstance(args.cluster) ? args.cluster : opts?.parent;
    super(COMPONENT, name, {}, { ...opts, parent });
    const addon = new aws.eks.Addon(
      name,
      {
        ...handedOn(args),
        clusterName: coreOf(args.cluster).cluster.name,
        configurationValues:
          args.configurationValues === undefined
            ? undefined
            : pulumi.output(args.configurationValues).apply((values) => JSON.stringify(values)),
      },
      { parent: this },
    );
    this.state = { addon };
    this.registerOutputs(this.state);
  }
}

/** The SDK says that tags are a list; they are a map, which is what the add-on wants. */
function handedOn(args: AddonArgs): Pick<aws.eks.AddonArgs, (typeof options)[number]> {
  const values: unknown = Object.fromEntries(options.map((option) => [option, args[option]]));
  return values as Pick<aws.eks.AddonArgs, (typeof options)[number]>;
}
