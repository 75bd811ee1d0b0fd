import assert from "node:assert/strict";

import { defineSystem } from "../../systems/define.ts";
import { reservedNamespaces, reservedSystems } from "../../systems/reserved.ts";
import { Caller, type Secret } from "../../systems/types.ts";
import { raises } from "../helpers/raises.ts";
import { validExposure, validService, validSystem, withBack, withFront } from "./valid.ts";

const secret: Secret = { name: "config", description: "Settings", keys: ["apiKey"], readers: ["front"] };

describe("a system", () => {
  it("that is right comes back unchanged", () => {
    const system = validSystem();
    assert.equal(defineSystem(system), system);
  });

  it("has a name that is a DNS label", () => {
    for (const name of ["", "Shop", "1shop", "-shop", "shop-", "s.hop", "s".repeat(64)]) {
      raises("SYSTEM_INVALID", () => defineSystem(validSystem({ name })));
    }
    // The longest of the names that are made of it is that of its rate limit.
    const longest = "s".repeat(63 - "rate-limit--front".length);
    defineSystem(validSystem({ name: longest }));
    const error = raises("SYSTEM_INVALID", () => defineSystem(validSystem({ name: `${longest}s` })));
    assert.equal(error.key, `${longest}s.front.exposure.rateLimit`);
  });

  it("has a name that the platform does not take itself", () => {
    for (const name of reservedSystems) {
      assert.equal(raises("SYSTEM_INVALID", () => defineSystem(validSystem({ name }))).key, `${name}.name`);
    }
  });

  it("gives its application a name that Kubernetes takes", () => {
    for (const istioConfigApplication of ["", "Shop", "s".repeat(64)]) {
      raises("SYSTEM_INVALID", () => defineSystem(validSystem({ istioConfigApplication })));
    }
  });

  it("has a namespace of its own, not one of the cluster's or the platform's", () => {
    for (const namespace of [...reservedNamespaces, "Shop", "<ENV>"]) {
      const error = raises("SYSTEM_INVALID", () => defineSystem(validSystem({ namespace })));
      assert.equal(error.key, "shop.namespace");
    }
  });

  it("has at least one service", () => {
    raises("SYSTEM_INVALID", () => defineSystem(validSystem({ services: [], secrets: [] })));
  });

  it("has no two services of one name, port, route or prefix", () => {
    const twice = {
      services: { name: "front", port: 9000 },
      ports: { name: "other", port: 8000 },
      virtualServices: { name: "other", port: 9000, virtualService: "front" },
      exposures: { name: "other", port: 9000, callers: [Caller.ingress()], exposure: validExposure() },
    };
    for (const [what, over] of Object.entries(twice)) {
      const services = [...validSystem().services, validService(over)];
      const error = raises("SYSTEM_DUPLICATE", () => defineSystem(validSystem({ services })));
      assert.equal(error.key, `shop.${what}`);
    }
  });

  it("gives a reader of secrets no account that a service has, for it would get the service's rights", () => {
    const error = raises("SYSTEM_DUPLICATE", () =>
      defineSystem(validSystem({ secrets: [{ ...secret, serviceAccount: "back" }] })),
    );
    assert.equal(error.key, "shop.serviceAccounts");
  });

  it("may give one account several secrets", () => {
    const secrets = ["one", "two"].map((name) => ({ ...secret, name, serviceAccount: "shop-sa" }));
    defineSystem(validSystem({ secrets }));
  });
});

