import * as pulumi from "@pulumi/pulumi";

import type { InfraOutputs } from "../infra/contract.ts";
import type { Environment } from "../lib/environment.ts";
import type { PlacedSystem } from "../lib/systems.ts";
import type { MeshOutputs } from "../mesh/contract.ts";
import type { AppsConfig } from "./config.ts";
import type { AppsOutputs } from "./contract.ts";
import { System } from "./system.ts";

export interface AppsArgs extends AppsConfig {
  environment: Environment;
  systems: readonly PlacedSystem[];
  infra: InfraOutputs;
  mesh: MeshOutputs;
}

/** The apps layer: the systems that the environment carries. */
export class Apps extends pulumi.ComponentResource implements AppsOutputs {
  readonly appsContract: AppsOutputs["appsContract"];
  readonly systems: AppsOutputs["systems"];

  constructor(name: string, args: AppsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:apps:Apps", name, {}, opts);
    const { environment, infra, mesh, readyTimeout } = args;
    const { accountId, region } = environment;
    for (const system of args.systems) {
      new System(
        `${name}-${system.name}`,
        { system, facts: { accountId, region }, infra, mesh, readyTimeout },
        { parent: this },
      );
    }
    this.appsContract = pulumi.output(1 as const);
    this.systems = pulumi.output(
      Object.fromEntries(
        args.systems.map(({ name: system, namespace, delivery, host }) => [
          system,
          { namespace, delivery, host },
        ]),
      ),
    );
    this.registerOutputs({ appsContract: this.appsContract, systems: this.systems });
  }
}
