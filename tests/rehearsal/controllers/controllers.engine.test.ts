import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { KubeObject } from "../../../rehearsal/kubernetes/api.ts";
import { awaitGone, awaitReady } from "../../../rehearsal/kubernetes/await.ts";
import { leftOver, snapshotObjects, unschedulable } from "../../../rehearsal/kubernetes/left.ts";
import { pluck, referenceOf } from "../../../rehearsal/kubernetes/objects.ts";
import { settle } from "../../../rehearsal/kubernetes/rest.ts";
import { parseYaml } from "../../../rehearsal/kubernetes/yaml.ts";
import { locateManifests } from "../../../rehearsal/tools.ts";
import { eventually, startTestCluster, type TestCluster } from "../kubernetes/cluster.ts";

const writer = { fieldManager: "test" };
const argo = "argoproj.io/v1alpha1";

describe("the controllers of a rehearsal", function () {
  this.timeout(15 * 60_000);
  let cluster: TestCluster;

  before(async () => {
    cluster = await startTestCluster();
    const { argocd } = await locateManifests({ only: ["argocd"] });
    for (const file of ["application-crd.yaml", "appproject-crd.yaml"]) {
      const [definition] = parseYaml(readFileSync(join(argocd.crds, file), "utf8")) as KubeObject[];
      await awaitReady(cluster.api, await cluster.api.create(definition!, writer), { timeout: 120 });
    }
    await space("argocd");
    await space("shop");
  });

  after(() => cluster?.stop());

  function space(name: string): Promise<KubeObject> {
    return cluster.api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name } }, writer);
  }

  /** Writes the file that an application syncs. */
  function render(folder: string, objects: readonly object[]): void {
    const path = join(cluster.directories.checkout, folder);
    mkdirSync(path, { recursive: true });
    writeFileSync(
      join(path, "objects.yaml"),
      objects.map((object) => JSON.stringify(object)).join("\n---\n"),
    );
  }

  function configMap(name: string, namespace = "shop"): KubeObject {
    return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data: { a: "b" } };
  }

  function application(name: string): KubeObject {
    return {
      apiVersion: argo,
      kind: "Application",
      metadata: { name, namespace: "argocd", finalizers: ["resources-finalizer.argocd.argoproj.io"] },
      spec: {
        project: "shop",
        source: { repoURL: "https://git.example/platform", path: `gitops/${name}`, targetRevision: "main" },
        destination: { server: "https://kubernetes.default.svc", namespace: "shop" },
        syncPolicy: { automated: { prune: true, selfHeal: true } },
      },
    };
  }

  it("give a load balancer's address to a Service", async () => {
    const spec = { type: "LoadBalancer", ports: [{ port: 80 }] };
    const service = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "front", namespace: "shop" },
      spec,
    };
    const created = await cluster.api.create(service, writer);
    const live = await awaitReady(cluster.api, created, { timeout: 20 });
    const hostname = String(pluck(live, "status", "loadBalancer", "ingress", 0, "hostname"));
    assert.match(hostname, /^front-[0-9a-f]{16}\.elb\.eu-central-1\.amazonaws\.com$/);
    await cluster.api.delete(referenceOf(created));
  });

  it("sync an application within its project, and report it healthy when its workloads are", async () => {
    const destinations = [{ server: "https://kubernetes.default.svc", namespace: "shop" }];
    const spec = { sourceRepos: ["https://git.example/platform"], destinations };
    await cluster.api.create(
      { apiVersion: argo, kind: "AppProject", metadata: { name: "shop", namespace: "argocd" }, spec },
      writer,
    );
    const labels = { app: "web" };
    const deployment = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web" },
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: "web", image: "web:1" }] } },
      },
    };
    render("gitops/good", [deployment, configMap("settings")]);
    await cluster.api.create(application("good"), writer);
    assert.deepEqual(await settle(cluster.api, 30), []);
    const live = await cluster.api.get({ ...configMap("settings"), name: "settings", namespace: "shop" });
    assert.equal(
      live.metadata.annotations?.["argocd.argoproj.io/tracking-id"],
      "good:/ConfigMap:shop/settings",
    );
  });

  it("sync a file that changes, and prune what is not in it any more", async () => {
    render("gitops/good", [configMap("other")]);
    const maps = () => cluster.api.list({ apiVersion: "v1", kind: "ConfigMap", namespace: "shop" });
    const names = (objects: KubeObject[]) => objects.map(({ metadata }) => metadata.name).sort();
    const seen = await eventually(maps, (objects) => !names(objects).includes("settings"));
    assert.deepEqual(names(seen), ["kube-root-ca.crt", "other"]);
  });

  it("refuse what the project does not permit, and what somebody else owns", async () => {
    const role = {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: { name: "mighty" },
      rules: [],
    };
    render("gitops/mighty", [role]);
    await cluster.api.create(configMap("owned"), { fieldManager: "pulumi-kubernetes-1234" });
    render("gitops/owned", [configMap("owned")]);
    render("gitops/elsewhere", [configMap("stray", "default")]);
    for (const name of ["mighty", "owned", "elsewhere"]) await cluster.api.create(application(name), writer);
    const unsettled = await settle(cluster.api, 60);
    assert.deepEqual(unsettled.map(({ name, reason }) => `${name}: ${reason}`).sort(), [
      "argocd/elsewhere: its sync failed: the project shop does not permit the namespace default as a destination",
      "argocd/mighty: its sync failed: the project shop does not permit rbac.authorization.k8s.io/ClusterRole",
      "argocd/owned: its sync failed: it is managed by pulumi-kubernetes-1234 already: an object has one owner",
    ]);
    const records = readFileSync(join(cluster.directories.records, "rejected.jsonl"), "utf8")
      .trimEnd()
      .split("\n");
    assert.deepEqual(records.map((line) => (JSON.parse(line) as { kind: string }).kind).sort(), [
      "ClusterRole",
      "ConfigMap",
      "ConfigMap",
    ]);
  });

  it("take an application's objects away with it, and no others", async () => {
    for (const name of ["good", "mighty", "owned", "elsewhere"]) {
      const reference = referenceOf(application(name));
      await cluster.api.delete(reference);
      await awaitGone(cluster.api, reference, { timeout: 30 });
    }
    const maps = await cluster.api.list({ apiVersion: "v1", kind: "ConfigMap", namespace: "shop" });
    assert.deepEqual(maps.map(({ metadata }) => metadata.name).sort(), ["kube-root-ca.crt", "owned"]);
  });

  it("inject sidecars as istiod was told to", async () => {
    await space("istio-system");
    const values = {
      global: {
        proxy: { resources: { requests: { cpu: "250m" } }, seccompProfile: { type: "RuntimeDefault" } },
      },
      pilot: { cni: { enabled: true } },
    };
    const injector: KubeObject = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "istio-sidecar-injector", namespace: "istio-system" },
      data: { values: JSON.stringify(values) },
    };
    await cluster.api.create(injector, writer);
    await cluster.api.create(
      {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: "meshed", labels: { "istio-injection": "enabled" } },
      },
      writer,
    );
    const pod: KubeObject = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "one", namespace: "meshed" },
      spec: { containers: [{ name: "one", image: "one:1" }] },
    };
    const dryRun = () =>
      cluster.api.create(pod, { ...writer, dryRun: true }).catch((error: unknown) => error);
    const made = await eventually(
      dryRun,
      (seen) => pluck(seen, "spec", "initContainers", 0, "name") === "istio-validation",
    );
    assert.deepEqual(pluck(made, "spec", "initContainers", 1, "resources", "requests"), { cpu: "250m" });
  });

  it("let the report name pods that fit nowhere", async () => {
    const resources = { requests: { cpu: "64" } };
    const pod: KubeObject = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "huge", namespace: "shop" },
      spec: { containers: [{ name: "huge", image: "huge:1", resources }] },
    };
    await cluster.api.create(pod, writer);
    const seen = await eventually(
      () => unschedulable(cluster.api),
      (pods) => pods.length > 0,
    );
    assert.deepEqual(
      seen.map(({ pod: name }) => name),
      ["shop/huge"],
    );
    assert.match(seen[0]?.reason ?? "", /Insufficient cpu/);
  });

  it("end a namespace and everything in it, swiftly", async () => {
    const earlier = await snapshotObjects(cluster.api);
    await space("full");
    await cluster.api.create(configMap("content", "full"), writer);
    const { left } = leftOver(earlier, await snapshotObjects(cluster.api));
    assert.deepEqual(left.map(({ kind, name }) => `${kind} ${name}`).sort(), [
      "ConfigMap content",
      "Namespace full",
    ]);
    const reference = { apiVersion: "v1", kind: "Namespace", name: "full" };
    await cluster.api.delete(reference);
    await awaitGone(cluster.api, reference, { timeout: 30 });
    assert.deepEqual(leftOver(earlier, await snapshotObjects(cluster.api)).left, []);
  });
});
