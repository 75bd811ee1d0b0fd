import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { openCache, readCached, toolsHome, writeCached } from "./cache.ts";
import { goFailure, requireGo, runGo } from "./go.ts";
import { moduleFolder } from "./build.ts";

/** What a Go module carries besides code. Paths are relative to the module. */
interface ManifestSource {
  module: string;
  /** A YAML file of custom resource definitions, or a folder of such files. */
  crds: string;
  /** Helm charts by their name. */
  charts: Readonly<Record<string, string>>;
}

/** Modules that are fetched for their manifests alone; their versions are in manifests/go.mod, their checksums in go.sum. */
export const manifestSources = {
  argocd: { module: "github.com/argoproj/argo-cd/v3", crds: "manifests/crds", charts: {} },
  certManager: { module: "github.com/cert-manager/cert-manager", crds: "deploy/crds", charts: {} },
  gatewayApi: { module: "sigs.k8s.io/gateway-api", crds: "config/crd/standard", charts: {} },
  istio: {
    module: "istio.io/istio",
    crds: "manifests/charts/base/files/crd-all.gen.yaml",
    charts: {
      base: "manifests/charts/base",
      cni: "manifests/charts/istio-cni",
      istiod: "manifests/charts/istio-control/istio-discovery",
      gateway: "manifests/charts/gateway",
    },
  },
  secretsStoreCsiDriver: {
    module: "sigs.k8s.io/secrets-store-csi-driver",
    crds: "config/crd/bases",
    charts: { "secrets-store-csi-driver": "charts/secrets-store-csi-driver" },
  },
} as const satisfies Record<string, ManifestSource>;

export type ManifestName = keyof typeof manifestSources;

/** A located module; every path is absolute. */
export interface Manifests {
  version: string;
  directory: string;
  crds: string;
  charts: Readonly<Record<string, string>>;
}

export interface LocateOptions {
  signal?: AbortSignal;
  /** @default {@link toolsHome} */
  cache?: string;
  /** @default every one */
  only?: readonly ManifestName[];
}

/**
 * Where the manifests lie on this machine, fetched through Go's module cache and checked against go.sum. What was located is
 * remembered, so that a warm run starts no `go`. Errors: those of {@link buildTools}.
 */
export async function locateManifests(options: LocateOptions = {}): Promise<Record<ManifestName, Manifests>> {
  const cache = options.cache ?? toolsHome();
  const names = options.only ?? (Object.keys(manifestSources) as ManifestName[]);
  const versions = readVersions();
  const wanted = names.map((name) => {
    const { module } = manifestSources[name];
    const version = versions.get(module);
    if (version === undefined) {
      throw new Error(`manifests/go.mod does not require ${module}`);
    }
    return { name, module, version, memory: join(cache, "manifests", `${name}-${version}.json`) };
  });
  const missing = wanted.filter(({ memory }) => remembered(memory) === undefined);
  if (missing.length > 0) {
    openCache(join(cache, "manifests"));
    await requireGo(options.signal);
    const directories = await download(
      missing.map(({ module, version }) => `${module}@${version}`),
      options.signal,
    );
    for (const { module, memory } of missing) {
      writeCached(memory, { directory: directories.get(module) });
    }
  }
  return Object.fromEntries(
    wanted.map(({ name, version, memory }) => [name, describe(name, version, remembered(memory) ?? "")]),
  ) as Record<ManifestName, Manifests>;
}

/** The directory that was located before, if it is still there: `go clean -modcache` takes it away. */
function remembered(memory: string): string | undefined {
  const cached = readCached(memory) as { directory?: string } | undefined;
  return cached?.directory !== undefined && existsSync(cached.directory) ? cached.directory : undefined;
}

function describe(name: ManifestName, version: string, directory: string): Manifests {
  const source: ManifestSource = manifestSources[name];
  return {
    version,
    directory,
    crds: join(directory, source.crds),
    charts: Object.fromEntries(
      Object.entries(source.charts).map(([chart, path]) => [chart, join(directory, path)]),
    ),
  };
}

async function download(modules: readonly string[], signal?: AbortSignal): Promise<Map<string, string>> {
  const { code, stdout, stderr } = await runGo(
    ["mod", "download", "-json", ...modules],
    moduleFolder("manifests"),
    signal,
  );
  const answers = parseObjects(stdout);
  if (code !== 0) {
    throw goFailure(
      modules.join(", "),
      [stderr, ...answers.map(({ Error: error }) => error ?? "")].join("\n"),
    );
  }
  return new Map(answers.map(({ Path, Dir }) => [Path, Dir ?? ""]));
}

interface Download {
  Path: string;
  Dir?: string;
  Error?: string;
}

/** The objects that `go` prints one after the other, each ending with a brace at the start of a line. */
function parseObjects(text: string): Download[] {
  return text
    .split(/^}$/m)
    .filter((part) => part.trim() !== "")
    .map((part) => JSON.parse(`${part}}`) as Download);
}

function readVersions(): Map<string, string> {
  const text = readFileSync(join(moduleFolder("manifests"), "go.mod"), "utf8");
  return new Map(
    [...text.matchAll(/^\t(\S+) (v\S+)$/gm)].map(([, module = "", version = ""]) => [module, version]),
  );
}
