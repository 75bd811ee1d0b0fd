import { join } from "node:path";

import { minorOf } from "../../../lib/versions.ts";
import { locateManifests, type ManifestName, type Manifests } from "../../tools.ts";

/** A chart as it can be had without its repository: whole, or only the kinds that it defines. */
export type LocalChart = Located & {
  /** Version of the module that carries it. */
  version: string;
};

type Located =
  | { directory: string; crds?: undefined }
  /** A YAML file of definitions, or a folder of such files. */
  | { directory?: undefined; crds: string };

interface Source {
  /** Addresses from which the chart is served. */
  repositories: readonly string[];
  /** The Go module that carries it. */
  module: ManifestName;
  /** The line of versions that the module's chart stands for; another one cannot be had. @default the module's own */
  line?: string;
  locate(manifests: Manifests): Located;
}

const istio: Omit<Source, "locate"> = {
  repositories: [
    "https://blob.istio.io/istio-release/charts",
    "https://istio-release.storage.googleapis.com/charts",
  ],
  module: "istio",
  // The module is a commit of this line and has no version of its own.
  line: "1.31",
};

const sources: Readonly<Record<string, Source>> = {
  base: { ...istio, locate: ({ charts }) => chart(charts["base"]) },
  cni: { ...istio, locate: ({ charts }) => chart(charts["cni"]) },
  istiod: { ...istio, locate: ({ charts }) => chart(charts["istiod"]) },
  gateway: { ...istio, locate: ({ charts }) => chart(charts["gateway"]) },
  "secrets-store-csi-driver": {
    repositories: ["https://kubernetes-sigs.github.io/secrets-store-csi-driver/charts"],
    module: "secretsStoreCsiDriver",
    locate: ({ charts }) => chart(charts["secrets-store-csi-driver"]),
  },
  "cert-manager": {
    repositories: ["https://charts.jetstack.io"],
    module: "certManager",
    locate: ({ directory }) => chart(join(directory, "deploy", "charts", "cert-manager")),
  },
  // The chart has another line of versions than the program; only its definitions are in the program's module.
  "argo-cd": {
    repositories: ["https://argoproj.github.io/argo-helm"],
    module: "argocd",
    line: "",
    locate: ({ crds }) => ({ crds }),
  },
};

export interface ChartReference {
  chart: string;
  repo: string;
  version: string;
}

/** Where a chart lies on this machine; undefined if it, or this line of it, is in no module. */
export async function locateChart({
  chart: name,
  repo,
  version,
}: ChartReference): Promise<LocalChart | undefined> {
  const source = sources[name];
  if (source === undefined || !source.repositories.includes(repo.replace(/\/$/, ""))) return undefined;
  const manifests = (await locateManifests({ only: [source.module] }))[source.module];
  const line = source.line ?? minorOf(manifests.version);
  if (line !== "" && line !== minorOf(version)) return undefined;
  return { ...source.locate(manifests), version: manifests.version };
}

function chart(directory: string | undefined): Located {
  if (directory === undefined) throw new Error("the module holds no chart of that name");
  return { directory };
}
