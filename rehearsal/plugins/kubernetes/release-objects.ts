import { ApiError, NoMatchError, type KubernetesApi, type KubeObject } from "../../kubernetes/api.ts";
import { awaitGone, awaitReady } from "../../kubernetes/await.ts";
import { describe, groupOf, pluck, referenceOf } from "../../kubernetes/objects.ts";
import { readiness, type Readiness } from "../../kubernetes/readiness.ts";
import { recordRejected } from "../../kubernetes/records.ts";
import { idOf } from "./object.ts";
import type { ReleaseInputs } from "./release-inputs.ts";

const fieldManager = "helm";

type Owner = Pick<ReleaseInputs, "name" | "namespace">;

const ownerKeys = { name: "meta.helm.sh/release-name", namespace: "meta.helm.sh/release-namespace" } as const;

/** An object as Helm installs it: in the release's namespace unless it names one, and marked as the release's. */
export async function owned(api: KubernetesApi, object: KubeObject, owner: Owner): Promise<KubeObject> {
  const { namespaced } = await api.discovery.find(object.apiVersion, object.kind);
  const { labels, annotations, namespace } = object.metadata;
  return {
    ...object,
    metadata: {
      ...object.metadata,
      namespace: namespaced ? (namespace ?? owner.namespace) : undefined,
      labels: { ...labels, "app.kubernetes.io/managed-by": "Helm" },
      annotations: { ...annotations, [ownerKeys.name]: owner.name, [ownerKeys.namespace]: owner.namespace },
    },
  };
}

/** Refuses to install what is there already, unless it is this release's. Helm looks at everything before it touches anything. */
export async function refuseForeign(
  api: KubernetesApi,
  objects: readonly KubeObject[],
  owner: Owner,
): Promise<void> {
  await Promise.all(
    objects.map(async (object) => {
      const live = await api.find(referenceOf(object));
      const annotations = live?.metadata.annotations ?? {};
      const isOurs =
        annotations[ownerKeys.name] === owner.name && annotations[ownerKeys.namespace] === owner.namespace;
      if (live === undefined || isOurs) return;
      const reason = `${describe(referenceOf(object))} exists and cannot be imported into the release ${owner.name}: it belongs to ${
        annotations[ownerKeys.name] === undefined
          ? "no release"
          : `the release ${annotations[ownerKeys.name]}`
      }`;
      recordRejected({ kind: object.kind, name: idOf(object), reason });
      throw new Error(`Unable to continue with install: ${reason}`);
    }),
  );
}

/** Applies objects in their order; those of one kind, side by side, as Helm does. What is refused is recorded. */
export async function applyAll(
  api: KubernetesApi,
  objects: readonly KubeObject[],
  signal?: AbortSignal,
): Promise<void> {
  for (const batch of byKind(objects)) {
    await Promise.all(
      batch.map(async (object) => {
        try {
          // A release writes over what was changed by hand, as Helm does.
          await api.apply(object, { fieldManager, force: true, signal });
        } catch (error) {
          throw refused(object, error);
        }
      }),
    );
  }
}

function byKind(objects: readonly KubeObject[]): KubeObject[][] {
  const batches: KubeObject[][] = [];
  for (const object of objects) {
    const last = batches.at(-1);
    if (last?.[0]?.kind === object.kind) last.push(object);
    else batches.push([object]);
  }
  return batches;
}

/** Installs the kinds of a chart's `crds` folder: those that are there already are left as they are. */
export async function installDefinitions(
  api: KubernetesApi,
  definitions: readonly KubeObject[],
  seconds: number,
): Promise<void> {
  await Promise.all(
    definitions.map(async (definition) => {
      try {
        await api.create(definition, { fieldManager });
      } catch (error) {
        if (!(error instanceof ApiError && error.reason === "AlreadyExists"))
          throw refused(definition, error);
      }
      await awaitReady(api, definition, { timeout: seconds });
    }),
  );
}

export interface WaitOptions {
  /** When to give up, in ms since the epoch. */
  deadline: number;
  waitForJobs: boolean;
  signal?: AbortSignal;
}

/** Waits as `helm --wait` does: Jobs count only where asked for, and a Service needs an address but no pods. */
export async function awaitAll(
  api: KubernetesApi,
  objects: readonly KubeObject[],
  options: WaitOptions,
): Promise<void> {
  const { deadline, signal } = options;
  const counted = objects.filter(({ kind }) => options.waitForJobs || kind !== "Job");
  await Promise.all(
    counted.map(async (object) => {
      const live = await api.get(referenceOf(object));
      const timeout = Math.max(1, (deadline - Date.now()) / 1000);
      await awaitReady(api, live, { timeout, signal, check: helmReadiness });
    }),
  );
}

async function helmReadiness(object: KubeObject, api: KubernetesApi): Promise<Readiness> {
  if (groupOf(object.apiVersion) !== "" || object.kind !== "Service") return readiness(object, api);
  const spec = object["spec"] as { type?: string };
  // Without a selector there are no pods to wait for.
  return readiness({ ...object, spec: { ...spec, selector: {} } }, api);
}

/** Deletes objects in the reverse order of their installation, and waits until they are gone; those that are to be kept stay. */
export async function deleteAll(
  api: KubernetesApi,
  objects: readonly KubeObject[],
  options: { timeout: number; signal?: AbortSignal },
): Promise<void> {
  const going = [...objects].reverse().filter((object) => !isKept(object));
  for (const object of going) await api.delete(referenceOf(object));
  await Promise.all(going.map((object) => awaitGone(api, referenceOf(object), options)));
}

/** Whether Helm leaves the object when the release goes. */
export function isKept(object: KubeObject): boolean {
  return pluck(object, "metadata", "annotations", "helm.sh/resource-policy") === "keep";
}

function refused(object: KubeObject, error: unknown): unknown {
  if (!(error instanceof ApiError) || error instanceof NoMatchError) return error;
  recordRejected({ kind: object.kind, name: idOf(object), reason: error.message });
  return new Error(`${describe(referenceOf(object))}: ${error.message}`, { cause: error });
}
