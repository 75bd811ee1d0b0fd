import assert from "node:assert/strict";

import { argocdConfig } from "../../argocd/config.ts";
import { sourceOf } from "../helpers/placed.ts";
import { stacks } from "../helpers/program.ts";
import { raises } from "../helpers/raises.ts";

const valid = {
  highAvailability: "false",
  repository: "https://github.com/example/mesh-platform",
  revision: "main",
};

const read = (over: Record<string, string>): ReturnType<typeof argocdConfig> =>
  argocdConfig(() => ({ ...valid, ...over }));

describe("argocd configuration", () => {
  it("takes a Git repository over TLS or SSH", () => {
    for (const repository of [
      "https://github.com/example/mesh-platform",
      "https://git.example.com:8443/team/mesh-platform.git",
      "ssh://git@git.example.com:2222/team/mesh-platform.git",
      "git@github.com:example/mesh-platform.git",
    ]) {
      assert.equal(read({ repository }).repository, repository);
    }
  });

  it("refuses a wildcard, a credential, an unencrypted address and what is no address", () => {
    for (const repository of [
      "*",
      "https://github.com/example/*",
      "https://user:pass@github.com/example/mesh-platform",
      "http://github.com/example/mesh-platform",
      "git://github.com/example/mesh-platform",
      "mesh-platform",
    ]) {
      assert.equal(raises("CONFIG_INVALID", () => read({ repository })).key, "argocd:repository");
    }
  });

  it("shows no credential that it refuses", () => {
    const error = raises("CONFIG_INVALID", () =>
      read({ repository: "https://user:hunter2@github.com/example/mesh-platform" }),
    );
    assert.equal(error.value, undefined);
    assert.ok(!`${error.message} ${error.rule} ${error.remedy}`.includes("hunter2"));
  });

  it("takes one branch, tag or commit", () => {
    for (const revision of ["main", "release/2026.11", "v1.2.3", "4f2a9c1"]) {
      assert.equal(read({ revision }).revision, revision);
    }
    for (const revision of ["", "*", "v1.*", "main dev", "-x"]) {
      raises("CONFIG_INVALID", () => read({ revision }));
    }
  });

  it("overrides no Helm value unless it says so", () => {
    assert.deepEqual(read({}).values, {});
    assert.deepEqual(read({ values: '{"server":{"replicas":3}}' }).values, { server: { replicas: 3 } });
  });

  it("refuses a missing and an unknown key", () => {
    raises("CONFIG_MISSING", () => argocdConfig(() => ({ ...valid, highAvailability: undefined as never })));
    raises("CONFIG_UNKNOWN_KEY", () => read({ repositories: "[]" }));
  });

  it("is right in every environment's file", () => {
    for (const stack of stacks) {
      assert.equal(argocdConfig(sourceOf(stack)).highAvailability, stack === "prod");
    }
  });
});
