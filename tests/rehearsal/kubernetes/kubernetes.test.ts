import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { KubernetesApi, KubeObject } from "../../../rehearsal/kubernetes/api.ts";
import { unscheduled } from "../../../rehearsal/kubernetes/await.ts";
import { writeKubeconfig } from "../../../rehearsal/kubernetes/credentials.ts";
import { readKubeconfig } from "../../../rehearsal/kubernetes/kubeconfig.ts";
import { leftOver, type LeftObject } from "../../../rehearsal/kubernetes/left.ts";
import { readiness } from "../../../rehearsal/kubernetes/readiness.ts";
import { isSystemMade } from "../../../rehearsal/kubernetes/system-objects.ts";
import { parseYaml } from "../../../rehearsal/kubernetes/yaml.ts";

describe("a kubeconfig", () => {
  let directory: string;

  before(() => {
    directory = mkdtempSync(join(tmpdir(), "kubeconfig-"));
  });

  after(() => rmSync(directory, { recursive: true }));

  it("that is written can be read again, by its owner alone", async () => {
    const path = join(directory, "config");
    writeKubeconfig(path, "https://127.0.0.1:6443", Buffer.from("certificate"), "secret");
    assert.equal(statSync(path).mode & 0o777, 0o600);
    const connection = await readKubeconfig(readFileSync(path, "utf8"));
    assert.equal(connection.server.port, "6443");
    assert.equal(connection.ca?.toString(), "certificate");
    assert.equal(await connection.token(), "secret");
  });

  it("in YAML names its current context", async () => {
    const text = `
current-context: b
contexts:
- {name: a, context: {cluster: a, user: u}}
- {name: b, context: {cluster: b, user: u}}
clusters:
- {name: a, cluster: {server: https://a}}
- {name: b, cluster: {server: https://b}}
users:
- {name: u, user: {token: t}}
`;
    assert.equal((await readKubeconfig(text)).server.hostname, "b");
    await assert.rejects(readKubeconfig({ contexts: [] }), /names no cluster and user/);
  });

  it("asks a credential plugin for a token, once while it lasts", async () => {
    const asked = join(directory, "asked");
    const command = join(directory, "aws");
    const answer = {
      kind: "ExecCredential",
      status: { token: "fresh", expirationTimestamp: new Date(Date.now() + 3_600_000).toISOString() },
    };
    writeFileSync(command, `#!/bin/sh\necho "$@ $REGION" >> '${asked}'\necho '${JSON.stringify(answer)}'\n`);
    chmodSync(command, 0o755);
    const exec = {
      apiVersion: "client.authentication.k8s.io/v1beta1",
      command,
      args: ["eks", "get-token"],
      env: [{ name: "REGION", value: "eu" }],
    };
    const config = {
      contexts: [{ name: "a", context: { cluster: "a", user: "u" } }],
      clusters: [{ name: "a", cluster: { server: "https://a" } }],
      users: [{ name: "u", user: { exec } }],
    };
    const connection = await readKubeconfig(JSON.stringify(config));
    assert.deepEqual([await connection.token(), await connection.token()], ["fresh", "fresh"]);
    assert.equal(readFileSync(asked, "utf8"), "eks get-token eu\n");
  });

  it("says what a credential plugin said when it fails", async () => {
    const exec = { apiVersion: "v1", command: "/bin/sh", args: ["-c", "echo no session >&2; exit 1"] };
    const config = {
      contexts: [{ name: "a", context: { cluster: "a", user: "u" } }],
      clusters: [{ name: "a", cluster: { server: "https://a" } }],
      users: [{ name: "u", user: { exec } }],
    };
    await assert.rejects(
      (await readKubeconfig(config)).token(),
      /getting credentials: \/bin\/sh: no session/,
    );
  });
});

describe("YAML of Kubernetes", () => {
  it("is read by the rules of Kubernetes' own tools", () => {
    const text =
      "# nothing\n---\nmode: 0644\non: yes\ndate: 2026-01-02\n---\n# Source: a\nkind: A\n--- # again\nkind: B\n---\n";
    assert.deepEqual(parseYaml(text), [
      { mode: 420, true: true, date: "2026-01-02" },
      { kind: "A" },
      { kind: "B" },
    ]);
  });

  it("keeps three dashes inside a text", () => {
    assert.deepEqual(parseYaml("text: |\n  a\n  ---\n  b\n"), [{ text: "a\n---\nb\n" }]);
  });
});

