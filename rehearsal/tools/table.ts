/** The name of a tool that the rehearsal builds; also the name of its executable. */
export type ToolName =
  | "etcd"
  | "helm"
  | "kube-apiserver"
  | "kube-controller-manager"
  | "kube-scheduler"
  | "kubectl"
  | "kwok"
  | "pulumi";

/** How a tool is built from a Go module. */
export interface Tool {
  name: ToolName;
  version: string;
  /** The folder beside this file whose go.mod and go.sum pin what the tool is built from. */
  module: string;
  /** The Go package of its main function. */
  package: string;
  ldflags: string;
  /** Seconds that a cold build takes on two cores; only the estimate of what is left uses it. */
  seconds: number;
  /** Size of the executable in MB, rounded up; what must be free on the disk before a build starts. */
  megabytes: number;
}

/** The oldest Go that builds every module. */
export const minimumGo = "1.26";

export const engineVersion = "3.259.0";
const kubernetesVersion = "1.36.2";

const strip = "-s -w";
const [major, minor] = kubernetesVersion.split(".");
const component = "k8s.io/component-base/version";
const kubernetesFlags = `${strip} -X ${component}.gitVersion=v${kubernetesVersion} -X ${component}.gitMajor=${major} -X ${component}.gitMinor=${minor}`;

function kubernetes(name: ToolName, seconds: number, megabytes: number): Tool {
  return {
    name,
    version: kubernetesVersion,
    module: "kubernetes",
    package: `k8s.io/kubernetes/cmd/${name}`,
    ldflags: kubernetesFlags,
    seconds,
    megabytes,
  };
}

/** Every tool. Within a module the order is the order of building: the first one compiles what the others share. */
export const tools: readonly Tool[] = [
  kubernetes("kube-apiserver", 440, 110),
  kubernetes("kube-controller-manager", 150, 100),
  kubernetes("kube-scheduler", 7, 80),
  kubernetes("kubectl", 50, 80),
  {
    name: "pulumi",
    version: engineVersion,
    module: "engine",
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    // Without its version the Automation API refuses the command line.
    ldflags: `${strip} -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${engineVersion}`,
    seconds: 420,
    megabytes: 120,
  },
  {
    name: "kwok",
    version: "0.7.0",
    module: "kwok",
    package: "sigs.k8s.io/kwok/cmd/kwok",
    ldflags: strip,
    seconds: 125,
    megabytes: 95,
  },
  {
    name: "helm",
    version: "3.20.2",
    module: "helm",
    package: "helm.sh/helm/v3/cmd/helm",
    ldflags: strip,
    seconds: 85,
    megabytes: 80,
  },
  {
    name: "etcd",
    version: "3.6.8",
    module: "etcd",
    package: "go.etcd.io/etcd/server/v3",
    ldflags: strip,
    seconds: 45,
    megabytes: 30,
  },
];
