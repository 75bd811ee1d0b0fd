import * as pulumi from "@pulumi/pulumi";
import { createRequire } from "node:module";

const kubernetesVersion = (
  createRequire(import.meta.url)("@pulumi/kubernetes/package.json") as { version: string }
).version;

/** A Kubernetes object as plain data, the way it stands in a YAML file. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Record<string, string>;
    readonly annotations?: Record<string, string>;
    readonly finalizers?: string[];
  };
  readonly [field: string]: unknown;
}

/** The same, where some values come from other resources. */
export type ManifestInput = {
  readonly [K in keyof Manifest]: K extends "apiVersion" | "kind" ? string : pulumi.Input<unknown>;
};

/**
 * One Kubernetes object of any kind, made from its manifest. One class serves every kind because the provider goes by the type
 * token alone, so that the object that Pulumi creates is the very one that is rendered to gitops/ and reasoned about.
 */
export class KubernetesObject extends pulumi.CustomResource {
  declare readonly metadata: pulumi.Output<Manifest["metadata"] & { uid?: string }>;
  declare readonly status: pulumi.Output<unknown>;

  constructor(name: string, manifest: ManifestInput, opts: pulumi.CustomResourceOptions) {
    super(
      tokenOf(manifest),
      name,
      { status: undefined, ...manifest },
      { version: kubernetesVersion, ...opts },
    );
  }
}

/** The type token of a manifest; the provider writes the nameless core group as `core`. */
export function tokenOf(manifest: { readonly apiVersion: string; readonly kind: string }): string {
  const group = manifest.apiVersion.includes("/") ? manifest.apiVersion : `core/${manifest.apiVersion}`;
  return `kubernetes:${group}:${manifest.kind}`;
}

/** A stable name for a manifest's resource: `deployment-add-service-v1`. */
export function manifestName(manifest: Manifest): string {
  return `${manifest.kind.toLowerCase()}-${manifest.metadata.name}`;
}

/** Creates the manifests as children named `${prefix}-${kind}-${name}`. */
export function applyManifests(
  prefix: string,
  manifests: readonly Manifest[],
  opts: pulumi.CustomResourceOptions,
): KubernetesObject[] {
  return manifests.map(
    (manifest) => new KubernetesObject(`${prefix}-${manifestName(manifest)}`, manifest, opts),
  );
}
