import assert from "node:assert/strict";

import { providerReplaces, readSettings } from "../../../../rehearsal/plugins/kubernetes/configuration.ts";
import { replaceRule } from "../../../../rehearsal/plugins/kubernetes/replace.ts";
import { isNamespaced, kindOf } from "../../../../rehearsal/plugins/kubernetes/token.ts";
import { UNKNOWN } from "../../../../rehearsal/plugins/provider.ts";

describe("what replaces a Kubernetes object", () => {
  const cases: [string, string, string, boolean][] = [
    ["apps/v1", "Deployment", "spec.selector.matchLabels.app", true],
    ["apps/v1", "Deployment", "spec.template.spec.containers.image", false],
    ["apps/v1", "DaemonSet", "spec.selector", true],
    ["apps/v1", "StatefulSet", "spec.volumeClaimTemplates.spec", true],
    ["batch/v1", "Job", "spec.template.spec.containers.image", true],
    ["v1", "Service", "spec.clusterIP", true],
    ["v1", "Service", "spec.ports.port", false],
    ["v1", "ConfigMap", "data.color", true],
    ["v1", "Secret", "stringData.password", true],
    ["v1", "PersistentVolumeClaim", "spec.resources.requests.storage", true],
    ["storage.k8s.io/v1", "StorageClass", "parameters.type", true],
    ["storage.k8s.io/v1", "StorageClass", "allowVolumeExpansion", false],
    ["rbac.authorization.k8s.io/v1", "RoleBinding", "roleRef.name", true],
    ["networking.istio.io/v1", "VirtualService", "spec.http.route.weight", false],
    ["networking.istio.io/v1", "VirtualService", "metadata.name", true],
    ["networking.istio.io/v1", "VirtualService", "apiVersion", true],
    ["v1", "Namespace", "metadata.labels.a", false],
  ];
  for (const [apiVersion, kind, path, expected] of cases) {
    it(`${expected ? "is" : "is not"} a change of ${path} of a ${kind}`, () => {
      assert.equal(replaceRule({ apiVersion, kind })(path), expected);
    });
  }

  it("is the whole map in which such a field came or went", () => {
    assert.equal(replaceRule({ apiVersion: "batch/v1", kind: "Job" })("spec"), true);
  });

  it("is not the content of a ConfigMap that the provider takes for mutable", () => {
    assert.equal(replaceRule({ apiVersion: "v1", kind: "ConfigMap", mutable: true })("data.color"), false);
  });
});

describe("a type token", () => {
  it("names apiVersion and kind, the core group being nameless", () => {
    assert.deepEqual(kindOf("kubernetes:core/v1:Namespace"), { apiVersion: "v1", kind: "Namespace" });
    assert.deepEqual(kindOf("kubernetes:apps/v1:Deployment"), { apiVersion: "apps/v1", kind: "Deployment" });
    assert.deepEqual(kindOf("kubernetes:networking.istio.io/v1:Gateway"), {
      apiVersion: "networking.istio.io/v1",
      kind: "Gateway",
    });
  });

  it("is refused by name where the stand-in has nothing for it", () => {
    for (const token of [
      "kubernetes:core/v1:NamespacePatch",
      "kubernetes:yaml/v2:ConfigFile",
      "kubernetes:helm.sh/v4:Chart",
    ]) {
      assert.throws(() => kindOf(token), { message: new RegExp(`does not know the type ${token}`) });
    }
  });

  it("tells whether a built-in kind is namespaced, and nothing of custom ones", () => {
    assert.equal(isNamespaced({ apiVersion: "v1", kind: "Namespace" }), false);
    assert.equal(isNamespaced({ apiVersion: "v1", kind: "Service" }), true);
    assert.equal(isNamespaced({ apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy" }), true);
    assert.equal(isNamespaced({ apiVersion: "storage.k8s.io/v1", kind: "StorageClass" }), false);
    assert.equal(
      isNamespaced({ apiVersion: "gateway.networking.k8s.io/v1", kind: "GatewayClass" }),
      undefined,
    );
    assert.equal(
      isNamespaced({ apiVersion: "secrets-store.csi.x-k8s.io/v1", kind: "SecretProviderClass" }),
      undefined,
    );
    assert.equal(isNamespaced({ apiVersion: "cert-manager.io/v1", kind: "ClusterIssuer" }), undefined);
  });
});

describe("the provider's own settings", () => {
  it("are read with the real provider's defaults", () => {
    assert.deepEqual(readSettings({ kubeconfig: "{}", enableConfigMapMutable: "true" }), {
      kubeconfig: "{}",
      namespace: "default",
      serverSideApply: true,
      deleteUnreachable: false,
      configMapMutable: true,
      secretMutable: false,
    });
  });

  it("have no kubeconfig while a preview does not know it", () => {
    assert.equal(readSettings({ kubeconfig: UNKNOWN }).kubeconfig, undefined);
  });

  it("are refused by name where the stand-in does not know one", () => {
    assert.throws(
      () => readSettings({ renderYamlToDirectory: "out" }),
      /does not know the setting renderYamlToDirectory/,
    );
  });

  it("replace the provider when it is another cluster, and not when the way to it changes", () => {
    const cluster = { clusterIdentifier: "arn:one", kubeconfig: '{"server": "https://a"}' };
    assert.deepEqual(providerReplaces(cluster, { ...cluster, kubeconfig: '{"server": "https://b"}' }), []);
    assert.deepEqual(providerReplaces(cluster, { ...cluster, clusterIdentifier: "arn:two" }), [
      "clusterIdentifier",
    ]);
    assert.deepEqual(providerReplaces(cluster, { ...cluster, clusterIdentifier: UNKNOWN }), []);
    const nameless = { kubeconfig: '{"server": "https://a"}' };
    assert.deepEqual(providerReplaces(nameless, { kubeconfig: '{"server":"https://b"}' }), ["kubeconfig"]);
    assert.deepEqual(
      providerReplaces(nameless, { kubeconfig: "clusters:\n- cluster:\n    server: https://a\n" }),
      [],
    );
  });
});
