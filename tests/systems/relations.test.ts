import assert from "node:assert/strict";

import {
  hostOf,
  internalHost,
  namespaceOf,
  repositoryOf,
  repositoryUrl,
  secretNameOf,
} from "../../systems/names.ts";
import { calleesOf, readerAccounts, secretsOf, secretsReadBy } from "../../systems/relations.ts";
import type { Service } from "../../systems/types.ts";
import { validSystem } from "./valid.ts";

const system = validSystem();
const [front, back] = system.services as [Service, Service];
const names = (named: readonly { name: string }[]): string[] => named.map(({ name }) => name);

describe("relations of a system", () => {
  it("read callers the other way round", () => {
    assert.deepEqual(names(calleesOf(system, front)), ["back"]);
    assert.deepEqual(names(calleesOf(system, back)), []);
  });

  it("tell which secrets a service mounts", () => {
    assert.deepEqual(names(secretsOf(system, front)), ["config"]);
    assert.deepEqual(names(secretsOf(system, back)), []);
  });

  it("tell which secrets an account may read", () => {
    assert.deepEqual(names(secretsReadBy(system, "front")), ["config"]);
    assert.deepEqual(names(secretsReadBy(system, "shop-sa")), ["config"]);
    assert.deepEqual(names(secretsReadBy(system, "back")), []);
  });

  it("name every account that is no service's once", () => {
    const [secret] = system.secrets ?? [];
    assert.ok(secret);
    assert.deepEqual(readerAccounts(validSystem({ secrets: [secret, { ...secret, name: "other" }] })), [
      "shop-sa",
    ]);
    assert.deepEqual(readerAccounts(validSystem({ secrets: undefined })), []);
  });
});

describe("names", () => {
  it("carry the environment wherever the account or the world is shared", () => {
    const [secret] = system.secrets ?? [];
    assert.ok(secret);
    assert.equal(namespaceOf(system, "qa"), "shop-qa");
    assert.equal(hostOf(system, "qa", "mesh.example.com"), "shop.qa.mesh.example.com");
    assert.equal(repositoryOf(system, back, "qa"), "qa/shop/back");
    assert.equal(secretNameOf(system, secret, "qa"), "qa/shop/config");
  });

  it("make addresses", () => {
    assert.equal(
      repositoryUrl("111122223333", "ap-south-1", "qa/shop/back"),
      "111122223333.dkr.ecr.ap-south-1.amazonaws.com/qa/shop/back",
    );
    assert.equal(internalHost("back", "shop-qa"), "back.shop-qa.svc.cluster.local");
  });
});
