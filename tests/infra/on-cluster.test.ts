import assert from "node:assert/strict";

import {
  certManagerNamespace,
  certManagerValues,
  Controllers,
  secretsStoreAwsValues,
} from "../../infra/controllers.ts";
import { defaultStorageClass, Storage } from "../../infra/storage.ts";
import { charts } from "../../lib/versions.ts";
import { collect, find, ofType, testProviders, type Recorded } from "../helpers/mocks.ts";

describe("the storage class", () => {
  it("is the default: encrypted gp3, made where the pod runs", async () => {
    const resources = await collect(() => {
      new Storage("s", { environment: "qa" }, { provider: testProviders().kubernetes });
    });
    const { inputs, provider } = find(resources, "kubernetes:storage.k8s.io/v1:StorageClass", "s-default");
    assert.deepEqual(inputs, {
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: {
        name: "gp3",
        labels: defaultStorageClass("qa").metadata.labels,
        annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
      },
      provisioner: "ebs.csi.aws.com",
      parameters: { type: "gp3", encrypted: "true" },
      reclaimPolicy: "Delete",
      volumeBindingMode: "WaitForFirstConsumer",
      allowVolumeExpansion: true,
    });
    assert.equal(provider, "kubernetes-test");
  });
});

describe("the controllers", () => {
  let resources: Recorded[] = [];
  before(async () => {
    resources = await collect(() => {
      const args = { environment: "qa", replicas: 2 };
      new Controllers("c", args, { provider: testProviders().kubernetes });
    });
  });

  it("are cert-manager in its own namespace, and the secrets driver with its provider in kube-system", () => {
    const placed = ofType(resources, "kubernetes:helm.sh/v3:Release").map(({ inputs }) => [
      inputs["name"],
      inputs["namespace"],
      inputs["version"],
    ]);
    assert.deepEqual(placed.sort(), [
      ["cert-manager", "cert-manager", charts.certManager.shipped],
      ["secrets-store-csi-driver", "kube-system", charts.secretsStore.shipped],
      ["secrets-store-csi-driver-provider-aws", "kube-system", charts.secretsStoreAws.shipped],
    ]);
  });

  it("come in an order that works, and make no namespace that the cluster has already", () => {
    const namespaces = ofType(resources, "kubernetes:core/v1:Namespace");
    assert.deepEqual(
      namespaces.map(({ inputs }) => (inputs["metadata"] as { name: string }).name),
      ["cert-manager"],
    );
    const release = (name: string): Recorded => find(resources, "kubernetes:helm.sh/v3:Release", name);
    assert.deepEqual(release("c-cert-manager").dependsOn, [namespaces[0]?.urn]);
    assert.deepEqual(release("c-secrets-store-aws").dependsOn, [release("c-secrets-store").urn]);
  });

  it("hold cert-manager to the strictest pod standard, with its own definitions", () => {
    const labels = certManagerNamespace("qa").metadata.labels ?? {};
    assert.equal(labels["pod-security.kubernetes.io/enforce"], "restricted");
    assert.deepEqual(certManagerValues(1)["crds"], { enabled: true });
  });

  it("protect cert-manager's parts from disruption where there is more than one of each", () => {
    for (const replicas of [1, 3]) {
      const {
        replicaCount,
        podDisruptionBudget,
        resources: room,
        webhook,
        cainjector,
      } = certManagerValues(replicas);
      const part = { replicaCount, podDisruptionBudget, resources: room };
      assert.deepEqual([replicaCount, podDisruptionBudget], [replicas, { enabled: replicas > 1 }]);
      assert.deepEqual([webhook, cainjector], [part, part]);
    }
  });

  it("never copy a secret into Kubernetes, and follow its rotation", () => {
    const { inputs } = find(resources, "kubernetes:helm.sh/v3:Release", "c-secrets-store");
    assert.deepEqual(inputs["values"], {
      syncSecret: { enabled: false },
      enableSecretRotation: true,
      rotationPollInterval: "1h",
      tokenRequests: [{ audience: "sts.amazonaws.com" }],
    });
  });

  it("install the driver once: the provider's chart would bring it again", () => {
    assert.deepEqual(secretsStoreAwsValues, { "secrets-store-csi-driver": { install: false } });
  });
});
