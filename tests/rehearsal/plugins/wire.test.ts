import assert from "node:assert/strict";

import * as grpc from "@grpc/grpc-js";
import providerProto from "@pulumi/pulumi/proto/provider_pb.js";
import statusProto from "@pulumi/pulumi/proto/status_pb.js";

import { InitError, secret, unwrapSecrets } from "../../../rehearsal/plugins/provider.ts";
import { decodeConfig, fromStruct, toServiceError, toStruct } from "../../../rehearsal/plugins/wire.ts";

describe("the wire between engine and stand-in", () => {
  it("takes a bag to protobuf and back, leaving out what is undefined", () => {
    const bag = { text: "a", number: 1.5, yes: true, none: null, list: [1, { deep: "b" }], empty: {} };
    assert.deepEqual(fromStruct(toStruct({ ...bag, gone: undefined })), bag);
    assert.deepEqual(fromStruct(undefined), {});
  });

  it("decodes configuration that travels as JSON text, and nothing that only looks like it", () => {
    const config = decodeConfig(
      {
        region: "eu-north-1",
        account: "123456789012",
        roles: '[{"arn":"x"}]',
        skip: "true",
        broken: "{not json",
        token: secret("hush"),
        kubeconfig: '{"kind":"Config"}',
        version: "7.48.0",
      },
      ["kubeconfig"],
    );
    assert.deepEqual(config, {
      region: "eu-north-1",
      account: "123456789012",
      roles: [{ arn: "x" }],
      skip: true,
      broken: "{not json",
      token: "hush",
      kubeconfig: '{"kind":"Config"}',
    });
  });

  it("takes secret wrappers off however deep they sit", () => {
    assert.deepEqual(unwrapSecrets({ a: secret([secret(1), { b: secret("c") }]), d: null }), {
      a: [1, { b: "c" }],
      d: null,
    });
  });

  it("shows an error by its message alone", () => {
    assert.deepEqual(toServiceError(new Error("no such zone")), {
      code: grpc.status.UNKNOWN,
      details: "no such zone",
    });
    assert.equal(toServiceError("odd").details, "odd");
  });

  it("packs an object that is not ready, so that the engine can keep it", () => {
    const error = toServiceError(new InitError("id-1", { size: 2 }, ["not ready yet"]));
    const bytes = error.metadata?.get("grpc-status-details-bin")[0];
    assert.ok(bytes instanceof Buffer);
    const [detail] = statusProto.Status.deserializeBinary(bytes).getDetailsList();
    const failed = detail?.unpack(
      (packed) => providerProto.ErrorResourceInitFailed.deserializeBinary(packed),
      "pulumirpc.ErrorResourceInitFailed",
    );
    assert.equal(failed?.getId(), "id-1");
    assert.deepEqual(fromStruct(failed?.getProperties()), { size: 2 });
    assert.deepEqual(failed?.getReasonsList(), ["not ready yet"]);
  });
});
