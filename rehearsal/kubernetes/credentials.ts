import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Files that the control plane's processes share; all lie in its directory. */
export interface ControlPlaneFiles {
  etcdData: string;
  /** The API server writes its own certificate here when it starts. */
  certificates: string;
  certificate: string;
  tokens: string;
  serviceAccountKey: string;
  kubeconfig: string;
  logs: string;
}

export function filesOf(directory: string): ControlPlaneFiles {
  const certificates = join(directory, "certificates");
  return {
    etcdData: join(directory, "etcd"),
    certificates,
    certificate: join(certificates, "apiserver.crt"),
    tokens: join(directory, "tokens.csv"),
    serviceAccountKey: join(directory, "service-account.key"),
    kubeconfig: join(directory, "kubeconfig"),
    logs: join(directory, "logs"),
  };
}

/**
 * Makes the directories, the administrator's token and the key that signs service account tokens. Whoever reads these files owns the
 * rehearsal's cluster, so nobody but the user can.
 * @returns the token
 */
export function makeCredentials(files: ControlPlaneFiles): string {
  for (const directory of [files.etcdData, files.certificates, files.logs]) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  }
  const token = randomBytes(32).toString("hex");
  writeSecret(files.tokens, `${token},rehearsal-admin,rehearsal-admin,system:masters\n`);
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  writeSecret(files.serviceAccountKey, privateKey);
  return token;
}

/** Writes the administrator's kubeconfig; JSON, which is YAML too, so that no reader needs a YAML parser. */
export function writeKubeconfig(path: string, server: string, certificate: Buffer, token: string): void {
  const name = "rehearsal";
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server, "certificate-authority-data": certificate.toString("base64") } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  };
  writeSecret(path, `${JSON.stringify(config, null, 2)}\n`);
}

function writeSecret(path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o600 });
}