describe("whether an object is ready", () => {
  const api = { list: async () => [] } as unknown as KubernetesApi;
  const object = (apiVersion: string, kind: string, spec: object, status: object): KubeObject => ({
    apiVersion,
    kind,
    metadata: { name: "a", namespace: "b", generation: 2 },
    spec,
    status,
  });

  it("is told of a Deployment by its rollout", async () => {
    const status = { observedGeneration: 2, replicas: 3, updatedReplicas: 2, availableReplicas: 1 };
    const rolling = await readiness(object("apps/v1", "Deployment", { replicas: 2 }, status), api);
    assert.deepEqual(rolling.waiting, [
      "1 pods of the old version are still there",
      "1 of 2 new pods are available",
    ]);
    const done = { observedGeneration: 2, replicas: 2, updatedReplicas: 2, availableReplicas: 2 };
    assert.deepEqual(
      (await readiness(object("apps/v1", "Deployment", { replicas: 2 }, done), api)).waiting,
      [],
    );
    const unseen = { ...done, observedGeneration: 1 };
    assert.equal(
      (await readiness(object("apps/v1", "Deployment", { replicas: 2 }, unseen), api)).waiting.length,
      1,
    );
  });

  it("is never so for a Job that failed", async () => {
    const status = { conditions: [{ type: "Failed", status: "True", message: "too often" }] };
    assert.deepEqual(await readiness(object("batch/v1", "Job", {}, status), api), {
      waiting: ["it failed: too often"],
      failed: true,
    });
  });

  it("needs pods behind a Service only where it selects some", async () => {
    const selecting = await readiness(object("v1", "Service", { selector: { a: "b" } }, {}), api);
    assert.equal(selecting.waiting.length, 1);
    for (const spec of [
      {},
      { selector: { a: "b" }, clusterIP: "None" },
      { selector: { a: "b" }, type: "ExternalName" },
    ]) {
      assert.deepEqual((await readiness(object("v1", "Service", spec, {}), api)).waiting, []);
    }
    const balanced = await readiness(object("v1", "Service", { type: "LoadBalancer" }, {}), api);
    assert.deepEqual(balanced.waiting, ["the Service has no address of a load balancer"]);
  });

  it("is so for every kind that nobody awaits", async () => {
    assert.deepEqual((await readiness(object("v1", "ConfigMap", {}, {}), api)).waiting, []);
  });

  it("names the scheduler's reason for a pod that fits nowhere", () => {
    const condition = {
      type: "PodScheduled",
      status: "False",
      reason: "Unschedulable",
      message: "0/3 nodes",
    };
    const [stuck] = unscheduled([object("v1", "Pod", {}, { conditions: [condition] })]);
    assert.deepEqual([stuck?.pod, stuck?.reason], ["b/a", "0/3 nodes"]);
    assert.deepEqual(unscheduled([object("v1", "Pod", {}, {})]), []);
  });
});

describe("what a destroy left", () => {
  const left = (kind: string, name: string, kept = false): LeftObject => ({
    apiVersion: "v1",
    kind,
    name,
    kept,
  });

  it("is what was not there before, apart from what is kept by design", () => {
    const before = [left("Namespace", "default")];
    const after = [...before, left("Namespace", "shop"), left("CustomResourceDefinition", "routes", true)];
    const result = leftOver(before, after);
    assert.deepEqual(
      [result.left, result.kept].map((list) => list.map(({ name }) => name)),
      [["shop"], ["routes"]],
    );
  });

  it("is not what the cluster makes by itself", () => {
    const made = (apiVersion: string, kind: string, name: string): boolean =>
      isSystemMade({ apiVersion, kind, metadata: { name } });
    assert.equal(made("v1", "ConfigMap", "kube-root-ca.crt"), true);
    assert.equal(made("v1", "ServiceAccount", "default"), true);
    assert.equal(made("v1", "Event", "x"), true);
    assert.equal(made("discovery.k8s.io/v1", "EndpointSlice", "x"), true);
    assert.equal(made("v1", "ConfigMap", "settings"), false);
  });
});
