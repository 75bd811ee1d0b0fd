import { ApiError, type HttpClient } from "./http.ts";
import type { ObjectReference } from "./objects.ts";

/** How the API server serves a kind. */
export interface ApiResource {
  apiVersion: string;
  kind: string;
  /** The plural name in paths. */
  name: string;
  namespaced: boolean;
  verbs: string[];
}

interface ResourceList {
  resources?: { name: string; kind: string; namespaced: boolean; verbs: string[] }[];
}

/** The server does not know the kind; the words are kubectl's. */
export class NoMatchError extends ApiError {
  constructor(apiVersion: string, kind: string) {
    super(404, "NoMatch", `no matches for kind "${kind}" in version "${apiVersion}"`);
    this.name = "NoMatchError";
  }
}

/** What the API server serves, remembered; a kind that is not known is looked up again, since custom ones come at any time. */
export class Discovery {
  private readonly http: HttpClient;
  private readonly known = new Map<string, Promise<ApiResource[]>>();

  constructor(http: HttpClient) {
    this.http = http;
  }

  /** @throws NoMatchError */
  async find(apiVersion: string, kind: string): Promise<ApiResource> {
    const found = await this.tryFind(apiVersion, kind);
    if (found === undefined) throw new NoMatchError(apiVersion, kind);
    return found;
  }

  async tryFind(apiVersion: string, kind: string): Promise<ApiResource | undefined> {
    const remembered = this.known.get(apiVersion);
    const found = (await remembered)?.find((resource) => resource.kind === kind);
    if (found !== undefined) return found;
    // Whoever asks while the answer is on its way waits for the same one.
    if (this.known.get(apiVersion) === remembered) this.known.set(apiVersion, this.load(apiVersion));
    return (await this.known.get(apiVersion))?.find((resource) => resource.kind === kind);
  }

  /** Every kind of every group, in the group's preferred version. */
  async all(): Promise<ApiResource[]> {
    const { groups } = (await this.http.send({ method: "GET", path: "/apis" })) as {
      groups: { preferredVersion: { groupVersion: string } }[];
    };
    const versions = ["v1", ...groups.map(({ preferredVersion }) => preferredVersion.groupVersion)];
    return (await Promise.all(versions.map((version) => this.load(version)))).flat();
  }

  private async load(apiVersion: string): Promise<ApiResource[]> {
    try {
      const { resources } = (await this.http.send({ method: "GET", path: root(apiVersion) })) as ResourceList;
      return (resources ?? [])
        .filter(({ name }) => !name.includes("/"))
        .map(({ name, kind, namespaced, verbs }) => ({ apiVersion, kind, name, namespaced, verbs }));
    } catch (error) {
      this.known.delete(apiVersion);
      if (error instanceof ApiError && error.status === 404) return [];
      throw error;
    }
  }
}

/** Where a group and version are served. */
function root(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

/** The path of a kind's objects: all of them, or those of a namespace. */
export function collectionPath(resource: ApiResource, namespace?: string): string {
  const within =
    resource.namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  return `${root(resource.apiVersion)}${within}/${resource.name}`;
}

/** The path of one object. A namespaced one without a namespace is in `default`. */
export function objectPath(resource: ApiResource, { name, namespace }: ObjectReference): string {
  const within = resource.namespaced ? (namespace ?? "default") : undefined;
  return `${collectionPath(resource, within)}/${encodeURIComponent(name)}`;
}
