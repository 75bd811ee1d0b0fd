import * as pulumi from "@pulumi/pulumi";

import type { appsContract, AppsOutputs } from "../apps/contract.ts";
import type { Values } from "../lib/contract.ts";
import { deliveryParts } from "../lib/delivery.ts";
import { fail } from "../lib/errors.ts";
import { applyManifests, KubernetesObject, manifestName } from "../lib/manifests.ts";
import type { PlacedSystem } from "../lib/systems.ts";
import { application, applicationName, type Source } from "./application.ts";
import { appProject } from "./project.ts";

export interface DeliveredSystemArgs {
  system: PlacedSystem;
  source: Source;
  /** What the apps layer has brought about so far. */
  applied: AppsOutputs["systems"];
}

/** A system as Argo CD sees it: the project that closes it in and, if Argo CD delivers it, its applications. */
export class DeliveredSystem extends pulumi.ComponentResource {
  readonly project: string;
  readonly applications: readonly string[];

  constructor(name: string, args: DeliveredSystemArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:argocd:DeliveredSystem", name, {}, opts);
    const { system, source, applied } = args;
    const projects = applyManifests(name, [appProject(system, source.repository)], { parent: this });

    const parts = system.delivery === "gitops" ? deliveryParts : [];
    for (const part of parts) {
      const manifest = application(system, part, source);
      const spec = applied.apply((systems) => {
        requireHandover(system, systems);
        return manifest["spec"];
      });
      new KubernetesObject(
        `${name}-${manifestName(manifest)}`,
        { ...manifest, spec },
        { parent: this, dependsOn: projects },
      );
    }
    this.project = system.name;
    this.applications = parts.map((part) => applicationName(system, part));
    this.registerOutputs({ project: this.project, applications: this.applications });
  }
}

/**
 * Refuses to let Argo CD take over a system that the apps layer still delivers itself: every object would have two owners.
 *
 * @throws PlatformError CONTRACT_INVALID
 */
export function requireHandover(
  system: Pick<PlacedSystem, "name" | "namespace" | "environment">,
  applied: Values<typeof appsContract>["systems"],
): void {
  const found = applied[system.name];
  if (found?.delivery === "gitops" && found.namespace === system.namespace) return;
  fail({
    id: "CONTRACT_INVALID",
    key: `platform-apps.systems.${system.name}`,
    value: found,
    rule: `delivery gitops in namespace ${system.namespace}, as apps:systems says, must be applied by layer apps first`,
    remedy: `Run layer apps first: platform up ${system.environment} --layer apps.`,
  });
}
