import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** How to reach an API server, from a kubeconfig's current context. */
export interface Connection {
  server: URL;
  ca?: Buffer;
  /** A client certificate and its key, where the user is known by one. */
  cert?: Buffer;
  key?: Buffer;
  token(): Promise<string | undefined>;
}

interface Exec {
  apiVersion: string;
  command: string;
  args?: string[] | null;
  env?: { name: string; value: string }[] | null;
}

interface Kubeconfig {
  "current-context"?: string;
  clusters?: { name: string; cluster: { server: string; "certificate-authority-data"?: string } }[];
  users?: { name: string; user: User }[];
  contexts?: { name: string; context: { cluster: string; user: string } }[];
}

interface User {
  token?: string;
  exec?: Exec;
  "client-certificate-data"?: string;
  "client-key-data"?: string;
}

/** Reads a kubeconfig: text (JSON or YAML), or already decoded. */
export async function readKubeconfig(source: unknown): Promise<Connection> {
  const config = (typeof source === "string" ? await decode(source) : source) as Kubeconfig;
  const context =
    config.contexts?.find(({ name }) => name === config["current-context"])?.context ??
    config.contexts?.[0]?.context;
  const cluster = config.clusters?.find(({ name }) => name === context?.cluster)?.cluster;
  const user = config.users?.find(({ name }) => name === context?.user)?.user;
  if (cluster?.server === undefined || user === undefined) {
    throw new Error("the kubeconfig names no cluster and user in its current context");
  }
  const { exec } = user;
  return {
    server: new URL(cluster.server),
    ca: fromBase64(cluster["certificate-authority-data"]),
    cert: fromBase64(user["client-certificate-data"]),
    key: fromBase64(user["client-key-data"]),
    token: exec === undefined ? () => Promise.resolve(user.token) : execToken(exec),
  };
}

async function decode(text: string): Promise<unknown> {
  // Ours are JSON; the YAML parser is only loaded for somebody else's.
  return text.trimStart().startsWith("{") ? JSON.parse(text) : (await import("yaml")).parse(text);
}

function fromBase64(text: string | undefined): Buffer | undefined {
  return text === undefined ? undefined : Buffer.from(text, "base64");
}

/** The token of a credential plugin such as `aws eks get-token`, which is asked again when the token is about to expire. */
function execToken(exec: Exec): () => Promise<string> {
  let asked: Promise<{ token: string; expires: number }> | undefined;
  return async () => {
    const known = await asked;
    if (known === undefined || known.expires - 60_000 < Date.now()) {
      asked = askPlugin(exec);
      asked.catch(() => (asked = undefined));
    }
    return (await asked)?.token ?? "";
  };
}

async function askPlugin(exec: Exec): Promise<{ token: string; expires: number }> {
  const own = Object.fromEntries((exec.env ?? []).map(({ name, value }) => [name, value]));
  const info = { apiVersion: exec.apiVersion, kind: "ExecCredential", spec: { interactive: false } };
  const env = { ...process.env, KUBERNETES_EXEC_INFO: JSON.stringify(info), ...own };
  const { stdout } = await promisify(execFile)(exec.command, exec.args ?? [], { env, timeout: 60_000 }).catch(
    (error: unknown) => {
      const { stderr } = error as { stderr?: string };
      throw new Error(`getting credentials: ${exec.command}: ${stderr?.trim() || String(error)}`);
    },
  );
  const { status } = JSON.parse(stdout) as { status?: { token?: string; expirationTimestamp?: string } };
  if (status?.token === undefined) throw new Error(`getting credentials: ${exec.command} printed no token`);
  return {
    token: status.token,
    expires: status.expirationTimestamp ? Date.parse(status.expirationTimestamp) : Infinity,
  };
}
