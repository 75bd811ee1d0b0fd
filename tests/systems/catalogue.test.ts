import assert from "node:assert/strict";

import { catalogue, checkCatalogue } from "../../systems/catalogue.ts";
import type { System } from "../../systems/types.ts";
import { raises } from "../helpers/raises.ts";
import { validSystem } from "./valid.ts";

const check = (...systems: Parameters<typeof checkCatalogue>[0]): void =>
  checkCatalogue(systems, "qa", "mesh.example.com");

describe("the catalogue", () => {
  it("knows every system by its own name", () => {
    for (const [key, system] of Object.entries(catalogue)) assert.equal(system.name, key);
  });

  it("holds systems that do not get in each other's way", () => {
    check(...Object.values(catalogue));
    check(validSystem(), validSystem({ name: "other", namespace: "other" }));
  });

  it("refuses two systems of one namespace in an environment, however it is written", () => {
    const error = raises("CATALOGUE_CONFLICT", () =>
      check(validSystem(), validSystem({ name: "other", namespace: "shop-qa" })),
    );
    assert.equal(error.key, "systems.other.namespace");
    assert.match(error.rule, /system shop has it already/);
  });

  it("refuses two systems of one name, for they would share host, repositories and secrets", () => {
    const error = raises("CATALOGUE_CONFLICT", () =>
      check(validSystem(), validSystem({ namespace: "other" })),
    );
    assert.equal(error.key, "systems.shop.host");
  });

  it("refuses names that run together into one repository or one secret", () => {
    const [service] = validSystem().services;
    const deep = validSystem({
      name: "shop/a",
      namespace: "deep",
      services: service ? [{ ...service, name: "b" }] : [],
      secrets: [],
    });
    const flat = validSystem({
      namespace: "flat",
      services: service ? [{ ...service, name: "a/b" }] : [],
      secrets: [],
    });
    assert.equal(raises("CATALOGUE_CONFLICT", () => check(deep, flat)).key, "systems.shop.repository");
  });

  it("refuses a namespace that is the platform's once the environment's name stands in it", () => {
    const system = validSystem({ namespace: "istio-<env>" });
    check(system);
    const error = raises("CATALOGUE_CONFLICT", () => checkCatalogue([system], "cni", "mesh.example.com"));
    assert.deepEqual([error.key, error.value], ["systems.shop.namespace", "istio-cni"]);
  });

  it("refuses applications of one name, be they of two systems or of one", () => {
    const application = validSystem({ name: "istio-config", namespace: "other" });
    const error = raises("CATALOGUE_CONFLICT", () => check(...Object.values(catalogue), application));
    assert.deepEqual([error.key, error.value], ["systems.istio-config.application", "istio-config-app"]);
    raises("CATALOGUE_CONFLICT", () => check(validSystem({ istioConfigApplication: "shop-app" })));
  });

  it("refuses names that run together into one rate limit, one account or one resource", () => {
    const [service] = validSystem().services;
    const [secret] = validSystem().secrets ?? [];
    assert.ok(service && secret);
    const named = (name: string, inner: string, account: string, entry: string): System =>
      validSystem({
        name,
        namespace: name,
        services: [{ ...service, name: inner }],
        secrets: [{ ...secret, name: entry, readers: [inner], serviceAccount: account }],
      });
    const key = (one: System, other: System): string =>
      raises("CATALOGUE_CONFLICT", () => check(one, other)).key;
    const left = named("a", "b-c", "b-d", "b-e");
    assert.equal(key(left, named("a-b", "c", "x", "y")), "systems.a-b.services");
    assert.equal(key(left, named("a-b", "x", "d", "y")), "systems.a-b.services");
    assert.equal(key(left, named("a-b", "x", "y", "e")), "systems.a-b.secrets");
    check(left, named("a-b", "x", "y", "z"));
  });
});
