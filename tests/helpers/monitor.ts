import type structs from "google-protobuf/google/protobuf/struct_pb.js";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks.js";
import resources from "@pulumi/pulumi/proto/resource_pb.js";

import { answerCall, answerResource, Child, type Asked } from "./answers.ts";
import { decode, hasSecret, referenceTo, toRaw, toStruct, type Raw } from "./wire.ts";

/** A resource as the program registered it. */
export interface Recorded {
  type: string;
  name: string;
  urn: string;
  /** URN of the parent; only the stack has none. */
  parent: string | undefined;
  custom: boolean;
  /** A component of another package (awsx, eks). */
  remote: boolean;
  /** It existed before and was only looked up. */
  read: boolean;
  /** Plain inputs: secrets unwrapped, unknowns as `<unknown>`, references to resources as `<urn>`. */
  inputs: Record<string, unknown>;
  /** Paths of the inputs that are secret. */
  secrets: string[];
  /** Logical name of the provider that the resource goes through. */
  provider: string | undefined;
  /** Package → logical name of the provider that a component hands to its children. */
  providers: Record<string, string>;
  /** URNs of everything it waits for: named by `dependsOn`, or by an input. */
  dependsOn: string[];
  protect: boolean | undefined;
  ignoreChanges: string[];
  retainOnDelete: boolean | undefined;
  deletedWith: string | undefined;
  /** What a component registered as its outputs; plain. */
  outputs: Record<string, unknown>;
  /** What the provider answered beside the inputs, the id among it; references to resources stand as their own outputs. */
  computed: Record<string, unknown>;
}

export interface MonitorOptions {
  stack: string;
  project: string;
  preview: boolean;
  /** Project → outputs of its stack of the same name; raw, so that secrets stay marked. */
  references: Record<string, Raw>;
}

type Callback = (error: unknown, response: unknown) => void;

/**
 * Takes the engine's place: records what the program registers with its options, and answers as the providers would. It is strict
 * where the engine is (one URN twice, a default provider although these are disabled) and where a test must be (a type or a call
 * that nobody has described).
 */
export class RecordingMonitor extends MockMonitor {
  readonly recorded: Recorded[] = [];
  /** What went wrong, in order. */
  readonly errors: Error[] = [];
  /** Outputs of the stack as they travel. */
  stackOutputs: Raw = {};
  private readonly options: MonitorOptions;
  private readonly known = new Map<string, { urn: string; id: string | undefined; state: Raw }>();

  constructor(options: MonitorOptions) {
    super({ call: () => ({}), newResource: () => ({ id: undefined, state: {} }) });
    this.options = options;
  }

  override async registerResource(req: resources.RegisterResourceRequest, callback: Callback): Promise<void> {
    await this.answering(callback, () => {
      const urn = this.urnOf(req.getParent(), req.getType(), req.getName());
      if (this.known.has(urn))
        throw new Error(`duplicate resource URN '${urn}'; try giving it a unique name`);
      this.requireProvider(req.getType(), req.getName(), req.getProvider(), req.getCustom());
      const { values, secrets } = decode(req.getObject());
      this.recorded.push({
        type: req.getType(),
        name: req.getName(),
        urn,
        parent: req.getParent() || undefined,
        custom: req.getCustom(),
        remote: req.getRemote(),
        read: false,
        inputs: values,
        secrets,
        provider: providerName(req.getProvider()),
        providers: Object.fromEntries(
          req
            .getProvidersMap()
            .toObject()
            .map(([key, reference]) => [key, providerName(reference) ?? ""]),
        ),
        dependsOn: req.getDependenciesList(),
        protect: req.hasProtect() ? req.getProtect() : undefined,
        ignoreChanges: req.getIgnorechangesList(),
        retainOnDelete: req.hasRetainondelete() ? req.getRetainondelete() : undefined,
        deletedWith: req.getDeletedwith() || undefined,
        outputs: {},
        computed: {},
      });
      const { id, state } = this.create(urn, req.getObject(), req.getCustom() || req.getRemote());
      const response = new resources.RegisterResourceResponse();
      response.setUrn(urn);
      response.setId(id ?? "");
      response.setObject(toStruct(state));
      return response;
    });
  }

  override async readResource(req: resources.ReadResourceRequest, callback: Callback): Promise<void> {
    await this.answering(callback, () => {
      const urn = this.urnOf(req.getParent(), req.getType(), req.getName());
      const { values, secrets } = decode(req.getProperties());
      const isReference = req.getType() === "pulumi:pulumi:StackReference";
      if (!isReference) this.requireProvider(req.getType(), req.getName(), req.getProvider(), true);
      const blank = {
        remote: false,
        providers: {},
        protect: undefined,
        ignoreChanges: [],
        outputs: {},
        computed: {},
      };
      this.recorded.push({
        ...blank,
        type: req.getType(),
        name: req.getName(),
        urn,
        parent: req.getParent() || undefined,
        custom: true,
        read: true,
        inputs: values,
        secrets,
        provider: providerName(req.getProvider()),
        dependsOn: req.getDependenciesList(),
        retainOnDelete: undefined,
        deletedWith: undefined,
      });
      const state = isReference
        ? this.reference(req.getId())
        : this.ask(urn, req.getProperties(), req.getId()).state;
      this.known.set(urn, { urn, id: req.getId(), state });
      const response = new resources.ReadResourceResponse();
      response.setUrn(urn);
      response.setProperties(toStruct(state));
      return response;
    });
  }

