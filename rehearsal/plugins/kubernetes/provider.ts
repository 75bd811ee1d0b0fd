import { KubernetesApi } from "../../kubernetes/api.ts";
import { omit } from "../../kubernetes/objects.ts";
import type { CheckResult, Inputs, Provider } from "../provider.ts";
import { checkObject, isAutonamed } from "./check.ts";
import { providerReplaces, readSettings, type Settings } from "./configuration.ts";
import { diffInputs, isBag } from "./diff.ts";
import { createObject, deleteObject, updateObject } from "./object.ts";
import { readObject } from "./read.ts";
import { replaceRule } from "./replace.ts";
import { isNamespaced, kindOf, RELEASE, type TokenKind } from "./token.ts";

/**
 * Stands in for the Kubernetes provider: objects of every kind, and Helm releases. It creates by POST, so that an object that exists is
 * an error; updates by server-side apply, so that fields of others are conflicts; and waits for what the real one waits for.
 */
export function kubernetesProvider(version: string): Provider {
  let settings: Settings = readSettings({});
  let connected: Promise<KubernetesApi> | undefined;

  /** The cluster; undefined while a preview does not know it. */
  const cluster = async (): Promise<KubernetesApi | undefined> => {
    if (settings.kubeconfig === undefined) return undefined;
    connected ??= KubernetesApi.from(settings.kubeconfig);
    return connected;
  };
  const required = async (): Promise<KubernetesApi> => {
    const api = await cluster();
    if (api === undefined) throw new Error("the provider has no kubeconfig; an ambient one is never used");
    return api;
  };
  // Releases bring more code with them, which most runs do not need.
  const releases = () => import("./release.ts");

  return {
    name: "kubernetes",
    version,

    async configure(config) {
      settings = readSettings(config);
      connected = undefined;
    },

    async diffConfig({ oldInputs, newInputs }) {
      return { replaces: providerReplaces(oldInputs, newInputs) };
    },

    async check(request) {
      if (request.type === RELEASE) return (await releases()).checkRelease(request, settings);
      return checkKind(kindOf(request.type), request, settings, cluster);
    },

    async diff(request) {
      const { type, oldInputs, newInputs, ignoreChanges } = request;
      if (type === RELEASE) return (await releases()).diffRelease(request);
      const kind = kindOf(type);
      const mutable = kind.kind === "Secret" ? settings.secretMutable : settings.configMapMutable;
      const replaces = replaceRule({ ...kind, mutable });
      const before = withoutNeedlessNamespace(oldInputs, newInputs);
      const result = diffInputs(before, newInputs, { replaces, ignoreChanges });
      const sameName = !isAutonamed(newInputs["metadata"]) && nameOf(before) === nameOf(newInputs);
      return { ...result, deleteBeforeReplace: result.replaces.length > 0 && sameName };
    },

    async create(request) {
      if (request.type === RELEASE) return (await releases()).createRelease(await cluster(), request);
      const api = request.preview ? await cluster() : await required();
      if (api === undefined) return { id: "", outputs: request.inputs };
      return createObject(api, request);
    },

    async read(request) {
      if (request.type === RELEASE) return (await releases()).readRelease(await required(), request);
      return readObject(await required(), kindOf(request.type), request);
    },

    async update(request) {
      if (request.type === RELEASE) return (await releases()).updateRelease(await cluster(), request);
      const api = request.preview ? await cluster() : await required();
      return api === undefined ? { outputs: request.newInputs } : updateObject(api, request);
    },

    async delete(request) {
      const api = await required();
      if (settings.deleteUnreachable && !(await isReachable(api))) return;
      if (request.type === RELEASE) await (await releases()).deleteRelease(api, request);
      else await deleteObject(api, request);
    },
  };
}

interface ObjectCheck {
  name: string;
  olds: Inputs;
  news: Inputs;
  seed: Uint8Array;
}

async function checkKind(
  kind: TokenKind,
  request: ObjectCheck,
  settings: Settings,
  cluster: () => Promise<KubernetesApi | undefined>,
): Promise<CheckResult> {
  const known = isNamespaced(kind);
  const namespaced = known ?? (await served(kind, cluster)) ?? true;
  const { namespace: defaultNamespace, serverSideApply } = settings;
  return checkObject({ ...kind, ...request, namespaced, defaultNamespace, label: !serverSideApply });
}

/** Whether a custom kind is namespaced; undefined while its definition is not there, or the cluster cannot be asked. */
async function served(
  kind: TokenKind,
  cluster: () => Promise<KubernetesApi | undefined>,
): Promise<boolean | undefined> {
  try {
    const resource = await (await cluster())?.discovery.tryFind(kind.apiVersion, kind.kind);
    return resource?.namespaced;
  } catch {
    return undefined;
  }
}

/** A cluster-wide custom object was given a namespace while its definition was not there yet; that is no change. */
function withoutNeedlessNamespace(old: Inputs, now: Inputs): Inputs {
  const { metadata } = old;
  const given = isBag(now["metadata"]) ? now["metadata"]["namespace"] : undefined;
  if (!isBag(metadata) || given !== undefined) return old;
  return { ...old, metadata: omit(metadata, "namespace") };
}

function nameOf(inputs: Inputs): string {
  const metadata = isBag(inputs["metadata"]) ? inputs["metadata"] : {};
  return JSON.stringify([metadata["namespace"], metadata["name"]]);
}

async function isReachable(api: KubernetesApi): Promise<boolean> {
  return api.http.send({ method: "GET", path: "/version" }).then(
    () => true,
    () => false,
  );
}
