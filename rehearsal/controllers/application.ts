import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { groupOf, pluck, type KubeObject, type ObjectReference } from "../kubernetes/objects.ts";
import { parseYaml } from "../kubernetes/yaml.ts";

export interface Source {
  repoURL: string;
  path?: string;
  directory?: { recurse?: boolean };
}

/** An Application as far as its sync goes. */
export interface Application {
  name: string;
  project: string;
  sources: Source[];
  destination: { server?: string; name?: string; namespace?: string };
  automated: boolean;
  prune: boolean;
  createNamespace: boolean;
}

/** One entry of `status.resources`. */
export interface SyncedResource {
  group: string;
  version: string;
  kind: string;
  namespace?: string;
  name: string;
  status?: string;
}

export const TRACKING = "argocd.argoproj.io/tracking-id";

export function readApplication(object: KubeObject): Application {
  const spec = object["spec"] as {
    project: string;
    source?: Source;
    sources?: Source[];
    destination: Application["destination"];
    syncPolicy?: { automated?: { prune?: boolean; enabled?: boolean }; syncOptions?: string[] };
  };
  const { automated, syncOptions = [] } = spec.syncPolicy ?? {};
  return {
    name: object.metadata.name,
    project: spec.project,
    sources: spec.sources ?? (spec.source === undefined ? [] : [spec.source]),
    destination: spec.destination,
    automated: automated !== undefined && automated.enabled !== false,
    prune: automated?.prune === true,
    createNamespace: syncOptions.includes("CreateNamespace=true"),
  };
}

/** The files that an application syncs, as one text; they are read from the checkout, whatever the repository's address is. */
export function readSources({ sources }: Application, checkout: string): string {
  return sources
    .map(({ path, directory }) => {
      if (path === undefined) throw new Error("only sources that are folders of YAML files can be rehearsed");
      const folder = join(checkout, path);
      if (!existsSync(folder))
        throw new Error(`${path} does not exist in the checkout: it is rendered by \`platform render\``);
      const files = readdirSync(folder, { recursive: directory?.recurse === true, encoding: "utf8" }).sort();
      return files
        .filter((file) => /\.(ya?ml|json)$/.test(file))
        .map((file) => readFileSync(join(folder, file), "utf8"))
        .join("\n---\n");
    })
    .join("\n---\n");
}

/** The objects of an application in the order of their sync: by wave, then namespaces and definitions before what needs them. */
export function readObjects(text: string): KubeObject[] {
  const wave = ({ metadata }: KubeObject): number =>
    Number(metadata.annotations?.["argocd.argoproj.io/sync-wave"] ?? 0);
  const early = ["Namespace", "CustomResourceDefinition", "ServiceAccount", "Secret", "ConfigMap", "Service"];
  const rank = ({ kind }: KubeObject): number => (early.includes(kind) ? early.indexOf(kind) : early.length);
  return (parseYaml(text) as KubeObject[]).sort((a, b) => wave(a) - wave(b) || rank(a) - rank(b));
}

/** Marks an object as the application's, as Argo CD does. */
export function tracked(object: KubeObject, application: string): KubeObject {
  const { metadata, kind, apiVersion } = object;
  const id = `${application}:${groupOf(apiVersion)}/${kind}:${metadata.namespace ?? ""}/${metadata.name}`;
  return { ...object, metadata: { ...metadata, annotations: { ...metadata.annotations, [TRACKING]: id } } };
}

export function resourceOf({ apiVersion, kind, metadata }: KubeObject): SyncedResource {
  const group = groupOf(apiVersion);
  const version = apiVersion.slice(group === "" ? 0 : group.length + 1);
  return { group, version, kind, namespace: metadata.namespace, name: metadata.name, status: "Synced" };
}

export function syncedResources(object: KubeObject): SyncedResource[] {
  return (pluck(object, "status", "resources") ?? []) as SyncedResource[];
}

export function sameResource(a: SyncedResource, b: SyncedResource): boolean {
  return a.group === b.group && a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;
}

/** Where a synced object is found. */
export function locate({ group, version, kind, namespace, name }: SyncedResource): ObjectReference {
  return { apiVersion: group === "" ? version : `${group}/${version}`, kind, namespace, name };
}

/** Changes when a sync is due again. */
export function syncKey(object: KubeObject, text: string): string {
  return createHash("sha256").update(JSON.stringify(object["spec"])).update(text).digest("hex");
}
