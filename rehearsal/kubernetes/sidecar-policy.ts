import type { KubeObject } from "./objects.ts";

/** Requests and limits of the sidecar. */
export interface SidecarResources {
  requests?: Record<string, string | number>;
  limits?: Record<string, string | number>;
}

/** How istiod injects. */
export interface InjectionSettings {
  resources: SidecarResources;
  /** Whether Istio's plugin on the node redirects traffic; else a container of each pod does, and needs rights for it. */
  cni: boolean;
  /** Seccomp profile of the injected containers, e.g. `RuntimeDefault`. @default the pod's own */
  seccompProfile?: string;
}

/** What Istio's charts say where nobody says otherwise. */
export const defaultInjection: InjectionSettings = {
  resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "2000m", memory: "1024Mi" } },
  cni: false,
};

/** Pod annotations by which a workload sets its own sidecar's resources. */
const annotations = {
  requests: { cpu: "sidecar.istio.io/proxyCPU", memory: "sidecar.istio.io/proxyMemory" },
  limits: { cpu: "sidecar.istio.io/proxyCPULimit", memory: "sidecar.istio.io/proxyMemoryLimit" },
} as const;

const name = "rehearsal-sidecar";
const apiVersion = "admissionregistration.k8s.io/v1";

/**
 * Gives pods of meshed namespaces the containers that istiod would inject. No istiod runs in a rehearsal, but a sidecar is what most
 * often makes a pod too big for the nodes paid for: without it the scheduler would call placements good that fail in the cloud. And the
 * container that redirects the pod's traffic needs rights that a namespace's pod security may refuse. The API server injects by
 * itself, by a policy, so no webhook has to answer. As istiod does on nodes of these versions, the sidecar is an init container that is
 * restarted always, so that Jobs end.
 */
export function sidecarPolicy(settings: InjectionSettings = defaultInjection): KubeObject[] {
  return [policy(settings), binding("label", injection), binding("revision", revision)];
}

const injection = { key: "istio-injection", operator: "In", values: ["enabled"] };
const revision = { key: "istio.io/rev", operator: "Exists" };

function policy(settings: InjectionSettings): KubeObject {
  return {
    apiVersion,
    kind: "MutatingAdmissionPolicy",
    metadata: { name },
    spec: {
      failurePolicy: "Fail",
      reinvocationPolicy: "Never",
      matchConstraints: {
        resourceRules: [
          { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] },
        ],
      },
      // The same pods that istiod leaves alone: those that say so, those on the host's network, and those that bring their own proxy.
      matchConditions: [
        {
          name: "label",
          expression: "object.metadata.?labels['sidecar.istio.io/inject'].orValue('true') != 'false'",
        },
        {
          name: "annotation",
          expression: "object.metadata.?annotations['sidecar.istio.io/inject'].orValue('true') != 'false'",
        },
        { name: "network", expression: "!object.spec.?hostNetwork.orValue(false)" },
        {
          name: "none-yet",
          expression:
            "!object.spec.containers.exists(c, c.name == 'istio-proxy') && " +
            "!object.spec.?initContainers.orValue([]).exists(c, c.name == 'istio-proxy')",
        },
      ],
      variables: [{ name: "annotations", expression: "object.metadata.?annotations.orValue({})" }],
      // A patch by list of operations, because a merging one may not set the lists of capabilities.
      mutations: [{ patchType: "JSONPatch", jsonPatch: { expression: mutation(settings) } }],
    },
  };
}

/** A policy's own rules cannot see a namespace's labels, so each way to label a namespace is bound by itself. */
function binding(suffix: string, expression: object): KubeObject {
  return {
    apiVersion,
    kind: "MutatingAdmissionPolicyBinding",
    metadata: { name: `${name}-${suffix}` },
    spec: { policyName: name, matchResources: { namespaceSelector: { matchExpressions: [expression] } } },
  };
}

function mutation({ resources, cni, seccompProfile }: InjectionSettings): string {
  const container = "Object.spec.initContainers";
  const amounts = (["requests", "limits"] as const)
    .map((kind) => `${kind}: {${quantities(annotations[kind], resources[kind] ?? {})}}`)
    .join(", ");
  const context = `${container}.securityContext`;
  const seccomp =
    seccompProfile === undefined
      ? ""
      : `, seccompProfile: ${context}.seccompProfile{type: ${JSON.stringify(seccompProfile)}}`;
  const injected = (fields: string, security: string, added = ""): string =>
    `${container}{${fields}, image: "auto", resources: ${container}.resources{${amounts}}, ` +
    `securityContext: ${context}{privileged: false, allowPrivilegeEscalation: false, ${security}${seccomp}, ` +
    `capabilities: ${context}.capabilities{drop: ["ALL"]${added}}}}`;

  const modest = "runAsUser: 1337, runAsGroup: 1337, runAsNonRoot: true, readOnlyRootFilesystem: true";
  const mighty = "runAsUser: 0, runAsGroup: 0, runAsNonRoot: false, readOnlyRootFilesystem: false";
  const proxy = injected('name: "istio-proxy", restartPolicy: "Always"', modest);
  const first = cni
    ? injected('name: "istio-validation"', modest)
    : injected('name: "istio-init"', mighty, ', add: ["NET_ADMIN", "NET_RAW"]');
  const prepend = (value: string): string =>
    `JSONPatch{op: "add", path: "/spec/initContainers/0", value: ${value}}`;
  return (
    `(has(object.spec.initContainers) ? [] : [JSONPatch{op: "add", path: "/spec/initContainers", value: []}]) + ` +
    `[${prepend(proxy)}, ${prepend(first)}]`
  );
}

function quantities(
  keys: Readonly<Record<string, string>>,
  amounts: Record<string, string | number>,
): string {
  return Object.entries(amounts)
    .map(([resource, amount]) => {
      const own = keys[resource];
      const fallback = JSON.stringify(String(amount));
      const value =
        own === undefined ? fallback : `variables.annotations[?${JSON.stringify(own)}].orValue(${fallback})`;
      return `${JSON.stringify(resource)}: ${value}`;
    })
    .join(", ");
}