describe("a secret", () => {
  it("has a name of its own", () => {
    raises("SYSTEM_DUPLICATE", () => defineSystem(validSystem({ secrets: [secret, secret] })));
    raises("SYSTEM_INVALID", () =>
      defineSystem(validSystem({ secrets: [{ ...secret, name: "My Secret" }] })),
    );
  });

  it("has keys, each of which can name a file", () => {
    raises("SYSTEM_INVALID", () => defineSystem(validSystem({ secrets: [{ ...secret, keys: [] }] })));
    for (const key of ["../key", "a b", "", "a/b"]) {
      raises("SYSTEM_INVALID", () => defineSystem(validSystem({ secrets: [{ ...secret, keys: [key] }] })));
    }
    raises("SYSTEM_DUPLICATE", () =>
      defineSystem(validSystem({ secrets: [{ ...secret, keys: ["a", "a"] }] })),
    );
  });

  it("is read by services that exist", () => {
    const error = raises("SYSTEM_UNKNOWN_REFERENCE", () =>
      defineSystem(validSystem({ secrets: [{ ...secret, readers: ["frnt"] }] })),
    );
    assert.match(error.remedy, /front, back/);
  });

  it("may have one more reader, whose account's name is a DNS label", () => {
    raises("SYSTEM_INVALID", () =>
      defineSystem(validSystem({ secrets: [{ ...secret, serviceAccount: "Shop" }] })),
    );
  });
});

describe("a service", () => {
  it("has a name and routes whose names Kubernetes takes and nobody else has", () => {
    for (const name of ["Back", "default", "default-deny", "allow-mesh"]) {
      raises("SYSTEM_INVALID", () => defineSystem(withBack({ name })));
    }
    raises("SYSTEM_INVALID", () => defineSystem(withBack({ virtualService: "Back" })));
  });

  it("has a port from 1 to 65535", () => {
    for (const port of [0, -1, 1.5, 65536, NaN])
      raises("SYSTEM_INVALID", () => defineSystem(withBack({ port })));
    defineSystem(withBack({ port: 65535 }));
  });

  it("has callers that exist, each once, and not itself", () => {
    raises("SYSTEM_UNKNOWN_REFERENCE", () => defineSystem(withBack({ callers: [Caller.service("frnt")] })));
    raises("SYSTEM_DUPLICATE", () =>
      defineSystem(withBack({ callers: [Caller.service("front"), Caller.service("front")] })),
    );
    raises("SYSTEM_INVALID", () => defineSystem(withBack({ callers: [Caller.service("back")] })));
  });

  it("is exposed exactly if the gateway calls it", () => {
    raises("SYSTEM_INVALID", () => defineSystem(withBack({ callers: [Caller.ingress()] })));
    raises("SYSTEM_INVALID", () =>
      defineSystem(withBack({ exposure: { ...validExposure(), prefix: "/back" } })),
    );
    const callers = [Caller.ingress(), Caller.service("front")];
    defineSystem(withBack({ callers, exposure: { ...validExposure(), prefix: "/back" } }));
  });

  it("is exposed under a path, with a bucket that holds what is filled in", () => {
    const { rateLimit } = validExposure();
    for (const exposure of [
      { prefix: "front", rateLimit },
      { prefix: "/a?b", rateLimit },
      { prefix: "/", rateLimit: { ...rateLimit, requests: 0 } },
      { prefix: "/", rateLimit: { ...rateLimit, burst: 9 } },
      { prefix: "/", rateLimit: { ...rateLimit, per: "49ms" as const } },
    ]) {
      raises("SYSTEM_INVALID", () => defineSystem(withFront({ exposure })));
    }
  });

  it("asks for no more than its limit, in quantities that Kubernetes reads", () => {
    const limits = { cpu: "500m", memory: "256Mi" };
    for (const requests of [
      { cpu: "501m", memory: "1Mi" },
      { cpu: "1", memory: "1Mi" },
      { cpu: "1m", memory: "1Gi" },
      { cpu: "1 core", memory: "1Mi" },
      { cpu: "1m", memory: "1MB" },
    ]) {
      raises("SYSTEM_INVALID", () => defineSystem(withBack({ resources: { requests, limits } })));
    }
    defineSystem(withBack({ resources: { requests: { cpu: "0.5", memory: "262144Ki" }, limits } }));
  });

  it("sets no variable that the platform sets, nor one of a strange name", () => {
    for (const name of [
      "PORT",
      "SERVICE_NAME",
      "SERVICE_VERSION",
      "ENVIRONMENT",
      "SECRETS_DIR",
      "a",
      "A-B",
      "",
    ]) {
      raises("SYSTEM_INVALID", () => defineSystem(withBack({ environment: { [name]: "x" } })));
    }
    defineSystem(withBack({ environment: { BACK_URL: "http://back:8001" } }));
  });
});
