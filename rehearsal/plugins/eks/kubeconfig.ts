/** Whom to be when the token is fetched. */
export interface Credentials {
  roleArn?: string;
  profileName?: string;
}

export interface ClusterAddress {
  name: string;
  region: string;
  endpoint: string;
  /** PEM in base64. */
  certificateAuthority: string;
}

/** A kubeconfig that holds no credential: it asks the AWS command line for a short-lived token. */
export function kubeconfig(
  cluster: ClusterAddress,
  credentials: Credentials = {},
  withProfile = false,
): object {
  const { roleArn, profileName } = credentials;
  return {
    apiVersion: "v1",
    clusters: [
      {
        cluster: { server: cluster.endpoint, "certificate-authority-data": cluster.certificateAuthority },
        name: "kubernetes",
      },
    ],
    contexts: [{ context: { cluster: "kubernetes", user: "aws" }, name: "aws" }],
    "current-context": "aws",
    kind: "Config",
    users: [
      {
        name: "aws",
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1beta1",
            command: "aws",
            args: [
              ...[
                "--region",
                cluster.region,
                "eks",
                "get-token",
                "--cluster-name",
                cluster.name,
                "--output",
                "json",
              ],
              ...(roleArn === undefined ? [] : ["--role", roleArn]),
              ...(withProfile && profileName !== undefined ? ["--profile", profileName] : []),
            ],
            env: [
              {
                name: "KUBERNETES_EXEC_INFO",
                value: '{"apiVersion": "client.authentication.k8s.io/v1beta1"}',
              },
            ],
          },
        },
      },
    ],
  };
}
