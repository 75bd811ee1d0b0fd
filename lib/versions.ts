import { fail } from "./errors.ts";

/** A Helm chart as it ships. */
export interface Chart {
  /** The chart repository's address, given to the release itself so that a user's own `helm repo` list plays no part. */
  readonly repository: string;
  readonly chart: string;
  /** The version that is installed. */
  readonly shipped: string;
}

/** The Istio release: base, CNI, istiod and gateways are always of one version. */
export const istioVersion = "1.31.1";

// From 1.31 on Istio's charts live at this host only; the older storage host is being switched off.
const istioCharts = "https://blob.istio.io/istio-release/charts";

/** Every chart that the platform installs. Versions stand here and nowhere else. */
export const charts = {
  istioBase: { repository: istioCharts, chart: "base", shipped: istioVersion },
  istioCni: { repository: istioCharts, chart: "cni", shipped: istioVersion },
  istiod: { repository: istioCharts, chart: "istiod", shipped: istioVersion },
  gateway: { repository: istioCharts, chart: "gateway", shipped: istioVersion },
  argocd: { repository: "https://argoproj.github.io/argo-helm", chart: "argo-cd", shipped: "10.1.1" },
  certManager: { repository: "https://charts.jetstack.io", chart: "cert-manager", shipped: "v1.21.0" },
  secretsStore: {
    repository: "https://kubernetes-sigs.github.io/secrets-store-csi-driver/charts",
    chart: "secrets-store-csi-driver",
    shipped: "1.5.3",
  },
  secretsStoreAws: {
    repository: "https://aws.github.io/secrets-store-csi-driver-provider-aws",
    chart: "secrets-store-csi-driver-provider-aws",
    shipped: "2.1.1",
  },
} as const satisfies Record<string, Chart>;

/** Kubernetes versions that the platform installs, with the end of EKS standard support (ISO date). */
export const kubernetesVersions: Readonly<Record<string, { standardSupportEnds: string }>> = {
  "1.35": { standardSupportEnds: "2027-03-27" },
  "1.36": { standardSupportEnds: "2027-08-02" },
};

/**
 * Versions of EKS add-ons: add-on → Kubernetes minor → version. None is ever looked up, so that an update for another reason leaves them
 * alone; to upgrade one is to change it here. `aws eks describe-addon-versions --kubernetes-version 1.36` lists what there is.
 */
export const addonVersions = {
  "vpc-cni": { "1.35": "v1.22.4-eksbuild.3", "1.36": "v1.22.4-eksbuild.3" },
  "kube-proxy": { "1.35": "v1.35.3-eksbuild.29", "1.36": "v1.36.0-eksbuild.25" },
  coredns: { "1.35": "v1.13.2-eksbuild.31", "1.36": "v1.14.3-eksbuild.23" },
  "aws-ebs-csi-driver": { "1.35": "v1.66.0-eksbuild.1", "1.36": "v1.66.0-eksbuild.1" },
  "metrics-server": { "1.35": "v0.9.0-eksbuild.11", "1.36": "v0.9.0-eksbuild.11" },
} as const satisfies Record<string, Readonly<Record<string, string>>>;

export type AddonName = keyof typeof addonVersions;

/**
 * The version of an EKS add-on.
 *
 * @param kubernetes minor version of the cluster, e.g. "1.36"
 * @throws PlatformError VERSION_UNSUPPORTED
 */
export function addonVersion(addon: AddonName, kubernetes: string): string {
  const versions: Readonly<Record<string, string>> = addonVersions[addon];
  return (
    versions[kubernetes] ??
    fail({
      id: "VERSION_UNSUPPORTED",
      key: "infra:cluster.version",
      value: kubernetes,
      rule: `add-on ${addon} has versions for Kubernetes ${Object.keys(versions).join(" and ")}`,
      remedy: "Add one for this Kubernetes to lib/versions.ts.",
    })
  );
}

/** Kubernetes minors that a release line of Istio supports. */
export const istioSupports: Readonly<Record<string, readonly string[]>> = {
  "1.31": ["1.32", "1.33", "1.34", "1.35", "1.36"],
};

/** The minor line of a version: `1.31.1` → `1.31`. */
export function minorOf(version: string): string {
  return version.replace(/^v/, "").split(".").slice(0, 2).join(".");
}

/**
 * Refuses a pair of versions that was never meant to run together.
 * @param kubernetes minor version of the cluster, e.g. "1.36"
 * @throws PlatformError VERSION_UNSUPPORTED
 */
export function checkVersions(kubernetes: string, istio: string = istioVersion): void {
  if (kubernetesVersions[kubernetes] === undefined) {
    fail({
      id: "VERSION_UNSUPPORTED",
      key: "infra:cluster.version",
      value: kubernetes,
      rule: `the platform installs Kubernetes ${Object.keys(kubernetesVersions).join(" or ")}`,
      remedy: "Choose one of these, one minor version at a time.",
    });
  }
  const supported = istioSupports[minorOf(istio)] ?? [];
  if (!supported.includes(kubernetes)) {
    fail({
      id: "VERSION_UNSUPPORTED",
      key: "infra:cluster.version",
      value: kubernetes,
      rule: `Istio ${istio} supports Kubernetes ${supported.join(", ") || "no version known here"}`,
      remedy: "Choose a version that both support.",
    });
  }
}
