import * as grpc from "@grpc/grpc-js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import pluginProto from "@pulumi/pulumi/proto/plugin_pb.js";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";

import type { CheckFailure, DiffKind, DiffResult, Provider } from "./provider.ts";
import { decodeConfig, exitWithEngine, fromStruct, listen, serverOptions, toStruct, unary } from "./wire.ts";

/**
 * Serves a stand-in to the engine: starts a gRPC server on a free loopback port, prints the port on standard output, and ends
 * with the engine. Standard output belongs to the protocol from then on; a stand-in must not print there.
 */
export async function serveProvider(provider: Provider): Promise<void> {
  const server = new grpc.Server(serverOptions);
  server.addService(providerGrpc.ResourceProviderService, handlers(provider));
  await listen(server);
  exitWithEngine();
}

/** The protocol's calls, answered by a stand-in; a call that is missing here is answered "unimplemented" by the server. */
export function handlers(provider: Provider): grpc.UntypedServiceImplementation {
  const cancelled = new AbortController();
  const signal = cancelled.signal;

  return {
    ...configuration(provider),

    cancel: unary(() => {
      cancelled.abort(new Error("the run was cancelled"));
      return new emptyProto.Empty();
    }),

    check: unary(async (request: proto.CheckRequest) => {
      const news = fromStruct(request.getNews());
      const result = (await provider.check?.({
        ...identity(request),
        olds: fromStruct(request.getOlds()),
        news,
        seed: Buffer.from(request.getRandomseed_asU8()),
      })) ?? { inputs: news };
      const response = new proto.CheckResponse();
      response.setInputs(toStruct(result.inputs));
      response.setFailuresList(failures(result.failures));
      return response;
    }),

    diff: unary(async (request: proto.DiffRequest) =>
      diffResponse(
        await provider.diff({
          ...identity(request),
          id: request.getId(),
          oldInputs: fromStruct(request.getOldInputs()),
          oldOutputs: fromStruct(request.getOlds()),
          newInputs: fromStruct(request.getNews()),
          ignoreChanges: request.getIgnorechangesList(),
        }),
      ),
    ),

    create: unary(async (request: proto.CreateRequest) => {
      const { id, outputs } = await provider.create({
        ...identity(request),
        inputs: fromStruct(request.getProperties()),
        preview: request.getPreview(),
        timeout: request.getTimeout(),
        signal,
      });
      const response = new proto.CreateResponse();
      response.setId(id);
      response.setProperties(toStruct(outputs));
      return response;
    }),

    read: unary(async (request: proto.ReadRequest) => {
      const known = {
        id: request.getId(),
        inputs: fromStruct(request.getInputs()),
        outputs: fromStruct(request.getProperties()),
      };
      const found =
        provider.read === undefined ? known : await provider.read({ ...identity(request), ...known, signal });
      const response = new proto.ReadResponse();
      // An empty id tells the engine that the object is gone.
      if (found !== undefined) {
        response.setId(found.id);
        response.setInputs(toStruct(found.inputs));
        response.setProperties(toStruct(found.outputs));
      }
      return response;
    }),

    update: unary(async (request: proto.UpdateRequest) => {
      const { outputs } = await provider.update({
        ...identity(request),
        id: request.getId(),
        oldInputs: fromStruct(request.getOldInputs()),
        oldOutputs: fromStruct(request.getOlds()),
        newInputs: fromStruct(request.getNews()),
        preview: request.getPreview(),
        timeout: request.getTimeout(),
        ignoreChanges: request.getIgnorechangesList(),
        signal,
      });
      const response = new proto.UpdateResponse();
      response.setProperties(toStruct(outputs));
      return response;
    }),

    delete: unary(async (request: proto.DeleteRequest) => {
      await provider.delete({
        ...identity(request),
        id: request.getId(),
        inputs: fromStruct(request.getOldInputs()),
        outputs: fromStruct(request.getProperties()),
        timeout: request.getTimeout(),
        signal,
      });
      return new emptyProto.Empty();
    }),

    invoke: unary(async (request: proto.InvokeRequest) => {
      const token = request.getTok();
      if (provider.invoke === undefined) {
        throw new Error(
          `${provider.name} ${provider.version}: the stand-in answers no data source: ${token}`,
        );
      }
      const { result, failures: wrong } = await provider.invoke({
        token,
        args: fromStruct(request.getArgs()),
      });
      const response = new proto.InvokeResponse();
      response.setReturn(toStruct(result));
      response.setFailuresList(failures(wrong));
      return response;
    }),
  };
}

