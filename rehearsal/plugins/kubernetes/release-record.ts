import { gunzipSync, gzipSync } from "node:zlib";

import type { KubernetesApi, KubeObject } from "../../kubernetes/api.ts";
import type { Inputs } from "../provider.ts";
import type { ReleaseInputs } from "./release-inputs.ts";

export type Status =
  "deployed" | "failed" | "superseded" | "pending-install" | "pending-upgrade" | "uninstalling";

/** One revision of a release, in Helm's own form: `helm list` and `helm history` show what the stand-in did. */
export interface ReleaseRecord {
  name: string;
  namespace: string;
  /** The revision, from 1. */
  version: number;
  info: {
    status: Status;
    description: string;
    first_deployed: string;
    last_deployed: string;
    deleted: string;
  };
  chart: {
    metadata: { apiVersion: "v2"; name: string; version: string; appVersion: string };
    templates: [];
    values: object;
  };
  config: Inputs;
  /** What is on the cluster: JSON objects, one a document. */
  manifest: string;
  /** Hooks, to be run when the release is deleted. */
  hooks: { kind: string; name: string; manifest: string }[];
}

const SEPARATOR = "\n---\n";
const writer = { fieldManager: "helm" };

export interface RecordArgs {
  release: ReleaseInputs;
  revision: number;
  status: Status;
  appVersion: string;
  objects: readonly KubeObject[];
  hooks: readonly KubeObject[];
}

export function makeRecord({
  release,
  revision,
  status,
  appVersion,
  objects,
  hooks,
}: RecordArgs): ReleaseRecord {
  const { name, namespace, chart, version, values } = release;
  const now = new Date().toISOString();
  return {
    name,
    namespace,
    version: revision,
    info: { status, description: "", first_deployed: now, last_deployed: now, deleted: "" },
    chart: { metadata: { apiVersion: "v2", name: chart, version, appVersion }, templates: [], values: {} },
    config: values,
    manifest: objects.map((object) => JSON.stringify(object)).join(SEPARATOR),
    hooks: hooks.map((hook) => ({
      kind: hook.kind,
      name: hook.metadata.name,
      manifest: JSON.stringify(hook),
    })),
  };
}

/** The objects of a revision, in the order in which they were installed. */
export function objectsOf({ manifest }: ReleaseRecord): KubeObject[] {
  return manifest === "" ? [] : manifest.split(SEPARATOR).map((text) => JSON.parse(text) as KubeObject);
}

export function hooksOf({ hooks }: ReleaseRecord): KubeObject[] {
  return hooks.map(({ manifest }) => JSON.parse(manifest) as KubeObject);
}

/** Every revision of a release that is kept, the latest last. */
export async function history(api: KubernetesApi, name: string, namespace: string): Promise<ReleaseRecord[]> {
  const secrets = await api.list({
    apiVersion: "v1",
    kind: "Secret",
    namespace,
    labelSelector: `owner=helm,name=${name}`,
  });
  return secrets.map(decode).sort((a, b) => a.version - b.version);
}

/** @throws ApiError with reason `AlreadyExists` if the revision has been taken meanwhile */
export async function createRecord(api: KubernetesApi, record: ReleaseRecord): Promise<void> {
  await api.create(encode(record), writer);
}

export async function updateRecord(api: KubernetesApi, record: ReleaseRecord, status: Status): Promise<void> {
  record.info.status = status;
  await api.replace(encode(record), writer);
}

export async function deleteRecord(
  api: KubernetesApi,
  { name, namespace, version }: ReleaseRecord,
): Promise<void> {
  await api.delete({ apiVersion: "v1", kind: "Secret", namespace, name: secretName(name, version) });
}

function secretName(name: string, revision: number): string {
  return `sh.helm.release.v1.${name}.v${revision}`;
}

function encode(record: ReleaseRecord): KubeObject {
  const { name, namespace, version, info } = record;
  const packed = gzipSync(JSON.stringify(record)).toString("base64");
  return {
    apiVersion: "v1",
    kind: "Secret",
    type: "helm.sh/release.v1",
    metadata: {
      name: secretName(name, version),
      namespace,
      labels: { owner: "helm", name, version: String(version), status: info.status },
    },
    // Twice, since Helm encodes its record before it becomes a Secret's content.
    data: { release: Buffer.from(packed).toString("base64") },
  };
}

function decode(secret: KubeObject): ReleaseRecord {
  const { release = "" } = (secret["data"] ?? {}) as { release?: string };
  const packed = Buffer.from(Buffer.from(release, "base64").toString("ascii"), "base64");
  return JSON.parse(gunzipSync(packed).toString("utf8")) as ReleaseRecord;
}
