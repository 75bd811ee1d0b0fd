/** The stand-in for the eks component plugin, as the engine starts it. */
// The SDK is imported for what it registers: a cluster that comes in as a reference becomes its class, with its outputs.
import "@pulumi/eks";
import * as pulumi from "@pulumi/pulumi";

import { Addon } from "./eks/addon.ts";
import { Cluster } from "./eks/cluster.ts";
import { ManagedNodeGroup } from "./eks/managed-node-group.ts";
import { exitWithEngine } from "./wire.ts";

type Component = Addon | Cluster | ManagedNodeGroup;

const provider: pulumi.provider.Provider = {
  version: "4.3.0",
  async construct(name, type, inputs, options) {
    const component = make(name, type, inputs, options);
    return { urn: component.urn, state: component.state };
  },
};

function make(
  name: string,
  type: string,
  inputs: pulumi.Inputs,
  options: pulumi.ComponentResourceOptions,
): Component {
  switch (type) {
    case "eks:index:Cluster":
      return new Cluster(name, inputs, options);
    case "eks:index:ManagedNodeGroup":
      return new ManagedNodeGroup(name, inputs as ConstructorParameters<typeof ManagedNodeGroup>[1], options);
    case "eks:index:Addon":
      return new Addon(name, inputs as ConstructorParameters<typeof Addon>[1], options);
    default:
      throw new Error(`the stand-in for eks does not know ${type}; add it to rehearsal/plugins/eks/`);
  }
}

await pulumi.provider.main(provider, process.argv.slice(2));
exitWithEngine();
