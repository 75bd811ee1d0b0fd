import { UNKNOWN, type Inputs } from "../provider.ts";

/** The provider resource's settings. */
export interface Settings {
  /** Text or decoded; undefined where a preview does not know it yet. */
  kubeconfig?: unknown;
  /** For objects that name none. @default "default" */
  namespace: string;
  /** @default true */
  serverSideApply: boolean;
  /** @default false */
  deleteUnreachable: boolean;
  /** @default false */
  configMapMutable: boolean;
  /** @default false */
  secretMutable: boolean;
}

/** Known and without a meaning here. */
const silent = [
  "clusterIdentifier",
  "version",
  "pluginDownloadURL",
  "skipUpdateUnreachable",
  "suppressDeprecationWarnings",
];
const switches = [
  "enableServerSideApply",
  "deleteUnreachable",
  "enableConfigMapMutable",
  "enableSecretMutable",
];

/** @throws Error naming a key that the stand-in does not know: to ignore one would rehearse something else. */
export function readSettings(config: Inputs): Settings {
  const known = ["kubeconfig", "namespace", ...switches, ...silent];
  const unknown = Object.keys(config).filter((key) => !known.includes(key) && !key.startsWith("__"));
  if (unknown.length > 0) {
    throw new Error(
      `the stand-in for the Kubernetes provider does not know the setting ${unknown.join(", ")}`,
    );
  }
  const kubeconfig = config["kubeconfig"] === UNKNOWN ? undefined : config["kubeconfig"];
  return {
    kubeconfig,
    namespace: text(config["namespace"]) ?? "default",
    serverSideApply: flag(config["enableServerSideApply"], true),
    deleteUnreachable: flag(config["deleteUnreachable"], false),
    configMapMutable: flag(config["enableConfigMapMutable"], false),
    secretMutable: flag(config["enableSecretMutable"], false),
  };
}

/** Only another cluster makes the provider another one; without an identifier, another server does. */
export function providerReplaces(old: Inputs, now: Inputs): string[] {
  const before = old["clusterIdentifier"];
  const after = now["clusterIdentifier"];
  if (after === UNKNOWN || before === UNKNOWN) return [];
  if (before !== undefined || after !== undefined) return before === after ? [] : ["clusterIdentifier"];
  return server(old["kubeconfig"]) === server(now["kubeconfig"]) ? [] : ["kubeconfig"];
}

function server(kubeconfig: unknown): string {
  const content = typeof kubeconfig === "string" ? kubeconfig : JSON.stringify(kubeconfig ?? "");
  return /"?server"?:\s*"?([^\s",]+)/.exec(content)?.[1] ?? "";
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" && value !== UNKNOWN ? value : undefined;
}

function flag(value: unknown, fallback: boolean): boolean {
  return value === undefined || value === "" ? fallback : value === true || value === "true";
}
