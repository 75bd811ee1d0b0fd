import { addonVersions as platformVersions } from "../../../lib/versions.ts";
import { refuse } from "./aws-error.ts";

/** Kubernetes versions that EKS offers; the last one is the newest. */
export const kubernetesVersions = ["1.31", "1.32", "1.33", "1.34", "1.35", "1.36"];

interface Addon {
  /** The version before those that the platform knows, for a Kubernetes minor version; made up, but of the real form. */
  version(minor: number): string;
  /** Runs as a Deployment: without nodes it never becomes healthy, and its creation fails after a long wait. */
  needsNodes: boolean;
}

const fixed = (version: string, needsNodes: boolean): Addon => ({ version: () => version, needsNodes });

const addons: Readonly<Record<string, Addon>> = {
  "kube-proxy": { version: (minor) => `v1.${minor}.0-eksbuild.2`, needsNodes: false },
  "vpc-cni": fixed("v1.21.1-eksbuild.3", false),
  coredns: {
    version: (minor) => (minor >= 35 ? "v1.13.1-eksbuild.1" : "v1.12.4-eksbuild.1"),
    needsNodes: true,
  },
  "aws-ebs-csi-driver": fixed("v1.54.0-eksbuild.1", true),
  "aws-efs-csi-driver": fixed("v2.1.15-eksbuild.1", true),
  "aws-mountpoint-s3-csi-driver": fixed("v2.2.2-eksbuild.1", false),
  "aws-secrets-store-csi-driver-provider": fixed("v2.1.1-eksbuild.1", false),
  "eks-pod-identity-agent": fixed("v1.3.10-eksbuild.2", false),
  "eks-node-monitoring-agent": fixed("v1.4.2-eksbuild.1", false),
  "snapshot-controller": fixed("v8.3.0-eksbuild.1", true),
  "metrics-server": fixed("v0.8.0-eksbuild.6", true),
  "cert-manager": fixed("v1.19.1-eksbuild.1", true),
  "external-dns": fixed("v0.20.0-eksbuild.1", true),
  "kube-state-metrics": fixed("v2.17.0-eksbuild.1", true),
  "prometheus-node-exporter": fixed("v1.10.2-eksbuild.1", false),
  "amazon-cloudwatch-observability": fixed("v4.7.0-eksbuild.1", true),
  adot: fixed("v0.141.0-eksbuild.1", true),
};

/**
 * The versions of an add-on that EKS offers for a Kubernetes version, the newest last: those that the platform knows are among them.
 * Refuses an add-on or a Kubernetes version that EKS does not offer.
 */
export function addonVersions(name: string, kubernetesVersion: string): string[] {
  if (!kubernetesVersions.includes(kubernetesVersion)) {
    refuse("InvalidParameterException", `unsupported Kubernetes version ${kubernetesVersion}`);
  }
  const older = find(name, kubernetesVersion).version(Number(kubernetesVersion.split(".")[1]));
  const known: Readonly<Record<string, Readonly<Record<string, string>>>> = platformVersions;
  const newest = known[name]?.[kubernetesVersion] ?? older;
  return newest === older ? [older] : [older, newest];
}

/** The newest version of an add-on for a Kubernetes version. */
export function newestAddonVersion(name: string, kubernetesVersion: string): string {
  return addonVersions(name, kubernetesVersion).at(-1) ?? "";
}

/** Refuses a version of an add-on that EKS does not offer for the Kubernetes version. */
export function requireAddonVersion(name: string, version: string, kubernetesVersion: string): void {
  const offered = addonVersions(name, kubernetesVersion);
  if (offered.includes(version)) return;
  refuse(
    "InvalidParameterException",
    `Addon version specified is not supported: ${name} ${version} for Kubernetes ${kubernetesVersion} (the simulated AWS offers ` +
      `${offered.join(", ")}: what lib/versions.ts names, and one before it)`,
  );
}

/** Whether the add-on becomes healthy only where there are nodes. */
export function needsNodes(name: string): boolean {
  return addons[name]?.needsNodes ?? false;
}

function find(name: string, kubernetesVersion: string): Addon {
  return (
    addons[name] ??
    refuse(
      "InvalidParameterException",
      `Addon ${name} specified is not supported in ${kubernetesVersion} kubernetes version (known to the simulated AWS: ` +
        `${Object.keys(addons).join(", ")}; add others to rehearsal/plugins/aws/addon-versions.ts)`,
    )
  );
}
