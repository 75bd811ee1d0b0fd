import * as grpc from "@grpc/grpc-js";
import anyProto from "google-protobuf/google/protobuf/any_pb.js";
import structProto from "google-protobuf/google/protobuf/struct_pb.js";
import providerProto from "@pulumi/pulumi/proto/provider_pb.js";
import statusProto from "@pulumi/pulumi/proto/status_pb.js";

import { InitError, unwrapSecrets, type Inputs } from "./provider.ts";

/** The engine's own limit for one message; gRPC's default of 4 MB is too small for a chart's values and manifests. */
const MAX_MESSAGE = 400 * 1024 * 1024;

export const serverOptions: grpc.ServerOptions = {
  "grpc.max_receive_message_length": MAX_MESSAGE,
  "grpc.max_send_message_length": MAX_MESSAGE,
};

/** Starts a server on a free loopback port and prints the port, which is how the engine finds its plugins. */
export async function listen(server: grpc.Server): Promise<number> {
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  process.stdout.write(`${port}\n`);
  return port;
}

/**
 * Ends this process when the engine is gone. The engine holds the other end of standard input while it lives, so this works
 * after a `kill -9` too, where nobody is left to ask the plugin to stop.
 */
export function exitWithEngine(onExit: () => void = () => undefined): void {
  const leave = (): never => {
    onExit();
    process.exit(0);
  };
  process.on("SIGINT", leave).on("SIGTERM", leave);
  process.stdin.on("end", leave).on("error", leave).resume();
}

/** A handler for one call, from an async function; what it throws becomes the call's error. */
export function unary<Request, Response>(
  answer: (request: Request) => Response | Promise<Response>,
): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    // The async wrapper turns a synchronous throw into a rejection, so that no call is ever left unanswered.
    void (async () => answer(call.request))().then(
      (response) => callback(null, response),
      (error: unknown) => callback(toServiceError(error)),
    );
  };
}

/** Plain JSON of a protobuf struct; an absent one is an empty bag. */
export function fromStruct(struct: structProto.Struct | undefined): Inputs {
  return struct === undefined ? {} : struct.toJavaScript();
}

/** A protobuf struct of a property bag; undefined properties are left out, as JSON does. */
export function toStruct(bag: Inputs): structProto.Struct {
  return structProto.Struct.fromJavaScript(
    JSON.parse(JSON.stringify(bag)) as Record<string, structProto.JavaScriptValue>,
  );
}

/**
 * The inputs of a provider resource. The SDKs send every value that is not a string as JSON text. Numbers stay text: an
 * account id is made of digits and is no number.
 */
export function decodeConfig(args: Inputs, textKeys: readonly string[]): Inputs {
  const plain = unwrapSecrets(args) as Inputs;
  // The plugin's version is for the engine, not a setting.
  const settings = Object.entries(plain).filter(([key]) => key !== "version");
  return Object.fromEntries(
    settings.map(([key, value]) => [key, textKeys.includes(key) ? value : decodeText(value)]),
  );
}

function decodeText(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*([[{]|true\s*$|false\s*$)/.test(value)) {
    return value;
  }
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

/** The error that the engine shows: the message alone, and for an {@link InitError} the object that was made. */
export function toServiceError(error: unknown): Partial<grpc.ServiceError> {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof InitError)) {
    return { code: grpc.status.UNKNOWN, details: message };
  }
  const failed = new providerProto.ErrorResourceInitFailed();
  failed.setId(error.id);
  failed.setProperties(toStruct(error.outputs));
  failed.setReasonsList(error.reasons);
  const detail = new anyProto.Any();
  detail.pack(failed.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new statusProto.Status();
  status.setCode(grpc.status.UNKNOWN);
  status.setMessage(message);
  status.addDetails(detail);
  const metadata = new grpc.Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return { code: grpc.status.UNKNOWN, details: message, metadata };
}
