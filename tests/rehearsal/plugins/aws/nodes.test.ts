import assert from "node:assert/strict";

import { syncNodes } from "../../../../rehearsal/plugins/aws/node-sync.ts";
import { nodesOf, type Node, type NodeGroup } from "../../../../rehearsal/plugins/aws/nodes.ts";
import { ApiError, type HttpRequest } from "../../../../rehearsal/kubernetes/http.ts";

const group: NodeGroup = {
  cluster: "qa",
  name: "app",
  region: "ap-south-1",
  instanceType: "t3.medium",
  capacityType: "SPOT",
  diskSize: 30,
  desiredSize: 3,
  subnets: [
    { id: "subnet-1", zone: "ap-south-1a", cidrBlock: "10.20.0.0/19" },
    { id: "subnet-2", zone: "ap-south-1b", cidrBlock: "10.20.64.0/19" },
  ],
  labels: { workload: "app" },
  taints: [{ key: "dedicated", value: "app", effect: "NO_SCHEDULE" }],
  prefixDelegation: false,
  kubeletVersion: "v1.36.2",
  generation: "1",
};

/** An API server that holds nodes and makes them ready, or does not. */
class FakeServer {
  readonly nodes = new Map<string, Node>();
  readonly calls: string[] = [];
  ready = true;

  async send(request: HttpRequest): Promise<unknown> {
    const { path, body } = request;
    const method: string = request.method;
    const name = decodeURIComponent(path.split("/nodes/")[1] ?? "");
    if (method !== "GET") this.calls.push(`${method} ${name}`.trim());
    const old = this.nodes.get(name);
    switch (method) {
      case "POST": {
        const node = body as Node;
        const conditions = [{ type: "Ready", status: this.ready ? "True" : "False" }];
        this.nodes.set(node.metadata.name, { ...node, status: { ...node.status, conditions } });
        return node;
      }
      case "PATCH": {
        const patch = body as Node;
        if (old !== undefined)
          this.nodes.set(name, {
            ...old,
            metadata: { ...old.metadata, labels: patch.metadata.labels },
            spec: { ...old.spec, ...patch.spec },
          });
        return undefined;
      }
      case "DELETE":
        if (!this.nodes.delete(name)) throw new ApiError(404, "NotFound", "gone");
        return undefined;
      default:
        return { items: [...this.nodes.values()] };
    }
  }
}

describe("the nodes of a simulated node group", () => {
  it("are dealt out to the zones and carry what EKS writes on them", () => {
    const [first, second, third] = nodesOf(group);
    assert.deepEqual(
      [first, second, third].map((node) => node?.metadata.labels["topology.kubernetes.io/zone"]),
      ["ap-south-1a", "ap-south-1b", "ap-south-1a"],
    );
    assert.match(first?.metadata.name ?? "", /^ip-10-20-\d+-\d+\.ap-south-1\.compute\.internal$/);
    assert.match(second?.metadata.name ?? "", /^ip-10-20-(6[4-9]|[78]\d|9[0-5])-/);
    assert.match(first?.spec.providerID ?? "", /^aws:\/\/\/ap-south-1a\/i-0[0-9a-f]{16}$/);
    assert.deepEqual(first?.spec.taints, [{ key: "dedicated", value: "app", effect: "NoSchedule" }]);
    const labels = first?.metadata.labels ?? {};
    assert.equal(labels["eks.amazonaws.com/nodegroup"], "app");
    assert.equal(labels["eks.amazonaws.com/capacityType"], "SPOT");
    assert.equal(labels["node.kubernetes.io/instance-type"], "t3.medium");
    assert.equal(labels["kubernetes.io/arch"], "amd64");
    assert.equal(labels["kubernetes.io/hostname"], first?.metadata.name);
    assert.equal(labels["topology.k8s.aws/zone-id"], "aps1-az1");
    assert.equal(labels["workload"], "app");
  });

  it("say how much room they have", () => {
    const status = nodesOf(group)[0]?.status ?? {};
    assert.deepEqual(status["capacity"], {
      cpu: "2",
      memory: "3850Mi",
      pods: "17",
      "ephemeral-storage": "30720Mi",
    });
    assert.deepEqual(status["allocatable"], {
      cpu: "1930m",
      memory: "3308Mi",
      pods: "17",
      "ephemeral-storage": "27648Mi",
    });
  });

  it("are the same in every run, and others for another generation", () => {
    const names = (more: object) => nodesOf({ ...group, ...more }).map((node) => node.metadata.name);
    assert.deepEqual(names({}), names({}));
    assert.deepEqual(names({ desiredSize: 2 }), names({}).slice(0, 2));
    assert.equal(
      names({ generation: "2" }).some((name) => names({}).includes(name)),
      false,
    );
  });

  it("are made, kept, and taken away as the size changes", async () => {
    const server = new FakeServer();
    await syncNodes(server, "app", nodesOf(group));
    assert.equal(server.nodes.size, 3);
    server.calls.length = 0;
    await syncNodes(server, "app", nodesOf(group));
    assert.deepEqual(server.calls, []);
    await syncNodes(server, "app", nodesOf({ ...group, desiredSize: 1 }));
    assert.equal(server.calls.length, 2);
    await syncNodes(server, "app", []);
    assert.equal(server.nodes.size, 0);
  });

  it("take new labels and taints in place, and leave the taints that Kubernetes put there", async () => {
    const server = new FakeServer();
    const [node] = nodesOf({ ...group, desiredSize: 1 });
    await syncNodes(
      server,
      "app",
      [node].flatMap((one) => one ?? []),
    );
    const held = server.nodes.get(node?.metadata.name ?? "");
    const unreachable = { key: "node.kubernetes.io/unreachable", effect: "NoSchedule" };
    held?.spec.taints?.push(unreachable);
    await syncNodes(
      server,
      "app",
      nodesOf({ ...group, desiredSize: 1, labels: { workload: "web" }, taints: [] }),
    );
    const changed = server.nodes.get(node?.metadata.name ?? "");
    assert.equal(changed?.metadata.labels["workload"], "web");
    assert.deepEqual(changed?.spec.taints, [unreachable]);
  });

  it("make the creation fail when they do not become ready", async () => {
    const server = new FakeServer();
    server.ready = false;
    const waiting = syncNodes(server, "app", nodesOf(group), { seconds: 0, pollMs: 1 });
    await assert.rejects(waiting, /NodeCreationFailure: Instances failed to join the kubernetes cluster/);
  });
});
