/** What the providers would answer: outputs of every resource type and call that the platform uses. Anything else is an error. */
import { awsCalls, awsTypes } from "./answers-aws.ts";
import { componentTypes } from "./answers-components.ts";
import { isKubernetesType, kubernetesObject, kubernetesTypes } from "./answers-kubernetes.ts";

export interface Asked {
  type: string;
  name: string;
  /** Given where an existing resource is looked up. */
  id: string | undefined;
  inputs: Record<string, unknown>;
  stack: string;
}

export interface Answer {
  id?: string;
  /** Outputs beside the inputs, which are answered as they came. */
  state: Record<string, unknown>;
}

/** A resource that a component of another package makes and gives out as an output. */
export class Child {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly state: Record<string, unknown>;

  constructor(type: string, name: string, id: string, state: Record<string, unknown> = {}) {
    this.type = type;
    this.name = name;
    this.id = id;
    this.state = { id, ...state };
  }
}

/** @throws Error for a type that nobody has described */
export function answerResource(asked: Asked): Answer {
  if (asked.type.startsWith("pulumi:providers:")) return { id: `provider-${asked.name}`, state: {} };
  const known = awsTypes[asked.type] ?? componentTypes[asked.type] ?? kubernetesTypes[asked.type];
  if (known !== undefined) return known(asked);
  if (isKubernetesType(asked.type)) return kubernetesObject(asked);
  throw new Error(
    `no mock for resource type '${asked.type}' (resource '${asked.name}'): describe it in tests/helpers/answers-*.ts`,
  );
}

/** @throws Error for a call that nobody has described */
export function answerCall(token: string, inputs: Record<string, unknown>): Record<string, unknown> {
  const known = awsCalls[token];
  if (known !== undefined) return known(inputs);
  throw new Error(`no mock for call '${token}': describe it in tests/helpers/answers-*.ts`);
}
