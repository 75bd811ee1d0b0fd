import { parseAllDocuments } from "yaml";

import { renderFiles } from "../../apps/render.ts";
import type { ConfigSource } from "../../lib/config.ts";
import { readEnvironment } from "../../lib/environment.ts";
import type { Manifest } from "../../lib/manifests.ts";
import { placeSystems } from "../../lib/systems.ts";
import type { Recorded } from "./mocks.ts";
import { configOf, program, type ProgramOptions, type Stack } from "./program.ts";

/** A Kubernetes object of an environment and who brings it onto the cluster. */
export interface Placed {
  object: Manifest;
  /** `pulumi <resource>` or the file that Argo CD syncs. */
  owner: string;
}

/** Every object that an environment's program creates or its folder under gitops/ holds; what charts make is theirs. */
export async function placedObjects(stack: Stack): Promise<Placed[]> {
  const { resources } = await program(stack);
  return [...resources.flatMap(created), ...rendered(stack)];
}

/** Identity on the cluster: group, kind, namespace, name. */
export function identityOf({ apiVersion, kind, metadata }: Manifest): string {
  const group = apiVersion.includes("/") ? apiVersion.split("/")[0] : "";
  return [group, kind, metadata.namespace ?? "", metadata.name].join("/");
}

/** Objects that Argo CD syncs in an environment, as the program renders them now. */
export function rendered(stack: Stack, options: ProgramOptions = {}): Placed[] {
  const source = sourceOf(stack, options);
  const environment = readEnvironment(source, stack);
  const files = renderFiles(environment, placeSystems(environment, source));
  return [...files].flatMap(([owner, text]) =>
    parseAllDocuments(text).map((document) => ({ object: document.toJS() as Manifest, owner })),
  );
}

/** An environment's configuration file, bag by bag. */
function sourceOf(stack: Stack, options: ProgramOptions): ConfigSource {
  const config = Object.entries(configOf(stack, options));
  return (bag) =>
    Object.fromEntries(
      config
        .filter(([key]) => key.startsWith(`${bag}:`))
        .map(([key, text]) => [key.slice(bag.length + 1), text]),
    );
}

/** A container as far as the tests look at it. */
export interface Container {
  name: string;
  image: string;
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> };
  livenessProbe?: object;
  readinessProbe?: object;
  startupProbe?: object;
  securityContext?: Record<string, unknown>;
}

/** The pod that a workload makes. */
export interface PodSpec {
  containers: Container[];
  initContainers?: Container[];
  securityContext?: Record<string, unknown>;
  serviceAccountName?: string;
  automountServiceAccountToken?: boolean;
}

/** The pod template of a workload; undefined for any other kind. */
export function podOf({ kind, ...object }: Manifest): PodSpec | undefined {
  if (!["Deployment", "StatefulSet", "DaemonSet", "Job"].includes(kind)) return undefined;
  return (object["spec"] as { template: { spec: PodSpec } }).template.spec;
}

function created({ type, name, read, inputs }: Recorded): Placed[] {
  if (read || !type.startsWith("kubernetes:") || type.startsWith("kubernetes:helm.sh/")) return [];
  return [{ object: inputs as unknown as Manifest, owner: `pulumi ${name}` }];
}
