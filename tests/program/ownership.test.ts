import assert from "node:assert/strict";

import { identityOf, placedObjects, rendered, type Placed } from "../helpers/objects.ts";
import { program, stacks } from "../helpers/program.ts";
import { leaves } from "../helpers/walk.ts";

interface Application {
  metadata: { name: string };
  spec: { project: string; source: { repoURL: string; path: string }; destination: { namespace: string } };
}

interface Kind {
  group: string;
  kind: string;
}

interface Project {
  metadata: { name: string };
  spec: {
    sourceRepos: string[];
    destinations: { namespace: string }[];
    clusterResourceWhitelist?: Kind[];
    namespaceResourceWhitelist?: Kind[];
  };
}

for (const stack of stacks) {
  describe(`ownership in ${stack}`, () => {
    let objects: Placed[] = [];
    let applications: Application[] = [];
    before(async () => {
      objects = await placedObjects(stack);
      applications = ofKind<Application>(objects, "Application");
    });

    it("is by exactly one for every object", () => {
      const owners = new Map<string, string[]>();
      for (const { object, owner } of objects)
        owners.set(identityOf(object), [...(owners.get(identityOf(object)) ?? []), owner]);
      assert.deepEqual(
        [...owners].filter(([, by]) => by.length > 1),
        [],
      );
    });

    it("is by exactly one Application for every rendered file", () => {
      for (const { owner } of rendered(stack)) {
        const owning = applications.filter(({ spec }) => owner.startsWith(`${spec.source.path}/`));
        assert.equal(
          owning.length,
          1,
          `${owner} belongs to ${owning.map(({ metadata }) => metadata.name).join(", ") || "none"}`,
        );
      }
    });

    it("is never by an Application without files", () => {
      for (const { metadata, spec } of applications) {
        assert.ok(
          rendered(stack).some(({ owner }) => owner.startsWith(`${spec.source.path}/`)),
          metadata.name,
        );
      }
    });

    it("is by one VirtualService for the routes of a host", () => {
      const routes = objects.filter(({ object }) => object.kind === "VirtualService");
      const claims = routes.flatMap(({ object }) => {
        const { hosts = [], gateways = ["mesh"] } = object["spec"] as {
          hosts?: string[];
          gateways?: string[];
        };
        return hosts.flatMap((host) =>
          gateways.map((gateway) => `${object.metadata.namespace} ${host} on ${gateway}`),
        );
      });
      assert.deepEqual(claims, [...new Set(claims)]);
    });

    it("is by Argo CD only where delivery says gitops", async () => {
      const { outputs } = await program(stack);
      const systems = outputs["systems"] as Record<string, { delivery: string }>;
      for (const [system, { delivery }] of Object.entries(systems)) {
        const folders = applications.filter(({ spec }) =>
          spec.source.path.startsWith(`gitops/${stack}/${system}/`),
        );
        assert.equal(folders.length > 0, delivery === "gitops", system);
      }
      assert.equal(
        rendered(stack).length > 0,
        Object.values(systems).some(({ delivery }) => delivery === "gitops"),
      );
    });
  });

  describe(`every Argo CD project of ${stack}`, () => {
    let projects: Project[] = [];
    let applications: Application[] = [];
    before(async () => {
      const objects = await placedObjects(stack);
      projects = ofKind<Project>(objects, "AppProject");
      applications = ofKind<Application>(objects, "Application");
    });

    it("is there for calculator", () => {
      assert.ok(projects.some(({ metadata }) => metadata.name === "calculator"));
    });

    it("has no wildcard", () => {
      for (const { metadata, spec } of projects) {
        const wide = leaves(spec).filter(({ value }) => typeof value === "string" && value.includes("*"));
        assert.deepEqual(
          wide.map(({ path }) => path),
          [],
          metadata.name,
        );
      }
    });

    it("allows what its applications bring, and no kind more", () => {
      for (const { metadata, spec } of projects) {
        const own = applications.filter((application) => application.spec.project === metadata.name);
        const files = rendered(stack).filter(({ owner }) =>
          own.some((application) => owner.startsWith(`${application.spec.source.path}/`)),
        );
        const brought = new Set(
          files.map(({ object }) => identityOf(object).split("/").slice(0, 2).join("/")),
        );
        const allowed = [
          ...(spec.namespaceResourceWhitelist ?? []),
          ...(spec.clusterResourceWhitelist ?? []),
        ];
        const missing = [...brought].filter(
          (kind) => !allowed.some((entry) => `${entry.group}/${entry.kind}` === kind),
        );
        assert.deepEqual(missing, [], metadata.name);
        const idle =
          own.length === 0 ? [] : allowed.filter(({ group, kind }) => !brought.has(`${group}/${kind}`));
        assert.deepEqual(idle, [], `${metadata.name} allows kinds that nothing brings`);
        for (const application of own) {
          assert.ok(spec.sourceRepos.includes(application.spec.source.repoURL), application.metadata.name);
          const namespaces = spec.destinations.map(({ namespace }) => namespace);
          assert.ok(namespaces.includes(application.spec.destination.namespace), application.metadata.name);
        }
        for (const { object, owner } of files) {
          assert.ok(
            spec.destinations.some(({ namespace }) => namespace === object.metadata.namespace),
            owner,
          );
        }
      }
    });
  });
}

function ofKind<T>(objects: readonly Placed[], kind: string): T[] {
  return objects.filter(({ object }) => object.kind === kind).map(({ object }) => object as unknown as T);
}
