/** The stand-in for the awsx component plugin, as the engine starts it. */
import * as pulumi from "@pulumi/pulumi";

import { Repository } from "./awsx/repository.ts";
import { Vpc } from "./awsx/vpc.ts";
import { exitWithEngine } from "./wire.ts";

const provider: pulumi.provider.Provider = {
  version: "3.9.0",
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
): Vpc | Repository {
  switch (type) {
    case "awsx:ec2:Vpc":
      return new Vpc(name, inputs, options);
    case "awsx:ecr:Repository":
      return new Repository(name, inputs, options);
    default:
      throw new Error(`the stand-in for awsx does not know ${type}; add it to rehearsal/plugins/awsx/`);
  }
}

await pulumi.provider.main(provider, process.argv.slice(2));
exitWithEngine();
