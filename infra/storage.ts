import * as pulumi from "@pulumi/pulumi";

import { objectLabels } from "../lib/labels.ts";
import { KubernetesObject, type Manifest } from "../lib/manifests.ts";

export interface StorageArgs {
  /** Name of the environment. */
  environment: string;
}

/** How volumes are made for those who ask for one without saying how. */
export class Storage extends pulumi.ComponentResource {
  /** Name of the default class. */
  readonly storageClass: pulumi.Output<string>;

  constructor(name: string, args: StorageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:infra:Storage", name, {}, opts);
    const created = new KubernetesObject(`${name}-default`, defaultStorageClass(args.environment), {
      parent: this,
    });
    this.storageClass = created.metadata.name;
    this.registerOutputs({ storageClass: this.storageClass });
  }
}

/** Encrypted gp3 volumes. EKS marks no class as the default itself. */
export function defaultStorageClass(environment: string): Manifest {
  return {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: {
      name: "gp3",
      labels: objectLabels("platform", "gp3", environment),
      annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
    },
    provisioner: "ebs.csi.aws.com",
    parameters: { type: "gp3", encrypted: "true" },
    reclaimPolicy: "Delete",
    // A volume lives in one zone: it is made once it is known where the pod runs.
    volumeBindingMode: "WaitForFirstConsumer",
    allowVolumeExpansion: true,
  };
}
