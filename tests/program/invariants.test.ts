import assert from "node:assert/strict";

import type { Recorded } from "../helpers/mocks.ts";
import { rendered } from "../helpers/objects.ts";
import { configOf, program, stacks } from "../helpers/program.ts";
import { leaves, type Leaf } from "../helpers/walk.ts";

const isProvider = ({ type }: Recorded): boolean => type.startsWith("pulumi:providers:");
const isReference = ({ type }: Recorded): boolean => type === "pulumi:pulumi:StackReference";
const names = (resources: readonly Recorded[]): string[] =>
  resources.map(({ type, name }) => `${type} ${name}`);

for (const stack of stacks) {
  describe(`every resource of ${stack}`, () => {
    let resources: Recorded[] = [];
    before(async () => {
      resources = (await program(stack)).resources;
    });

    it("has a parent, up to one component for each layer", () => {
      const roots = resources.filter((resource) => {
        return (
          !isProvider(resource) &&
          !isReference(resource) &&
          (resource.parent ?? "").includes("::pulumi:pulumi:Stack::")
        );
      });
      assert.deepEqual(
        names(roots),
        ["infra", "mesh", "apps", "argocd"].map(
          (layer) => `${roots.find((r) => r.name === layer)?.type} ${layer}`,
        ),
      );
      assert.ok(roots.every(({ type, name }) => type.startsWith(`platform:${name}:`)));
    });

    it("goes through an explicit provider", () => {
      const without = resources.filter(({ type, custom, remote, provider, providers }) => {
        if (remote) return providers["aws"] === undefined;
        return custom && /^(aws|kubernetes):/.test(type) && provider === undefined;
      });
      assert.deepEqual(names(without), []);
    });

    it("goes through a provider of its own layer, so that a layer can be cut out", () => {
      const layerOf = (urn: string): string | undefined =>
        /::platform:(infra|mesh|apps|argocd):/.exec(urn)?.[1];
      const astray = resources.filter(({ urn, provider }) => {
        return provider !== undefined && layerOf(urn) !== undefined && !provider.endsWith(`-${layerOf(urn)}`);
      });
      assert.deepEqual(names(astray), []);
    });

    it("holds no secret in its inputs, but for the providers' access to the cluster", () => {
      const holding = resources.filter((resource) => resource.secrets.length > 0 && !isProvider(resource));
      assert.deepEqual(names(holding), []);
      const inProviders = resources.filter(isProvider).flatMap(({ secrets }) => secrets);
      assert.deepEqual(new Set(inProviders), new Set(["kubeconfig"]));
    });

    it("holds no secret literal in its inputs", () => {
      const found = resources.flatMap(({ type, name, inputs }) =>
        secretLiterals(inputs).map((path) => `${type} ${name}: ${path}`),
      );
      const inFiles = rendered(stack).flatMap(({ object, owner }) =>
        secretLiterals(object).map((path) => `${owner}: ${path}`),
      );
      assert.deepEqual([...found, ...inFiles], []);
    });

    it("is no Kubernetes Secret: their values would stand in the state", () => {
      assert.deepEqual(names(resources.filter(({ type }) => type === "kubernetes:core/v1:Secret")), []);
      assert.deepEqual(
        rendered(stack).filter(({ object }) => object.kind === "Secret"),
        [],
      );
    });

    it("is registered before anything is known, so that none is made inside an apply", async () => {
      const preview = await program(stack, { preview: true });
      assert.deepEqual(
        preview.resources.map(({ urn }) => urn).sort(),
        resources.map(({ urn }) => urn).sort(),
      );
    });

    it("that is a Helm release is named, pinned and rolled back as a whole", () => {
      const releases = resources.filter(({ type }) => type === "kubernetes:helm.sh/v3:Release");
      assert.ok(releases.length > 0);
      for (const { name, inputs } of releases) {
        assert.equal(typeof inputs["name"], "string", name);
        assert.match(String(inputs["version"]), /^v?\d+\.\d+\.\d+$/, name);
        assert.match(JSON.stringify(inputs["repositoryOpts"]), /"https:\/\//, name);
        assert.deepEqual([inputs["atomic"], inputs["cleanupOnFail"]], [true, true], name);
        assert.equal(typeof inputs["timeout"], "number", name);
      }
    });
  });

  describe(`the configuration of ${stack}`, () => {
    it("disables the default providers", () => {
      assert.deepEqual(JSON.parse(configOf(stack)["pulumi:disable-default-providers"] ?? "[]"), [
        "aws",
        "kubernetes",
      ]);
    });

    it("holds no secret literal", () => {
      assert.deepEqual(secretLiterals(configOf(stack)), []);
    });
  });
}

const secretText =
  /\b(AKIA|ASIA)[A-Z0-9]{16}\b|-----BEGIN [A-Z ]+-----|\bgh[pousr]_\w{20,}|\beyJ[\w-]{10,}\.eyJ[\w-]{10,}/;
const secretKey = /(password|passwd|secret|token|apikey|privatekey|accesskey|credentials?)$/i;
/** `required`: the instance metadata service answers only with a session token. */
const harmlessKeys = ["httpTokens"];

/** Paths of values that look like a secret, by their text or by the key that they stand under. */
function secretLiterals(value: unknown): string[] {
  const suspicious = ({ key, value: text }: Leaf): boolean => {
    if (typeof text !== "string" || text === "") return false;
    return secretText.test(text) || (secretKey.test(key) && !harmlessKeys.includes(key));
  };
  return [
    ...leaves(value)
      .filter(suspicious)
      .map(({ path }) => path),
    ...secretVariables(value, ""),
  ];
}

/** Environment variables of containers: the name stands beside the value. */
function secretVariables(value: unknown, path: string): string[] {
  if (typeof value !== "object" || value === null) return [];
  const { name, value: text } = value as { name?: unknown; value?: unknown };
  const own =
    typeof name === "string" && secretKey.test(name.replaceAll("_", "")) && typeof text === "string"
      ? [`${path}: ${name}`]
      : [];
  return [...own, ...Object.entries(value).flatMap(([key, item]) => secretVariables(item, `${path}.${key}`))];
}
