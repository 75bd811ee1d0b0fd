import assert from "node:assert/strict";

import type * as grpc from "@grpc/grpc-js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";

import type { Provider } from "../../../rehearsal/plugins/provider.ts";
import { handlers } from "../../../rehearsal/plugins/serve.ts";
import { fromStruct, toStruct, unary } from "../../../rehearsal/plugins/wire.ts";

const plain: Provider = {
  name: "toy",
  version: "1.2.3",
  diff: async () => ({ changes: false, replaces: [], detailed: {} }),
  create: async ({ inputs }) => ({ id: "made", outputs: inputs }),
  update: async ({ newInputs }) => ({ outputs: newInputs }),
  delete: async () => undefined,
};

/** Calls one handler as the server would, without a network. */
async function call<Request, Response>(
  provider: Provider,
  name: string,
  request: Request,
): Promise<Response> {
  const handler = handlers(provider)[name] as grpc.handleUnaryCall<Request, Response>;
  return answer(handler, request);
}

function answer<Request, Response>(
  handler: grpc.handleUnaryCall<Request, Response>,
  request: Request,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    handler({ request } as grpc.ServerUnaryCall<Request, Response>, (error, response) => {
      if (error != null || response == null) {
        reject(new Error(error?.details ?? "no answer"));
      } else {
        resolve(response);
      }
    });
  });
}

describe("the server of a stand-in", () => {
  it("asks for plain JSON: neither secrets nor resources nor outputs are accepted", async () => {
    const handshake = await call<unknown, proto.ProviderHandshakeResponse>(plain, "handshake", undefined);
    assert.deepEqual(Object.values(handshake.toObject()), [false, false, false, false, false]);
    const configured = await call<unknown, proto.ConfigureResponse>(
      plain,
      "configure",
      new proto.ConfigureRequest(),
    );
    assert.equal(configured.getSupportspreview(), true);
    assert.equal(configured.getAcceptsecrets(), false);
  });

  it("passes inputs through where the stand-in has nothing to check", async () => {
    const request = new proto.CheckRequest();
    request.setNews(toStruct({ size: 1 }));
    const response = await call<unknown, proto.CheckResponse>(plain, "check", request);
    assert.deepEqual(fromStruct(response.getInputs()), { size: 1 });
    assert.deepEqual(response.getFailuresList(), []);
  });

  it("tells which properties differ, and how", async () => {
    const provider: Provider = {
      ...plain,
      diff: async ({ ignoreChanges }) => ({
        changes: true,
        replaces: ["name"],
        detailed: {
          name: "update-replace",
          "spec.ports[0]": "add",
          "spec.type": "delete",
          [ignoreChanges[0] ?? ""]: "update",
        },
      }),
    };
    const request = new proto.DiffRequest();
    request.setIgnorechangesList(["status"]);
    const response = await call<unknown, proto.DiffResponse>(provider, "diff", request);
    const { ADD, DELETE, UPDATE, UPDATE_REPLACE } = proto.PropertyDiff.Kind;
    assert.equal(response.getChanges(), proto.DiffResponse.DiffChanges.DIFF_SOME);
    assert.deepEqual(response.getReplacesList(), ["name"]);
    assert.deepEqual(response.getDiffsList(), ["name", "spec", "status"]);
    assert.deepEqual(
      [...response.getDetaileddiffMap().entries()].map(([path, property]) => [path, property.getKind()]),
      [
        ["name", UPDATE_REPLACE],
        ["spec.ports[0]", ADD],
        ["spec.type", DELETE],
        ["status", UPDATE],
      ],
    );
  });

  it("reads back what the engine knows by default, and an object that is gone as an empty id", async () => {
    const request = new proto.ReadRequest();
    request.setId("x");
    request.setProperties(toStruct({ size: 1 }));
    const same = await call<unknown, proto.ReadResponse>(plain, "read", request);
    assert.equal(same.getId(), "x");
    assert.deepEqual(fromStruct(same.getProperties()), { size: 1 });
    const gone = await call<unknown, proto.ReadResponse>(
      { ...plain, read: async () => undefined },
      "read",
      request,
    );
    assert.equal(gone.getId(), "");
  });

  it("replaces a provider resource only where the stand-in says so", async () => {
    const request = new proto.DiffRequest();
    request.setOldInputs(toStruct({ cluster: "a" }));
    request.setNews(toStruct({ cluster: "b" }));
    const { DIFF_SOME, DIFF_UNKNOWN } = proto.DiffResponse.DiffChanges;
    const kept = await call<unknown, proto.DiffResponse>(plain, "diffConfig", request);
    assert.equal(kept.getChanges(), DIFF_UNKNOWN);
    assert.deepEqual(kept.getReplacesList(), []);
    const provider: Provider = {
      ...plain,
      diffConfig: async ({ oldInputs, newInputs }) => ({
        replaces: oldInputs["cluster"] === newInputs["cluster"] ? [] : ["cluster"],
      }),
    };
    const replaced = await call<unknown, proto.DiffResponse>(provider, "diffConfig", request);
    assert.equal(replaced.getChanges(), DIFF_SOME);
    assert.deepEqual(replaced.getReplacesList(), ["cluster"]);
  });

  it("names the data source that it does not answer", async () => {
    const request = new proto.InvokeRequest();
    request.setTok("toy:index:getThing");
    await assert.rejects(call(plain, "invoke", request), /toy 1\.2\.3: .*toy:index:getThing/);
  });

  it("aborts what waits when the run is cancelled", async () => {
    let waiting: AbortSignal | undefined;
    const provider: Provider = {
      ...plain,
      create: ({ signal }) => {
        waiting = signal;
        return new Promise((_, reject) =>
          signal.addEventListener("abort", () => reject(new Error("stopped"))),
        );
      },
    };
    const served = handlers(provider);
    const creating = answer(
      served["create"] as grpc.handleUnaryCall<unknown, unknown>,
      new proto.CreateRequest(),
    );
    await answer(served["cancel"] as grpc.handleUnaryCall<unknown, unknown>, new emptyProto.Empty());
    await assert.rejects(creating, /stopped/);
    assert.equal(waiting?.aborted, true);
  });

  it("leaves no call unanswered when a handler throws at once", async () => {
    const broken = unary<unknown, unknown>(() => {
      throw new Error("at once");
    });
    await assert.rejects(answer(broken, undefined), /at once/);
  });

  it("has a name in the protocol for every call that it answers", () => {
    const known = Object.keys(providerGrpc.ResourceProviderService);
    assert.deepEqual(
      Object.keys(handlers(plain)).filter((name) => !known.includes(name)),
      [],
    );
  });
});
