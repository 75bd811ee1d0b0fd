import assert from "node:assert/strict";

import {
  IrsaRole,
  permissionPolicy,
  trustPolicy,
  type IrsaRoleArgs,
  type Statement,
} from "../../lib/irsa-role.ts";
import { collect, find, ofType, testProviders, type Recorded } from "../helpers/mocks.ts";
import { raises } from "../helpers/raises.ts";

const oidcProviderArn = "arn:aws:iam::111122223333:oidc-provider/oidc.eks.ap-south-1.amazonaws.com/id/ABC";
const oidcIssuer = "oidc.eks.ap-south-1.amazonaws.com/id/ABC";
const subjects = [{ namespace: "calculator", serviceAccount: "add-service" }];
const statement: Statement = {
  sid: "ReadSecrets",
  actions: ["secretsmanager:GetSecretValue"],
  resources: ["arn:aws:secretsmanager:ap-south-1:111122223333:secret:qa/calculator/config-AbCdEf"],
};

function role(over: Partial<IrsaRoleArgs> = {}): Promise<Recorded[]> {
  return collect(() => {
    new IrsaRole("r", { oidcProviderArn, oidcIssuer, subjects, ...over }, { provider: testProviders().aws });
  });
}

describe("a role for service accounts", () => {
  it("trusts exactly the named service accounts, with a token for AWS STS", async () => {
    const { inputs } = find(await role(), "aws:iam/role:Role", "r-role");
    assert.deepEqual(
      JSON.parse(String(inputs["assumeRolePolicy"])),
      trustPolicy(oidcProviderArn, oidcIssuer, subjects),
    );
    assert.deepEqual(trustPolicy(oidcProviderArn, oidcIssuer, subjects), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Federated: oidcProviderArn },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: {
            StringEquals: {
              [`${oidcIssuer}:aud`]: "sts.amazonaws.com",
              [`${oidcIssuer}:sub`]: ["system:serviceaccount:calculator:add-service"],
            },
          },
        },
      ],
    });
  });

  it("carries its statements, managed policies and boundary, and nothing that was not asked for", async () => {
    const bare = await role();
    assert.deepEqual(ofType(bare, "aws:iam/rolePolicy:RolePolicy"), []);
    assert.deepEqual(ofType(bare, "aws:iam/rolePolicyAttachment:RolePolicyAttachment"), []);

    const permissionsBoundary = "arn:aws:iam::111122223333:policy/qa-workload-boundary";
    const managedPolicies = ["service-role/AmazonEBSCSIDriverPolicy"] as const;
    const full = await role({ statements: [statement], managedPolicies, permissionsBoundary });
    assert.equal(find(full, "aws:iam/role:Role").inputs["permissionsBoundary"], permissionsBoundary);
    assert.deepEqual(
      JSON.parse(String(find(full, "aws:iam/rolePolicy:RolePolicy", "r-policy").inputs["policy"])),
      permissionPolicy([statement as never]),
    );
    const attached = find(
      full,
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      "r-AmazonEBSCSIDriverPolicy",
    );
    assert.equal(attached.inputs["policyArn"], `arn:aws:iam::aws:policy/${managedPolicies[0]}`);
  });

  it("says under which condition it may do something", () => {
    const condition = { StringEquals: { "kms:ViaService": "secretsmanager.ap-south-1.amazonaws.com" } };
    const plain = { sid: "Decrypt", actions: ["kms:Decrypt"], resources: ["arn:aws:kms:r:a:key/k"] };
    assert.deepEqual(permissionPolicy([{ ...plain, condition }]), {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "Decrypt",
          Effect: "Allow",
          Action: plain.actions,
          Resource: plain.resources,
          Condition: condition,
        },
      ],
    });
    assert.ok(!JSON.stringify(permissionPolicy([plain])).includes("Condition"));
  });

  it("names its actions and resources one by one", () => {
    const policy = (over: Partial<Statement>): unknown =>
      permissionPolicy([{ ...statement, ...over } as Parameters<typeof permissionPolicy>[0][number]]);
    policy({ resources: ["arn:aws:secretsmanager:ap-south-1:111122223333:secret:qa/*"] });
    for (const action of ["*", "s3:*", "secretsmanager:Get*", "kms:?ecrypt"]) {
      assert.equal(raises("IAM_WILDCARD", () => policy({ actions: [action] })).value, action);
    }
    for (const resource of ["*", "arn:aws:s3:::*", "arn:aws:kms:*:*:key/*"]) {
      assert.equal(raises("IAM_WILDCARD", () => policy({ resources: [resource] })).value, resource);
    }
  });

  it("is refused before anything is created where its rights or its subjects are too wide", async () => {
    await assert.rejects(role({ statements: [{ ...statement, resources: ["*"] }] }), /IAM_WILDCARD/);
    await assert.rejects(role({ managedPolicies: ["AdministratorAccess" as never] }), /IAM_WILDCARD/);
    await assert.rejects(role({ subjects: [] }), /IAM_WILDCARD/);
    for (const wild of [{ namespace: "*" }, { serviceAccount: "add-*" }, { serviceAccount: "" }]) {
      await assert.rejects(role({ subjects: [{ ...subjects[0], ...wild } as never] }), /IAM_WILDCARD/);
    }
  });
});
