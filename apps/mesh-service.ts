import * as pulumi from "@pulumi/pulumi";

import { applyManifests, type KubernetesObject } from "../lib/manifests.ts";
import type { PlacedSystem } from "../lib/systems.ts";
import type { Service } from "../systems/types.ts";
import { serviceStages, type PlatformFacts } from "./system-objects.ts";

export interface MeshServiceArgs {
  system: PlacedSystem;
  service: Service;
  facts: PlatformFacts;
  /** What must be there before any object of the service. */
  after: readonly pulumi.Resource[];
  /** The service's account with all its rights; its pods wait for it. */
  identity: pulumi.Resource;
  /** Seconds until an object that does not become ready fails the update. */
  readyTimeout: number;
}

/** A service with all its versions: who may call it, its pods, and the share of requests that each version gets. */
export class MeshService extends pulumi.ComponentResource {
  constructor(name: string, args: MeshServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:apps:MeshService", name, {}, opts);
    const timeout = `${args.readyTimeout}s`;
    let done: readonly pulumi.Resource[] = args.after;
    for (const stage of serviceStages(args.system, args.service, args.facts)) {
      const made: KubernetesObject[] = applyManifests(name, stage, {
        parent: this,
        dependsOn: [...done, args.identity],
        customTimeouts: { create: timeout, update: timeout, delete: timeout },
      });
      done = made;
    }
    this.registerOutputs({});
  }
}
