import * as pulumi from "@pulumi/pulumi";

import { helmRelease, type Values } from "../lib/helm.ts";
import { objectLabels } from "../lib/labels.ts";
import { KubernetesObject, type Manifest } from "../lib/manifests.ts";
import { charts } from "../lib/versions.ts";

export interface ControllersArgs {
  /** Name of the environment. */
  environment: string;
  /** Replicas of each controller that runs as a deployment. */
  replicas: number;
}

/**
 * The controllers that the layers to the right rely on: certificates, and secrets as mounted files. They belong to infra because
 * they must outlive every object of theirs.
 */
export class Controllers extends pulumi.ComponentResource {
  constructor(name: string, args: ControllersArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:infra:Controllers", name, {}, opts);
    const namespace = new KubernetesObject(
      `${name}-cert-manager-namespace`,
      certManagerNamespace(args.environment),
      { parent: this },
    );
    helmRelease(
      `${name}-cert-manager`,
      {
        chart: charts.certManager,
        name: "cert-manager",
        namespace: certManager,
        values: certManagerValues(args.replicas),
      },
      { parent: this, dependsOn: [namespace] },
    );
    const driver = helmRelease(
      `${name}-secrets-store`,
      {
        chart: charts.secretsStore,
        name: "secrets-store-csi-driver",
        namespace: "kube-system",
        values: secretsStoreValues,
      },
      { parent: this },
    );
    helmRelease(
      `${name}-secrets-store-aws`,
      {
        chart: charts.secretsStoreAws,
        name: "secrets-store-csi-driver-provider-aws",
        namespace: "kube-system",
        values: secretsStoreAwsValues,
      },
      { parent: this, dependsOn: [driver] },
    );
    this.registerOutputs({});
  }
}

const certManager = "cert-manager";

export function certManagerNamespace(environment: string): Manifest {
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name: certManager,
      labels: {
        ...objectLabels("platform", certManager, environment),
        "pod-security.kubernetes.io/enforce": "restricted",
      },
    },
  };
}

/** What each of cert-manager's pods gets: it watches few objects here, and the chart asks for nothing. */
const resources = { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "256Mi" } };

export function certManagerValues(replicas: number): Values {
  const part = {
    replicaCount: replicas,
    // With one replica a budget would only keep its node from being drained.
    podDisruptionBudget: { enabled: replicas > 1 },
    resources,
  };
  return {
    crds: { enabled: true },
    ...part,
    webhook: part,
    cainjector: part,
    startupapicheck: { resources },
  };
}

/**
 * Secrets stay files: they are never copied into Kubernetes Secrets, and a new value reaches the files without a restart. Each look for
 * a new value is a billed request for every mount.
 */
export const secretsStoreValues: Values = {
  syncSecret: { enabled: false },
  enableSecretRotation: true,
  rotationPollInterval: "1h",
  // The kubelet hands the pod's own token to the provider, which exchanges it for the pod's role.
  tokenRequests: [{ audience: "sts.amazonaws.com" }],
};

/** The chart would bring the driver along, and two releases cannot own it. */
export const secretsStoreAwsValues: Values = { "secrets-store-csi-driver": { install: false } };
