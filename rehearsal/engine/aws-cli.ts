/**
 * The `aws` command of a rehearsal. It knows one answer, which kubeconfigs of EKS clusters ask for: a token for the cluster.
 * Everything else is refused, so that no program can reach an account through the command line.
 */
import { readFileSync } from "node:fs";

import { parse } from "yaml";

export interface Answer {
  code: number;
  stdout: string;
  stderr: string;
}

interface Kubeconfig {
  "current-context"?: string;
  contexts?: { name: string; context: { user: string } }[];
  users?: { name: string; user: { token?: string } }[];
}

/** What the command prints for these arguments. */
export function answer(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Answer {
  if (args[0] === "--version") {
    return { code: 0, stdout: "aws-cli/2.0.0 rehearsal\n", stderr: "" };
  }
  const words = args.filter(
    (argument, index) => !argument.startsWith("-") && !args[index - 1]?.startsWith("--"),
  );
  if (words[0] !== "eks" || words[1] !== "get-token") {
    return refuse(
      `a rehearsal reaches no account; only "aws eks get-token" is answered, not "aws ${args.join(" ")}"`,
    );
  }
  try {
    return {
      code: 0,
      stdout: `${JSON.stringify(credential(readToken(env["REHEARSAL_KUBECONFIG"]), env))}\n`,
      stderr: "",
    };
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function refuse(reason: string): Answer {
  return { code: 1, stdout: "", stderr: `aws: ${reason}\n` };
}

/** The token of the current user in a kubeconfig file. */
function readToken(path: string | undefined): string {
  if (!path) {
    throw new Error("REHEARSAL_KUBECONFIG is not set: this command works inside a rehearsal only");
  }
  const config = parse(readFileSync(path, "utf8")) as Kubeconfig;
  const context =
    config.contexts?.find(({ name }) => name === config["current-context"]) ?? config.contexts?.[0];
  const user = config.users?.find(({ name }) => name === context?.context.user) ?? config.users?.[0];
  if (!user?.user.token) {
    throw new Error(`${path} holds no token`);
  }
  return user.user.token;
}

function credential(token: string, env: Readonly<Record<string, string | undefined>>): object {
  // The caller says in which version it wants the answer; the real command answers in the same one.
  const wanted = JSON.parse(env["KUBERNETES_EXEC_INFO"] || "{}") as { apiVersion?: string };
  return {
    kind: "ExecCredential",
    apiVersion: wanted.apiVersion ?? "client.authentication.k8s.io/v1beta1",
    spec: {},
    status: { expirationTimestamp: new Date(Date.now() + 14 * 60_000).toISOString(), token },
  };
}

if (import.meta.main) {
  const { code, stdout, stderr } = answer(process.argv.slice(2), process.env);
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = code;
}