  override async invoke(req: resources.ResourceInvokeRequest, callback: Callback): Promise<void> {
    await this.answering(callback, () => {
      const { values } = decode(req.getArgs());
      const response = new resources.ResourceInvokeResponse();
      if (req.getTok() === "pulumi:pulumi:getResource") {
        const found = this.known.get(String(values["urn"]));
        if (found === undefined) throw new Error(`unknown resource ${String(values["urn"])}`);
        response.setReturn(toStruct({ ...found, id: found.id ?? "" }));
      } else {
        this.requireProvider(req.getTok(), req.getTok(), req.getProvider(), true);
        response.setReturn(toStruct(answerCall(req.getTok(), values)));
      }
      return response;
    });
  }

  override registerResourceOutputs(req: resources.RegisterResourceOutputsRequest, callback: Callback): void {
    void this.answering(callback, () => {
      const record = this.recorded.find(({ urn }) => urn === req.getUrn());
      if (record === undefined) throw new Error(`unknown resource ${req.getUrn()}`);
      record.outputs = decode(req.getOutputs()).values;
      if (record.type === "pulumi:pulumi:Stack") this.stackOutputs = toRaw(req.getOutputs());
      return {};
    });
  }

  /** Gives the program the answer or the error, and keeps the error for the test. */
  private async answering(callback: Callback, answer: () => unknown): Promise<void> {
    // As over a wire: no answer ever comes in the turn of the question.
    await Promise.resolve();
    try {
      callback(null, answer());
    } catch (error) {
      const wrapped = error instanceof Error ? error : new Error(String(error));
      this.errors.push(wrapped);
      callback(Object.assign(wrapped, { details: wrapped.message }), undefined);
    }
  }

  private create(
    urn: string,
    inputs: structs.Struct | undefined,
    answered: boolean,
  ): { id?: string; state: Raw } {
    if (!answered) {
      this.known.set(urn, { urn, id: undefined, state: {} });
      return { state: {} };
    }
    const { id, state } = this.ask(urn, inputs);
    this.known.set(urn, { urn, id, state });
    return { id, state };
  }

  private ask(
    urn: string,
    struct: structs.Struct | undefined,
    readId?: string,
  ): { id: string | undefined; state: Raw } {
    const [, , qualified, name] = urn.split("::") as [string, string, string, string];
    const inputs = toRaw(struct);
    const type = qualified.slice(qualified.lastIndexOf("$") + 1);
    const asked: Asked = { type, name, id: readId, inputs: decode(struct).values, stack: this.options.stack };
    const answer = answerResource(asked);
    // Before it is applied, nothing is known of a new resource but what the program said itself.
    if (this.options.preview && readId === undefined)
      return { id: undefined, state: /^(awsx|eks):/.test(type) ? {} : inputs };
    const record = this.recorded.find((recorded) => recorded.urn === urn);
    if (record !== undefined) record.computed = { id: readId ?? answer.id, ...(plain(answer.state) as Raw) };
    const state = { ...inputs, ...(this.adopt(urn, answer.state) as Raw) };
    return { id: readId ?? answer.id, state };
  }

  /** Registers the children that an answer speaks of and puts references in their place. */
  private adopt(parent: string, value: unknown): unknown {
    if (value instanceof Child) {
      const urn = this.urnOf(parent, value.type, value.name);
      this.known.set(urn, { urn, id: value.id, state: value.state });
      return referenceTo(urn, value.id);
    }
    if (Array.isArray(value)) return value.map((item) => this.adopt(parent, item));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.adopt(parent, item)]));
  }

  private reference(name: string): Raw {
    const [, project, stack] = name.split("/") as [string, string, string];
    const outputs = stack === this.options.stack ? this.options.references[project] : undefined;
    if (outputs === undefined) throw new Error(`unknown stack "${name}"`);
    const secretOutputNames = Object.keys(outputs).filter((key) => hasSecret(outputs[key]));
    return { name, outputs, secretOutputNames };
  }

  private requireProvider(type: string, name: string, provider: string, needed: boolean): void {
    if (!needed || provider !== "" || !/^(aws|kubernetes):/.test(type)) return;
    throw new Error(
      `Default provider for '${type.split(":")[0]}' disabled. '${name}' (${type}) must use an explicit provider.`,
    );
  }

  private urnOf(parent: string, type: string, name: string): string {
    const qualified = parent.split("::")[2];
    const prefix = qualified === undefined || qualified === "pulumi:pulumi:Stack" ? "" : `${qualified}$`;
    return `urn:pulumi:${this.options.stack}::${this.options.project}::${prefix}${type}::${name}`;
  }
}

/** An answer with the outputs of its children in their place. */
function plain(value: unknown): unknown {
  if (value instanceof Child) return value.state;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

/** `urn:…::pulumi:providers:aws::aws-infra::<id>` → `aws-infra`. */
function providerName(reference: string): string | undefined {
  return reference === "" ? undefined : reference.split("::")[3];
}
