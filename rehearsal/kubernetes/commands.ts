import type { ControlPlaneFiles } from "./credentials.ts";
import type { Ports } from "./ports.ts";

export type Component = "etcd" | "kube-apiserver" | "kube-controller-manager" | "kube-scheduler" | "kwok";

/** The arguments of every process, in the order in which they are started. */
export function commands(files: ControlPlaneFiles, ports: Ports): Record<Component, string[]> {
  const etcd = `http://127.0.0.1:${ports.etcd}`;
  const etcdPeer = `http://127.0.0.1:${ports.etcdPeer}`;
  // The API server is on the same machine and has nobody else to serve.
  const client = ["--kubeconfig", files.kubeconfig, "--kube-api-qps", "500", "--kube-api-burst", "1000"];
  const alone = ["--leader-elect=false", "--secure-port", "0", "--profiling=false"];
  return {
    etcd: [
      ...["--name", "rehearsal", "--data-dir", files.etcdData, "--log-level", "warn"],
      ...["--listen-client-urls", etcd, "--advertise-client-urls", etcd],
      ...["--listen-peer-urls", etcdPeer, "--initial-advertise-peer-urls", etcdPeer],
      ...["--initial-cluster", `rehearsal=${etcdPeer}`],
      // The data is thrown away in the end, so it need not survive the machine.
      "--unsafe-no-fsync",
    ],
    "kube-apiserver": [
      ...["--etcd-servers", etcd, "--etcd-compaction-interval", "0"],
      ...["--bind-address", "127.0.0.1", "--secure-port", String(ports.apiserver)],
      ...["--cert-dir", files.certificates],
      // Nobody reaches the API server by the `kubernetes` Service, since no pod runs. Left alone, the server would look for an address of
      // this machine to publish there, and would not start where there is none.
      ...["--advertise-address", "192.0.2.1", "--endpoint-reconciler-type", "none"],
      ...["--token-auth-file", files.tokens, "--anonymous-auth=false", "--authorization-mode", "RBAC"],
      ...["--service-account-issuer", "https://kubernetes.default.svc"],
      ...["--service-account-key-file", files.serviceAccountKey],
      ...["--service-account-signing-key-file", files.serviceAccountKey],
      ...["--service-cluster-ip-range", "172.20.0.0/16", "--allow-privileged", "--profiling=false"],
    ],
    "kube-controller-manager": [
      ...client,
      ...alone,
      ...["--service-account-private-key-file", files.serviceAccountKey, "--root-ca-file", files.certificate],
      // An autoscaler brings its workload to the minimum at its first look; the default is to look every 15 s.
      ...["--horizontal-pod-autoscaler-sync-period", "2s"],
      ...[
        "--concurrent-namespace-syncs",
        "20",
        "--concurrent-deployment-syncs",
        "20",
        "--concurrent-gc-syncs",
        "20",
      ],
    ],
    "kube-scheduler": [...client, ...alone],
    kwok: [
      ...["--kubeconfig", files.kubeconfig, "--manage-all-nodes=true", "--v", "WARN"],
      // Without a lease that is renewed, the controller manager takes a node for dead after a minute, and its pods for not ready.
      ...["--node-lease-duration-seconds", "40"],
    ],
  };
}
