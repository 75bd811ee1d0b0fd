import type { KubernetesApi } from "../../../rehearsal/kubernetes/api.ts";

/** Puts nodes on a rehearsed cluster, as a node group of m5.xlarge would. */
export async function makeNodes(api: KubernetesApi, count: number): Promise<void> {
  for (let index = 1; index <= count; index++) {
    const name = `node-${index}`;
    const allocatable = { cpu: "3920m", memory: "14Gi", pods: "58" };
    const labels = {
      "kubernetes.io/arch": "amd64",
      "kubernetes.io/hostname": name,
      "kubernetes.io/os": "linux",
      "topology.kubernetes.io/region": "eu-central-1",
      "topology.kubernetes.io/zone": `eu-central-1${"abc"[(index - 1) % 3]}`,
    };
    const node = {
      apiVersion: "v1",
      kind: "Node",
      metadata: { name, labels },
      status: { allocatable, capacity: allocatable },
    };
    await api.create(node, { fieldManager: "test" });
  }
}
