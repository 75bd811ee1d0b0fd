import * as pulumi from "@pulumi/pulumi";

import type { AppsOutputs } from "../apps/contract.ts";
import type { InfraOutputs } from "../infra/contract.ts";
import type { Environment } from "../lib/environment.ts";
import type { PlacedSystem } from "../lib/systems.ts";
import { ArgoCd, argocdNamespace } from "./argocd.ts";
import type { ArgocdConfig } from "./config.ts";
import type { ArgocdOutputs } from "./contract.ts";
import { DeliveredSystem } from "./delivered-system.ts";

export interface ArgocdArgs extends ArgocdConfig {
  environment: Environment;
  systems: readonly PlacedSystem[];
  infra: InfraOutputs;
  apps: Pick<AppsOutputs, "systems">;
}

/** The argocd layer: Argo CD, a project for each system, and applications for those that it delivers. */
export class Argocd extends pulumi.ComponentResource implements ArgocdOutputs {
  readonly argocdContract: ArgocdOutputs["argocdContract"];
  readonly argocdNamespace: ArgocdOutputs["argocdNamespace"];
  readonly argocdProjects: ArgocdOutputs["argocdProjects"];
  readonly argocdApplications: ArgocdOutputs["argocdApplications"];

  constructor(name: string, args: ArgocdArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:argocd:Argocd", name, {}, opts);
    const { environment, systems, apps, highAvailability, repository, revision, values } = args;

    const argocd = new ArgoCd(
      `${name}-argocd`,
      { environment, highAvailability, overrides: values },
      { parent: this },
    );
    // Projects and applications go before Argo CD does: nobody else takes their finalizers away.
    const delivered = systems.map(
      (system) =>
        new DeliveredSystem(
          `${name}-${system.name}`,
          { system, source: { repository, revision }, applied: apps.systems },
          { parent: this, dependsOn: [argocd] },
        ),
    );

    this.argocdContract = pulumi.output(1 as const);
    this.argocdNamespace = pulumi.output(argocdNamespace);
    this.argocdProjects = pulumi.output(delivered.map(({ project }) => project));
    this.argocdApplications = pulumi.output(delivered.flatMap(({ applications }) => [...applications]));
    this.registerOutputs({
      argocdContract: this.argocdContract,
      argocdNamespace: this.argocdNamespace,
      argocdProjects: this.argocdProjects,
      argocdApplications: this.argocdApplications,
    });
  }
}
