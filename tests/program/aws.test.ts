import assert from "node:assert/strict";

import { isWideAction, isWideResource } from "../../lib/iam-wildcards.ts";
import type { Recorded } from "../helpers/mocks.ts";
import { program, stacks } from "../helpers/program.ts";
import { statements, type Statement } from "../helpers/walk.ts";

const isAws = ({ type }: Recorded): boolean => type.startsWith("aws:");
const tagKeys = [
  "platform:cost-centre",
  "platform:environment",
  "platform:layer",
  "platform:owner",
  "platform:project",
];

for (const stack of stacks) {
  describe(`every AWS resource of ${stack}`, () => {
    let resources: Recorded[] = [];
    before(async () => {
      resources = (await program(stack)).resources;
    });

    it("gets the default tags from its provider", () => {
      const tagging = new Map(
        resources
          .filter(({ type }) => type === "pulumi:providers:aws")
          .map(({ name, inputs }) => [
            name,
            JSON.parse(String(inputs["defaultTags"])) as { tags: Record<string, string> },
          ]),
      );
      for (const { name, provider, providers, remote } of resources.filter(
        (resource) => isAws(resource) || resource.remote,
      )) {
        const tags = tagging.get((remote ? providers["aws"] : provider) ?? "")?.tags;
        assert.deepEqual(Object.keys(tags ?? {}).sort(), tagKeys, name);
        assert.equal(tags?.["platform:environment"], stack, name);
      }
    });

    it("does not tag itself over the default tags", () => {
      const over = resources.filter(({ inputs }) =>
        Object.keys(inputs["tags"] ?? {}).some((key) => tagKeys.includes(key)),
      );
      assert.deepEqual(
        over.map(({ name }) => name),
        [],
      );
    });

    it("that launches instances tags them and their volumes, which default tags do not reach", () => {
      for (const { name, inputs } of resources.filter(
        ({ type }) => type === "aws:ec2/launchTemplate:LaunchTemplate",
      )) {
        const specifications = (inputs["tagSpecifications"] ?? []) as {
          resourceType: string;
          tags: Record<string, string>;
        }[];
        for (const kind of ["instance", "volume"]) {
          const tags = specifications.find(({ resourceType }) => resourceType === kind)?.tags ?? {};
          assert.deepEqual(
            Object.keys(tags)
              .filter((key) => tagKeys.includes(key))
              .sort(),
            tagKeys,
            `${name} ${kind}`,
          );
        }
      }
    });

    it("grants nothing by wildcard", () => {
      const found = resources.flatMap((resource) =>
        statements(resource.inputs).flatMap((statement) =>
          wildcards(resource, statement).map((what) => `${resource.name} ${what}`),
        ),
      );
      assert.deepEqual(found, []);
    });

    it("that is a role of a workload carries the permissions boundary", () => {
      const roles = resources.filter(
        ({ type, urn }) => type === "aws:iam/role:Role" && urn.includes("::platform:apps:"),
      );
      assert.ok(roles.length > 0);
      for (const { name, inputs } of roles)
        assert.match(String(inputs["permissionsBoundary"]), /^arn:aws:iam::\d+:policy\//, name);
    });

    it("keeps its data encrypted under a key of the environment and, where it is protected, out of harm", () => {
      for (const { name, inputs } of resources.filter(
        ({ type }) => type === "aws:secretsmanager/secret:Secret",
      )) {
        assert.match(String(inputs["kmsKeyId"]), /^(arn:aws:kms:|key-)/, name);
      }
      for (const { name, inputs } of resources.filter(({ type }) => type === "aws:kms/key:Key")) {
        assert.equal(inputs["enableKeyRotation"], true, name);
      }
    });
  });
}

describe("qa and prod", () => {
  it("fit into one account: no name that must be unique there is in both", async () => {
    const [qa, prod] = await Promise.all(stacks.map(accountWideNames));
    assert.ok((qa?.size ?? 0) > 5);
    assert.deepEqual(
      [...(qa ?? [])].filter((name) => prod?.has(name)),
      [],
    );
  });

  it("use different address ranges, so that they can be joined", async () => {
    const blocks = await Promise.all(
      stacks.map(async (stack) => {
        const { resources } = await program(stack);
        return resources.find(({ type }) => type === "awsx:ec2:Vpc")?.inputs["cidrBlock"];
      }),
    );
    assert.equal(new Set(blocks).size, stacks.length);
  });
});

/** A policy of a key says "*" for the key itself: the policy can mean nothing else. */
function isKeyPolicy({ type }: Recorded): boolean {
  return type === "aws:kms/key:Key";
}

/** Actions that AWS knows on all resources alone; no ARN can be named. */
const onlyOnAll = ["ecr:GetAuthorizationToken", "ec2:DescribeAvailabilityZones"];

/** The boundary is a ceiling over roles that name each resource: it may go by the environment's prefix. */
function isCeiling({ name, type }: Recorded): boolean {
  return type === "aws:iam/policy:Policy" && name.includes("boundary");
}

function wildcards(resource: Recorded, statement: Statement): string[] {
  const { path, effect, actions, notActions, resources, principals } = statement;
  if (effect === "Deny") return [];
  const isWide = isCeiling(resource) ? isWideResource : (name: string) => /[*?]/.test(name);
  const free =
    isKeyPolicy(resource) || (actions.length > 0 && actions.every((action) => onlyOnAll.includes(action)));
  const wide = [
    ...actions.filter(isWideAction),
    ...notActions.map((action) => `all but ${action}`),
    ...principals.filter((principal) => principal.includes("*")),
    ...resources.filter((name) => !free && isWide(name)),
  ];
  return wide.map((what) => `${path}: ${what}`);
}

/** Types whose name is unique only under something else that carries the environment. */
const scoped = ["aws:iam/rolePolicy:RolePolicy"];

/** `<type> <name>` of everything that has a fixed name; names that the provider makes up are unique by their suffix. */
async function accountWideNames(stack: (typeof stacks)[number]): Promise<Set<string>> {
  const { resources } = await program(stack);
  const named = resources.filter(
    ({ type, inputs }) => /^(aws|awsx|eks):/.test(type) && !scoped.includes(type) && "name" in inputs,
  );
  return new Set(named.map(({ type, inputs }) => `${type} ${String(inputs["name"])}`));
}
