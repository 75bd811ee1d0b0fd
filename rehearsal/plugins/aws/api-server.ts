import { readFileSync } from "node:fs";
import { request } from "node:https";
import { dirname, resolve } from "node:path";

import { parse } from "yaml";

import { bags, isBag, text } from "./values.ts";

/**
 * The Kubernetes API server that the simulated clusters point at: the rehearsal's own, by its admin kubeconfig. EKS is asked for
 * little, so this is a request function and no client library.
 */
export interface ApiServer {
  /** `https://127.0.0.1:6443` */
  endpoint: string;
  /** PEM in base64, as `certificateAuthority.data` holds it. */
  certificateAuthority: string;
  /** The admin's bearer token; empty when certificates are used. */
  token: string;
  /** Sends JSON, answers the status and the parsed body. Throws when nobody answers. */
  send(method: string, path: string, body?: object): Promise<{ status: number; body: unknown }>;
}

const TIMEOUT_MS = 30_000;

/** The API server of REHEARSAL_KUBECONFIG; undefined when the variable is not set, where clusters exist on paper only. */
export function rehearsalApiServer(env: NodeJS.ProcessEnv = process.env): ApiServer | undefined {
  const file = env["REHEARSAL_KUBECONFIG"];
  return file === undefined || file === "" ? undefined : apiServerOf(file);
}

/** Reads the first cluster and the first user of a kubeconfig; certificates may be inline or in files beside it. */
export function apiServerOf(kubeconfig: string): ApiServer {
  const config: unknown = parse(readFileSync(kubeconfig, "utf8"));
  const [cluster] = bags(config, "clusters");
  const [user] = bags(config, "users");
  const endpoint = text(cluster, "cluster.server");
  if (endpoint === undefined) throw new Error(`${kubeconfig} names no API server`);
  const pem = (bag: unknown, path: string): Buffer | undefined => {
    const inline = text(bag, `${path}-data`);
    const file = text(bag, path);
    if (inline !== undefined) return Buffer.from(inline, "base64");
    return file === undefined ? undefined : readFileSync(resolve(dirname(kubeconfig), file));
  };
  const ca = pem(cluster, "cluster.certificate-authority");
  const cert = pem(user, "user.client-certificate");
  const key = pem(user, "user.client-key");
  const token = text(user, "user.token");
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };

  const send: ApiServer["send"] = (method, path, body) =>
    new Promise((done, failed) => {
      const patch = method === "PATCH" ? "application/merge-patch+json" : "application/json";
      const headers = { ...authorization, accept: "application/json", "content-type": patch };
      // No connection is kept: a plugin process must be able to end at any time.
      const call = request(new URL(path, endpoint), { method, headers, ca, cert, key, agent: false, timeout: TIMEOUT_MS });
      call.on("timeout", () => call.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
      call.on("error", (error) => failed(new Error(`the rehearsal's API server at ${endpoint} does not answer: ${error.message}`)));
      call.on("response", (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => done({ status: response.statusCode ?? 0, body: parsed(Buffer.concat(chunks)) }));
      });
      call.end(body === undefined ? undefined : JSON.stringify(body));
    });

  return { endpoint, certificateAuthority: (ca ?? Buffer.alloc(0)).toString("base64"), token: token ?? "", send };
}

/** The server's minor version, `1.36`, and its full one, `v1.36.2`. */
export async function serverVersion(server: ApiServer): Promise<{ minor: string; full: string }> {
  const { body } = await server.send("GET", "/version");
  const full = text(body, "gitVersion") ?? "";
  return { full, minor: full.replace(/^v/, "").split(".").slice(0, 2).join(".") };
}

function parsed(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString("utf8")) as unknown;
  } catch {
    return content.toString("utf8");
  }
}

/** What an answer of the API server says went wrong. */
export function messageOf(answer: { status: number; body: unknown }): string {
  return `${answer.status} ${isBag(answer.body) ? (text(answer.body, "message") ?? "") : String(answer.body)}`.trim();
}
