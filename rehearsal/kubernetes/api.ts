import { readFileSync } from "node:fs";

import { collectionPath, Discovery, objectPath, type ApiResource } from "./discovery.ts";
import { ApiError, HttpClient } from "./http.ts";
import { readKubeconfig } from "./kubeconfig.ts";
import { referenceOf, type KubeObject, type ObjectReference } from "./objects.ts";

export { NoMatchError, type ApiResource } from "./discovery.ts";
export { ApiError } from "./http.ts";
export type { KubeObject, Metadata, ObjectReference } from "./objects.ts";

export interface WriteOptions {
  /** Who writes; the server keeps account of it field by field. */
  fieldManager: string;
  /** Only asks whether it would be accepted. @default false */
  dryRun?: boolean;
  /** Takes fields over from whoever owns them; apply only. @default false */
  force?: boolean;
  signal?: AbortSignal;
}

export interface ListOptions {
  apiVersion: string;
  kind: string;
  /** @default every namespace */
  namespace?: string;
  labelSelector?: string;
  fieldSelector?: string;
}

export interface DeleteOptions {
  /** `Foreground` keeps the object until what it owns is gone. @default "Background" */
  propagation?: "Foreground" | "Background" | "Orphan";
}

/**
 * The few calls of the Kubernetes API that a rehearsal needs, for objects of every kind. Small on purpose: a provider plugin is started
 * many times in a run, and loading a complete client takes longer than most runs of it.
 */
export class KubernetesApi {
  readonly http: HttpClient;
  readonly discovery: Discovery;

  constructor(http: HttpClient) {
    this.http = http;
    this.discovery = new Discovery(http);
  }

  /** @param source a kubeconfig's text, or the decoded object */
  static async from(source: unknown): Promise<KubernetesApi> {
    return new KubernetesApi(new HttpClient(await readKubeconfig(source)));
  }

  /** @param path of a kubeconfig */
  static async fromFile(path: string): Promise<KubernetesApi> {
    return KubernetesApi.from(readFileSync(path, "utf8"));
  }

  /** @throws ApiError with status 404 if there is none */
  async get(reference: ObjectReference): Promise<KubeObject> {
    const resource = await this.discovery.find(reference.apiVersion, reference.kind);
    return (await this.http.send({ method: "GET", path: objectPath(resource, reference) })) as KubeObject;
  }

  /** The object, or undefined if there is none or if its kind is not known. */
  async find(reference: ObjectReference): Promise<KubeObject | undefined> {
    return this.get(reference).catch(undefinedIfGone);
  }

  async list(options: ListOptions): Promise<KubeObject[]> {
    const resource = await this.discovery.find(options.apiVersion, options.kind);
    return this.listOf(resource, options);
  }

  async listOf(
    resource: ApiResource,
    options: Omit<ListOptions, "apiVersion" | "kind"> = {},
  ): Promise<KubeObject[]> {
    const { labelSelector, fieldSelector } = options;
    const path = `${collectionPath(resource, options.namespace)}${query({ labelSelector, fieldSelector })}`;
    const { items } = (await this.http.send({ method: "GET", path })) as { items: KubeObject[] | null };
    const { apiVersion, kind } = resource;
    return (items ?? []).map((item) => ({ ...item, apiVersion, kind }));
  }

  /** @throws ApiError with reason `AlreadyExists` */
  async create(object: KubeObject, options: WriteOptions): Promise<KubeObject> {
    const { apiVersion, kind, metadata } = object;
    const resource = await this.discovery.find(apiVersion, kind);
    const path = `${collectionPath(resource, metadata.namespace ?? "default")}${writeQuery(options)}`;
    return (await this.http.send({
      method: "POST",
      path,
      body: object,
      signal: options.signal,
    })) as KubeObject;
  }

  /** Server-side apply: creates the object, or changes the fields that are given. @throws ApiError with reason `Conflict` */
  async apply(object: KubeObject, options: WriteOptions): Promise<KubeObject> {
    const resource = await this.discovery.find(object.apiVersion, object.kind);
    const path = `${objectPath(resource, referenceOf(object))}${writeQuery(options, { force: String(options.force ?? false) })}`;
    const contentType = "application/apply-patch+yaml";
    const { signal } = options;
    return (await this.http.send({ method: "PATCH", path, body: object, contentType, signal })) as KubeObject;
  }

  /** Replaces the whole object; its resourceVersion says which state it was made from. */
  async replace(object: KubeObject, options: WriteOptions): Promise<KubeObject> {
    const resource = await this.discovery.find(object.apiVersion, object.kind);
    const path = `${objectPath(resource, referenceOf(object))}${writeQuery(options)}`;
    return (await this.http.send({
      method: "PUT",
      path,
      body: object,
      signal: options.signal,
    })) as KubeObject;
  }

  /** Merges into an object, or into a subresource of it such as `status`. */
  async merge(reference: ObjectReference, patch: unknown, subresource?: "status"): Promise<KubeObject> {
    return this.patch(reference, patch, "application/merge-patch+json", subresource);
  }

  /** Changes an object by a list of operations (RFC 6902). */
  async patchJson(reference: ObjectReference, operations: unknown[]): Promise<KubeObject> {
    return this.patch(reference, operations, "application/json-patch+json");
  }

  /** Asks for the deletion; false if there was nothing to delete. */
  async delete(reference: ObjectReference, options: DeleteOptions = {}): Promise<boolean> {
    try {
      const resource = await this.discovery.find(reference.apiVersion, reference.kind);
      const body = {
        kind: "DeleteOptions",
        apiVersion: "v1",
        propagationPolicy: options.propagation ?? "Background",
      };
      await this.http.send({ method: "DELETE", path: objectPath(resource, reference), body });
      return true;
    } catch (error) {
      undefinedIfGone(error);
      return false;
    }
  }

  close(): void {
    this.http.close();
  }

  private async patch(
    reference: ObjectReference,
    body: unknown,
    contentType: string,
    subresource?: string,
  ): Promise<KubeObject> {
    const resource = await this.discovery.find(reference.apiVersion, reference.kind);
    const path = `${objectPath(resource, reference)}${subresource === undefined ? "" : `/${subresource}`}`;
    return (await this.http.send({ method: "PATCH", path, body, contentType })) as KubeObject;
  }
}

function undefinedIfGone(error: unknown): undefined {
  if (error instanceof ApiError && error.status === 404) return undefined;
  throw error;
}

function writeQuery({ fieldManager, dryRun }: WriteOptions, more: Record<string, string> = {}): string {
  return query({ fieldManager, dryRun: dryRun ? "All" : undefined, ...more });
}

function query(parameters: Record<string, string | undefined>): string {
  const given = Object.entries(parameters).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return given.length === 0 ? "" : `?${new URLSearchParams(given).toString()}`;
}
