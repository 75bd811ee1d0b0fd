import assert from "node:assert/strict";

import { objectLabels } from "../../lib/labels.ts";
import { placedObjects, podOf, type Container, type Placed, type PodSpec } from "../helpers/objects.ts";
import { stacks } from "../helpers/program.ts";

for (const stack of stacks) {
  describe(`every Kubernetes object of ${stack}`, () => {
    let objects: Placed[] = [];
    before(async () => {
      objects = await placedObjects(stack);
    });

    it("is labelled with what it is, what it belongs to and its environment", () => {
      const keys = Object.keys(objectLabels("", "", stack));
      const bare = objects.filter(({ object }) => keys.some((key) => !object.metadata.labels?.[key]));
      assert.deepEqual(
        bare.map(({ owner }) => owner),
        [],
      );
      const strange = objects.filter(
        ({ object }) => object.metadata.labels?.["platform.mesh/environment"] !== stack,
      );
      assert.deepEqual(
        strange.map(({ owner }) => owner),
        [],
      );
    });

    it("has a name of its own and, unless it belongs to the cluster, a namespace", () => {
      const clusterKinds = [
        "Namespace",
        "StorageClass",
        "ClusterIssuer",
        "ClusterRole",
        "ClusterRoleBinding",
        "PriorityClass",
      ];
      for (const { object, owner } of objects) {
        assert.ok(object.metadata.name, owner);
        assert.equal(object.metadata.namespace === undefined, clusterKinds.includes(object.kind), owner);
      }
    });
  });

  describe(`every workload of ${stack}`, () => {
    let pods: { owner: string; kind: string; pod: PodSpec }[] = [];
    let containers: { owner: string; kind: string; pod: PodSpec; container: Container }[] = [];
    before(async () => {
      pods = (await placedObjects(stack)).flatMap(({ object, owner }) => {
        const pod = podOf(object);
        return pod === undefined ? [] : [{ owner, kind: object.kind, pod }];
      });
      containers = pods.flatMap((entry) =>
        [...entry.pod.containers, ...(entry.pod.initContainers ?? [])].map((container) => ({
          ...entry,
          container,
        })),
      );
    });

    it("is there: two versions of each of calculator's four services", () => {
      assert.ok(pods.length >= 8, `${pods.length} workloads`);
    });

    it("asks for what it needs and is held to a limit", () => {
      for (const { owner, container } of containers) {
        assert.deepEqual(Object.keys(container.resources?.requests ?? {}).sort(), ["cpu", "memory"], owner);
        assert.deepEqual(Object.keys(container.resources?.limits ?? {}).sort(), ["cpu", "memory"], owner);
      }
    });

    it("is probed for being alive and being ready", () => {
      for (const { owner, kind, container } of containers.filter(({ kind }) => kind !== "Job")) {
        assert.ok(container.livenessProbe && container.readinessProbe, `${kind} ${owner}`);
      }
    });

    it("runs as an ordinary user who can change nothing and gain nothing", () => {
      for (const { owner, pod, container } of containers) {
        const context = { ...pod.securityContext, ...container.securityContext };
        assert.equal(context["runAsNonRoot"], true, owner);
        assert.equal(context["readOnlyRootFilesystem"], true, owner);
        assert.equal(context["allowPrivilegeEscalation"], false, owner);
        assert.deepEqual(context["capabilities"], { drop: ["ALL"] }, owner);
        assert.deepEqual(context["seccompProfile"], { type: "RuntimeDefault" }, owner);
        assert.notEqual(context["privileged"], true, owner);
      }
    });

    it("shares nothing with its node", () => {
      for (const { owner, pod } of pods) {
        const shared = ["hostNetwork", "hostPID", "hostIPC"].filter(
          (key) => (pod as unknown as Record<string, unknown>)[key] === true,
        );
        assert.deepEqual(shared, [], owner);
        assert.ok(!JSON.stringify(pod).includes('"hostPath"'), owner);
      }
    });

    it("has a service account of its own", () => {
      const accounts = pods.map(({ pod }) => pod.serviceAccountName);
      assert.ok(accounts.every((account) => account !== undefined && account !== "default"));
    });

    it("runs images of a fixed tag", () => {
      for (const { owner, container } of containers) {
        assert.match(container.image, /^[a-z0-9.-]+\/[a-z0-9._/-]+:[\w.-]+(@sha256:[0-9a-f]{64})?$/, owner);
        assert.doesNotMatch(container.image, /:latest(@|$)/, owner);
      }
    });
  });
}
