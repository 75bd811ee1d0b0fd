import * as pulumi from "@pulumi/pulumi";

import type { InfraOutputs } from "../infra/contract.ts";
import { fail } from "../lib/errors.ts";
import { IrsaRole, type Statement } from "../lib/irsa-role.ts";
import { KubernetesObject, manifestName } from "../lib/manifests.ts";
import type { PlacedSystem } from "../lib/systems.ts";
import { secretNameOf } from "../systems/names.ts";
import { secretsReadBy } from "../systems/relations.ts";
import type { Secret } from "../systems/types.ts";
import { roleAnnotation, serviceAccount } from "./objects/service-account.ts";
import type { PlatformFacts } from "./system-objects.ts";

export interface IdentityArgs {
  system: PlacedSystem;
  /** Name of the service account. */
  account: string;
  facts: PlatformFacts;
  infra: Pick<
    InfraOutputs,
    "oidcProviderArn" | "oidcIssuer" | "permissionsBoundaryArn" | "secretsKeyArn" | "secretArns"
  >;
  /** The system's namespace. */
  namespace: pulumi.Resource;
}

/** A service account, with an IAM role of its own if it reads secrets: no two workloads share a right or a trace in the audit log. */
export class Identity extends pulumi.ComponentResource {
  constructor(name: string, args: IdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:apps:Identity", name, {}, opts);
    const { system, account, infra } = args;
    const manifest = serviceAccount(system, account);
    const secrets = secretsReadBy(system, account);
    let metadata: pulumi.Input<unknown> = manifest.metadata;
    if (secrets.length > 0) {
      const role = new IrsaRole(
        name,
        {
          oidcProviderArn: infra.oidcProviderArn,
          oidcIssuer: infra.oidcIssuer,
          subjects: [{ namespace: system.namespace, serviceAccount: account }],
          statements: readStatements(
            secrets.map((secret) => secretArn(system, secret, infra)),
            infra.secretsKeyArn,
            args.facts.region,
          ),
          permissionsBoundary: infra.permissionsBoundaryArn,
        },
        { parent: this },
      );
      metadata = { ...manifest.metadata, annotations: { [roleAnnotation]: role.arn } };
    }
    new KubernetesObject(
      `${name}-${manifestName(manifest)}`,
      { ...manifest, metadata },
      { parent: this, dependsOn: [args.namespace] },
    );
    this.registerOutputs({});
  }
}

/** May read exactly these entries, and use their key for nothing else. */
export function readStatements(
  secretArns: readonly pulumi.Input<string>[],
  keyArn: pulumi.Input<string>,
  region: string,
): Statement[] {
  return [
    {
      sid: "ReadSecrets",
      actions: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
      resources: secretArns,
    },
    {
      sid: "DecryptSecrets",
      actions: ["kms:Decrypt"],
      resources: [keyArn],
      condition: {
        StringEquals: {
          "kms:ViaService": `secretsmanager.${region}.amazonaws.com`,
          "kms:EncryptionContext:SecretARN": secretArns,
        },
      },
    },
  ];
}

function secretArn(
  system: PlacedSystem,
  secret: Secret,
  infra: Pick<InfraOutputs, "secretArns">,
): pulumi.Output<string> {
  const name = secretNameOf(system, secret, system.environment);
  return infra.secretArns.apply(
    (arns) =>
      arns[name] ??
      fail({
        id: "CONTRACT_MISSING",
        key: `platform-infra.secretArns.${name}`,
        rule: `system ${system.name} declares this secret, but infra has not made it`,
        remedy: `Run layer infra first: platform up ${system.environment} --layer infra.`,
      }),
  );
}
