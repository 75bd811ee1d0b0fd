import { pluck, type KubeObject } from "../kubernetes/objects.ts";

interface GroupKind {
  group: string;
  kind: string;
}

interface Destination {
  server?: string;
  name?: string;
  namespace?: string;
}

interface ProjectSpec {
  sourceRepos?: string[];
  destinations?: Destination[];
  clusterResourceWhitelist?: GroupKind[];
  clusterResourceBlacklist?: GroupKind[];
  namespaceResourceWhitelist?: GroupKind[];
  namespaceResourceBlacklist?: GroupKind[];
}

/** Why a project does not let an application deploy from a repository; undefined if it does. */
export function refusesSource(project: KubeObject, repository: string): string | undefined {
  const { sourceRepos = [] } = specOf(project);
  if (sourceRepos.some((pattern) => matches(pattern, repository))) return undefined;
  return `the project ${project.metadata.name} does not permit the repository ${repository}`;
}

/** Why a project does not let an application deploy an object; undefined if it does. `namespace` is undefined for cluster-wide ones. */
export function refusesObject(
  project: KubeObject,
  object: { group: string; kind: string; namespace?: string },
  destination: Destination,
): string | undefined {
  const spec = specOf(project);
  const { group, kind, namespace } = object;
  const name = `the project ${project.metadata.name}`;
  const lists =
    namespace === undefined
      ? // Nothing cluster-wide is permitted unless it is named.
        { white: spec.clusterResourceWhitelist ?? [], black: spec.clusterResourceBlacklist ?? [] }
      : // Everything in a namespace is, unless the project names what is.
        {
          white: spec.namespaceResourceWhitelist ?? [{ group: "*", kind: "*" }],
          black: spec.namespaceResourceBlacklist ?? [],
        };
  const listed = (list: GroupKind[]): boolean =>
    list.some((one) => matches(one.group, group) && matches(one.kind, kind));
  if (!listed(lists.white) || listed(lists.black))
    return `${name} does not permit ${group || "core"}/${kind}`;
  if (namespace === undefined) return undefined;
  const permitted = (spec.destinations ?? []).some(
    (one) => matches(one.namespace ?? "", namespace) && isSameCluster(one, destination),
  );
  return permitted ? undefined : `${name} does not permit the namespace ${namespace} as a destination`;
}

function isSameCluster(permitted: Destination, wanted: Destination): boolean {
  if (wanted.server !== undefined && permitted.server !== undefined)
    return matches(permitted.server, wanted.server);
  return wanted.name !== undefined && permitted.name !== undefined && matches(permitted.name, wanted.name);
}

function specOf(project: KubeObject): ProjectSpec {
  return pluck(project, "spec") ?? {};
}

/** Argo CD's patterns: `*` stands for anything. */
function matches(pattern: string, value: string): boolean {
  const expression = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${expression.join(".*")}$`).test(value);
}