/** The calls that come before any resource: who the plugin is, and the provider resource's own inputs. */
function configuration(provider: Provider): grpc.UntypedServiceImplementation {
  const textKeys = provider.textConfig ?? ["kubeconfig"];
  const decode = (struct: Parameters<typeof fromStruct>[0]) => decodeConfig(fromStruct(struct), textKeys);

  return {
    // Every "accept" stays false: the engine then keeps track of secrets itself and sends plain JSON.
    handshake: unary(() => new proto.ProviderHandshakeResponse()),

    attach: unary(() => new emptyProto.Empty()),

    getPluginInfo: unary(() => {
      const info = new pluginProto.PluginInfo();
      info.setVersion(provider.version);
      return info;
    }),

    getSchema: unary(() => {
      const response = new proto.GetSchemaResponse();
      response.setSchema(JSON.stringify({ name: provider.name, version: provider.version }));
      return response;
    }),

    checkConfig: unary((request: proto.CheckRequest) => {
      const response = new proto.CheckResponse();
      response.setInputs(request.getNews());
      return response;
    }),

    diffConfig: unary(async (request: proto.DiffRequest) => {
      const response = new proto.DiffResponse();
      const { replaces } = (await provider.diffConfig?.({
        oldInputs: decode(request.getOldInputs()),
        newInputs: decode(request.getNews()),
      })) ?? { replaces: [] };
      // Left unknown, the engine compares the inputs by itself; a provider that changed in place is no reason to replace anything.
      response.setChanges(
        replaces.length > 0
          ? proto.DiffResponse.DiffChanges.DIFF_SOME
          : proto.DiffResponse.DiffChanges.DIFF_UNKNOWN,
      );
      response.setReplacesList(replaces);
      return response;
    }),

    configure: unary(async (request: proto.ConfigureRequest) => {
      await provider.configure?.(decode(request.getArgs()));
      const response = new proto.ConfigureResponse();
      response.setSupportspreview(true);
      return response;
    }),
  };
}

interface Identified {
  getUrn(): string;
  getType(): string;
  getName(): string;
}

function identity(request: Identified): { urn: string; type: string; name: string } {
  return { urn: request.getUrn(), type: request.getType(), name: request.getName() };
}

function failures(list: CheckFailure[] = []): proto.CheckFailure[] {
  return list.map(({ property, reason }) => {
    const failure = new proto.CheckFailure();
    failure.setProperty(property);
    failure.setReason(reason);
    return failure;
  });
}

const kinds: Record<DiffKind, proto.PropertyDiff.Kind> = {
  add: proto.PropertyDiff.Kind.ADD,
  "add-replace": proto.PropertyDiff.Kind.ADD_REPLACE,
  delete: proto.PropertyDiff.Kind.DELETE,
  "delete-replace": proto.PropertyDiff.Kind.DELETE_REPLACE,
  update: proto.PropertyDiff.Kind.UPDATE,
  "update-replace": proto.PropertyDiff.Kind.UPDATE_REPLACE,
};

function diffResponse(result: DiffResult): proto.DiffResponse {
  const response = new proto.DiffResponse();
  const { DIFF_SOME, DIFF_NONE } = proto.DiffResponse.DiffChanges;
  response.setChanges(result.changes ? DIFF_SOME : DIFF_NONE);
  response.setReplacesList(result.replaces);
  response.setDeletebeforereplace(result.deleteBeforeReplace ?? false);
  response.setHasdetaileddiff(true);
  for (const [path, kind] of Object.entries(result.detailed)) {
    const property = new proto.PropertyDiff();
    property.setKind(kinds[kind]);
    // The differences are between the last run's inputs and this run's, not between inputs and outputs.
    property.setInputdiff(true);
    response.getDetaileddiffMap().set(path, property);
  }
  response.setDiffsList([
    ...new Set(Object.keys(result.detailed).map((path) => path.split(/[.[]/)[0] ?? path)),
  ]);
  return response;
}
