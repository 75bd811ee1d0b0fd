import assert from "node:assert/strict";

import { catalogue, checkCatalogue } from "../../systems/catalogue.ts";
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
});
