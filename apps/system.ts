import * as pulumi from "@pulumi/pulumi";

import type { InfraOutputs } from "../infra/contract.ts";
import { applyManifests, KubernetesObject, manifestName } from "../lib/manifests.ts";
import type { PlacedSystem } from "../lib/systems.ts";
import type { MeshOutputs } from "../mesh/contract.ts";
import { Identity } from "./identity.ts";
import { MeshService } from "./mesh-service.ts";
import { namespace, namespaceLabels } from "./objects/namespace.ts";
import { secretProviderClass } from "./objects/secret-provider-class.ts";
import { accountsOf, systemDefaults, type PlatformFacts } from "./system-objects.ts";

export interface SystemArgs {
  system: PlacedSystem;
  facts: PlatformFacts;
  infra: InfraOutputs;
  mesh: Pick<MeshOutputs, "injectionLabels">;
  /** Seconds until an object that does not become ready fails the update. */
  readyTimeout: number;
}

/**
 * A system in the environment: its namespace and identities, and, unless Argo CD delivers it, every object of its services. What is
 * made here and what is rendered to files never overlap, so that each object has one owner.
 */
export class System extends pulumi.ComponentResource {
  constructor(name: string, args: SystemArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:apps:System", name, {}, opts);
    const { system, facts, infra, mesh, readyTimeout } = args;

    const plain = namespace(system, {});
    const space = new KubernetesObject(
      `${name}-${manifestName(plain)}`,
      {
        ...plain,
        metadata: {
          ...plain.metadata,
          labels: mesh.injectionLabels.apply((labels) => namespaceLabels(system, labels)),
        },
      },
      { parent: this },
    );
    const classes = applyManifests(
      name,
      (system.secrets ?? []).map((secret) => secretProviderClass(system, secret, facts.region)),
      { parent: this, dependsOn: [space] },
    );
    const identities = new Map(
      accountsOf(system).map((account) => [
        account,
        new Identity(
          `${name}-${account}`,
          { system, account, facts, infra, namespace: space },
          { parent: this },
        ),
      ]),
    );

    if (system.delivery === "pulumi") {
      const defaults = systemDefaults(system).reduce<readonly pulumi.Resource[]>(
        (done, stage) => [...done, ...applyManifests(name, stage, { parent: this, dependsOn: [...done] })],
        [space],
      );
      for (const service of system.services) {
        const identity = identities.get(service.name) as Identity;
        new MeshService(
          `${name}-${service.name}`,
          { system, service, facts, after: [...defaults, ...classes], identity, readyTimeout },
          { parent: this },
        );
      }
    }
    this.registerOutputs({});
  }
}
