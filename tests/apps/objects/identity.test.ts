import assert from "node:assert/strict";
import { parse } from "yaml";

import { namespace } from "../../../apps/objects/namespace.ts";
import { secretProviderClass } from "../../../apps/objects/secret-provider-class.ts";
import { serviceAccount } from "../../../apps/objects/service-account.ts";
import { calculatorOf } from "../../helpers/placed.ts";

const system = calculatorOf("qa");

describe("a system's namespace", () => {
  it("joins the mesh by the mesh's own labels", () => {
    const { metadata } = namespace(system, { "istio.io/rev": "stable" });
    assert.equal(metadata.name, "calculator");
    assert.equal(metadata.labels?.["istio.io/rev"], "stable");
    assert.equal(metadata.labels["istio-injection"], undefined);
  });

  it("refuses pods that are not restricted, and warns about what would make them", () => {
    const { labels = {} } = namespace(system, {}).metadata;
    assert.equal(labels["pod-security.kubernetes.io/enforce"], "restricted");
    assert.equal(labels["pod-security.kubernetes.io/warn"], "restricted");
  });
});

describe("a service account", () => {
  it("has no token of the API server, and a role only where one is given", () => {
    const plain = serviceAccount(system, "add-service");
    assert.equal(plain["automountServiceAccountToken"], false);
    assert.equal(plain.metadata.annotations, undefined);
    const arn = "arn:aws:iam::111122223333:role/reader";
    assert.deepEqual(serviceAccount(system, "add-service", arn).metadata.annotations, {
      "eks.amazonaws.com/role-arn": arn,
    });
  });
});

describe("a secret's class", () => {
  it("reads the environment's own entry in its region, a file for each key", () => {
    const [secret] = system.secrets ?? [];
    assert.ok(secret);
    const { provider, parameters } = secretProviderClass(system, secret, "ap-south-1")["spec"] as {
      provider: string;
      parameters: { region: string; objects: string };
    };
    assert.equal(provider, "aws");
    assert.equal(parameters.region, "ap-south-1");
    assert.deepEqual(parse(parameters.objects), [
      {
        objectName: "qa/calculator/config",
        objectType: "secretsmanager",
        objectAlias: "config.json",
        jmesPath: [{ path: "apiKey", objectAlias: "apiKey" }],
      },
    ]);
  });
});
