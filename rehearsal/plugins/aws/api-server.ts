import { readFileSync } from "node:fs";

import { parse } from "yaml";

import { HttpClient } from "../../kubernetes/http.ts";
import { readKubeconfig } from "../../kubernetes/kubeconfig.ts";
import { bags, text } from "./values.ts";

/** Where the Kubernetes API server is that the simulated clusters point at: the rehearsal's own. */
export interface Address {
  /** `https://127.0.0.1:6443` */
  endpoint: string;
  /** PEM in base64, as `certificateAuthority.data` holds it. */
  certificateAuthority: string;
  /** The admin's bearer token; empty where certificates are used. */
  token: string;
}

/** The address in REHEARSAL_KUBECONFIG; undefined when the variable is not set, where clusters exist on paper only. */
export function rehearsalAddress(env: NodeJS.ProcessEnv = process.env): Address | undefined {
  const file = env["REHEARSAL_KUBECONFIG"];
  if (file === undefined || file === "") return undefined;
  const config: unknown = parse(readFileSync(file, "utf8"));
  const [cluster] = bags(config, "clusters");
  const [user] = bags(config, "users");
  const endpoint = text(cluster, "cluster.server");
  if (endpoint === undefined) throw new Error(`${file} names no API server`);
  return {
    endpoint,
    certificateAuthority: text(cluster, "cluster.certificate-authority-data") ?? "",
    token: text(user, "user.token") ?? "",
  };
}

/** Talks to that API server; does nothing where there is none. */
export async function withApiServer(
  use: (server: HttpClient) => Promise<void>,
  env: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  const file = env["REHEARSAL_KUBECONFIG"];
  if (file === undefined || file === "") return;
  const server = new HttpClient(await readKubeconfig(readFileSync(file, "utf8")));
  try {
    await use(server);
  } finally {
    // Kept connections would keep the plugin from ending.
    server.close();
  }
}

/** The server's minor version, `1.36`, and its full one, `v1.36.2`. */
export async function serverVersion(
  server: Pick<HttpClient, "send">,
): Promise<{ minor: string; full: string }> {
  const full = text(await server.send({ method: "GET", path: "/version" }), "gitVersion") ?? "";
  return { full, minor: full.replace(/^v/, "").split(".").slice(0, 2).join(".") };
}
