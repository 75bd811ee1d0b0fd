import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import { charts } from "../../../../lib/versions.ts";
import { leftOver, snapshotObjects, type LeftObject } from "../../../../rehearsal/kubernetes/left.ts";
import { pluck } from "../../../../rehearsal/kubernetes/objects.ts";
import { kubernetesProvider } from "../../../../rehearsal/plugins/kubernetes/provider.ts";
import type { Inputs } from "../../../../rehearsal/plugins/provider.ts";
import { startTestCluster, type TestCluster } from "../../kubernetes/cluster.ts";

type Chart = keyof typeof charts;

describe("Helm releases of the stand-in for the Kubernetes provider", function () {
  this.timeout(15 * 60_000);
  const provider = kubernetesProvider("0.0.0");
  const { signal } = new AbortController();
  let cluster: TestCluster;
  let earlier: LeftObject[];
  const outside = { ...process.env };

  before(async () => {
    cluster = await startTestCluster();
    Object.assign(process.env, cluster.environment);
    await provider.configure?.({
      kubeconfig: readFileSync(join(cluster.directories.kubernetes, "kubeconfig"), "utf8"),
    });
    const earlierNamespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "istio-system" } };
    await cluster.api.create(earlierNamespace, { fieldManager: "test" });
    earlier = await snapshotObjects(cluster.api);
  });

  after(async () => {
    Object.keys(process.env).forEach((key) => delete process.env[key]);
    Object.assign(process.env, outside);
    await cluster?.stop();
  });

  function inputs(chart: Chart, name: string, more: Inputs = {}): Inputs {
    const { chart: chartName, repository: repo, shipped: version } = charts[chart];
    const common = { name, namespace: "istio-system", atomic: true, timeout: 120 };
    return { ...common, chart: chartName, version, repositoryOpts: { repo }, ...more };
  }

  function identity(name: string) {
    return { urn: `urn:pulumi:dev::test::${name}`, type: "kubernetes:helm.sh/v3:Release", name };
  }

  function install(chart: Chart, name: string, more: Inputs = {}) {
    return provider.create({
      ...identity(name),
      inputs: inputs(chart, name, more),
      preview: false,
      timeout: 0,
      signal,
    });
  }

  function upgrade(chart: Chart, name: string, more: Inputs) {
    const id = `istio-system/${name}`;
    const common = {
      ...identity(name),
      id,
      oldOutputs: {},
      ignoreChanges: [],
      preview: false,
      timeout: 0,
      signal,
    };
    return provider.update({
      ...common,
      oldInputs: inputs(chart, name),
      newInputs: inputs(chart, name, more),
    });
  }

  async function remove(chart: Chart, name: string, more: Inputs = {}): Promise<void> {
    const bag = inputs(chart, name, more);
    const id = `${String(bag["namespace"])}/${name}`;
    await provider.delete({ ...identity(name), id, inputs: bag, outputs: {}, timeout: 0, signal });
  }

  function gateway() {
    return cluster.api.find({
      apiVersion: "apps/v1",
      kind: "Deployment",
      namespace: "istio-system",
      name: "istio-ingressgateway",
    });
  }

  function records(file: string): Inputs[] {
    const path = join(cluster.directories.records, file);
    if (!existsSync(path)) return [];
    return readFileSync(path, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Inputs);
  }

  it("install Istio's charts at the version that is asked for, and wait for their workloads", async () => {
    await install("istioBase", "istio-base");
    const { id, outputs } = await install("istiod", "istiod", {
      values: { resources: { requests: { cpu: "100m" } } },
    });
    assert.equal(id, "istio-system/istiod");
    const version = charts.istiod.shipped;
    assert.equal(pluck(outputs, "status", "version"), version);
    const istiod = await cluster.api.get({
      apiVersion: "apps/v1",
      kind: "Deployment",
      namespace: "istio-system",
      name: "istiod",
    });
    assert.equal(pluck(istiod, "status", "availableReplicas"), 1);
    assert.equal(istiod.metadata.labels?.["helm.sh/chart"], `istiod-${version}`);
    assert.equal(istiod.metadata.labels?.["app.kubernetes.io/managed-by"], "Helm");
  });

  it("register webhooks so that they neither block nor delay", async () => {
    const hooks = await cluster.api.list({
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "MutatingWebhookConfiguration",
    });
    const all = hooks.flatMap(
      (hook) => hook["webhooks"] as { failurePolicy: string; clientConfig: { url: string } }[],
    );
    assert.ok(all.length > 0);
    assert.ok(
      all.every(
        ({ failurePolicy, clientConfig }) =>
          failurePolicy === "Ignore" && clientConfig.url.startsWith("https://127.0.0.1:9/"),
      ),
    );
  });

  it("refuse a name that is in use, a namespace that is missing, and values that the chart does not know", async () => {
    await assert.rejects(install("istiod", "istiod"), /cannot re-use a name that is still in use/);
    await assert.rejects(
      install("gateway", "gate", { namespace: "nowhere" }),
      /namespaces "nowhere" not found/,
    );
    const values = { service: { tpye: "ClusterIP" }, replicas: 2, labels: { any: "thing" } };
    await assert.rejects(
      install("gateway", "gate", { values }),
      /VALUES_UNKNOWN_KEY: .*\["service\.tpye","replicas"\]/,
    );
  });

  it("refuse an object that exists and is nobody's", async () => {
    const name = "gate";
    const account = {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name, namespace: "istio-system" },
    };
    await cluster.api.create(account, { fieldManager: "somebody" });
    await assert.rejects(
      install("gateway", name),
      /ServiceAccount istio-system\/gate exists and cannot be imported/,
    );
    await cluster.api.delete({ apiVersion: "v1", kind: "ServiceAccount", name, namespace: "istio-system" });
  });

  it("upgrade to a new revision, and take away what is not rendered any more", async () => {
    await install("gateway", "istio-ingressgateway");
    const values = { autoscaling: { enabled: false }, replicaCount: 2 };
    const { outputs } = await upgrade("gateway", "istio-ingressgateway", { values });
    assert.equal(pluck(outputs, "status", "revision"), 2);
    assert.equal(pluck(await gateway(), "status", "availableReplicas"), 2);
    const scalers = await cluster.api.list({
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      namespace: "istio-system",
    });
    assert.deepEqual(
      scalers.map(({ metadata }) => metadata.name),
      ["istiod"],
    );
  });

  it("restore the last revision when an upgrade fails", async () => {
    const values = {
      autoscaling: { enabled: false },
      replicaCount: 2,
      resources: { requests: { cpu: "64" }, limits: { cpu: "64" } },
    };
    const failing = upgrade("gateway", "istio-ingressgateway", { values, timeout: 40 });
    await assert.rejects(
      failing,
      /Deployment istio-system\/istio-ingressgateway is not ready.*Insufficient cpu/,
    );
    const requests = pluck(
      await gateway(),
      "spec",
      "template",
      "spec",
      "containers",
      0,
      "resources",
      "requests",
    );
    assert.deepEqual(requests, { cpu: "100m", memory: "128Mi" });
    assert.match(String(records("rejected.jsonl").at(-1)?.["reason"]), /Insufficient cpu/);
  });

  it("keep records that Helm itself reads", async () => {
    const { stdout } = await promisify(execFile)(
      join(cluster.environment["REHEARSAL_TOOLS"] ?? "", "helm"),
      ["list", "--all-namespaces", "--output", "json"],
      { env: { ...cluster.environment, KUBECONFIG: cluster.environment["REHEARSAL_KUBECONFIG"] } },
    );
    const listed = JSON.parse(stdout) as { name: string; revision: string; status: string }[];
    assert.deepEqual(
      listed.map(({ name, revision, status }) => [name, revision, status]),
      [
        ["istio-base", "1", "deployed"],
        ["istio-ingressgateway", "2", "deployed"],
        ["istiod", "1", "deployed"],
      ],
    );
  });

  it("run hooks, and leave none of them behind", async () => {
    await install("secretsStore", "csi", {
      namespace: "kube-system",
      values: { syncSecret: { enabled: true } },
    });
    const jobs = await cluster.api.list({ apiVersion: "batch/v1", kind: "Job" });
    assert.deepEqual(jobs, []);
  });

  it("record a chart that cannot be had, and bring the kinds that are known of it", async () => {
    await install("argocd", "argocd", { values: { server: {} } });
    const { outputs } = await install("secretsStoreAws", "provider");
    assert.deepEqual(outputs["resourceNames"], {});
    assert.deepEqual(
      records("notRendered.jsonl").map(({ chart, values }) => [chart, values]),
      [
        ["argo-cd", ["server"]],
        ["secrets-store-csi-driver-provider-aws", []],
      ],
    );
    await cluster.api.list({ apiVersion: "argoproj.io/v1alpha1", kind: "Application" });
  });

  it("leave nothing but the kinds that Helm keeps", async () => {
    await remove("secretsStoreAws", "provider");
    await remove("argocd", "argocd");
    await remove("secretsStore", "csi", { namespace: "kube-system" });
    await remove("gateway", "istio-ingressgateway");
    await remove("istiod", "istiod");
    await remove("istioBase", "istio-base");
    const { left, kept } = leftOver(earlier, await snapshotObjects(cluster.api));
    assert.deepEqual(
      left.filter(({ kind }) => !["Pod", "ReplicaSet", "ControllerRevision"].includes(kind)),
      [],
    );
    assert.ok(kept.length > 0 && kept.every(({ kind }) => kind === "CustomResourceDefinition"));
  });
});
