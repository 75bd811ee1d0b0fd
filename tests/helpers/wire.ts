/** Values the way they travel between a Pulumi program and the engine, and back to plain data. */
import * as pulumi from "@pulumi/pulumi";
import structs from "google-protobuf/google/protobuf/struct_pb.js";

/** Plain JSON as it stands in a message; secrets, references and unknowns are objects and strings with a signature. */
export type Raw = { [key: string]: unknown };

/** Stands in plain inputs for a value that only the cloud will know. */
export const UNKNOWN = "<unknown>";

const { specialSigKey, specialSecretSig, specialResourceSig, unknownValue } = pulumi.runtime;

export interface Decoded {
  /** Secrets unwrapped, unknowns as {@link UNKNOWN}, references to resources as `<urn>`. */
  values: Raw;
  /** Paths of the values that were secret, e.g. `kubeconfig` or `data.key`. */
  secrets: string[];
}

/** Plain data of a message's struct. */
export function decode(struct: structs.Struct | undefined): Decoded {
  const secrets: string[] = [];
  const values = decodeValue(toRaw(struct), "", secrets) as Raw;
  return { values, secrets };
}

/** The message's JSON as it is, signatures included. */
export function toRaw(struct: structs.Struct | undefined): Raw {
  return struct === undefined ? {} : struct.toJavaScript();
}

/** A message's struct; undefined fields are left out. */
export function toStruct(raw: Raw): structs.Struct {
  type Fields = Parameters<typeof structs.Struct.fromJavaScript>[0];
  return structs.Struct.fromJavaScript(JSON.parse(JSON.stringify(raw)) as Fields);
}

/** Marks a value as secret. */
export function secretValue(value: unknown): Raw {
  return { [specialSigKey]: specialSecretSig, value };
}

/** A reference to a resource that was registered. */
export function referenceTo(urn: string, id: string | undefined): Raw {
  return { [specialSigKey]: specialResourceSig, urn, ...(id === undefined ? {} : { id }) };
}

/** Whether anything in the value is secret. */
export function hasSecret(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  if ((value as Raw)[specialSigKey] === specialSecretSig) return true;
  return Object.values(value).some(hasSecret);
}

function decodeValue(value: unknown, path: string, secrets: string[]): unknown {
  if (value === unknownValue) return UNKNOWN;
  if (Array.isArray(value))
    return value.map((item, index) => decodeValue(item, `${path}[${index}]`, secrets));
  if (typeof value !== "object" || value === null) return value;
  const raw = value as Raw;
  if (raw[specialSigKey] === specialSecretSig) {
    secrets.push(path);
    return decodeValue(raw["value"], path, secrets);
  }
  if (raw[specialSigKey] === specialResourceSig) return `<${String(raw["urn"])}>`;
  return Object.fromEntries(
    Object.entries(raw).map(([key, item]) => [
      key,
      decodeValue(item, path === "" ? key : `${path}.${key}`, secrets),
    ]),
  );
}
