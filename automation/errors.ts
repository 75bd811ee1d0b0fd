import { errorIds, PlatformError, type ErrorDetails, type ErrorId } from "../lib/errors.ts";
import { layerNames, type LayerName } from "../lib/environment.ts";
import type { Diagnostic } from "./diagnostics.ts";
import type { LayerResult } from "./types.ts";
import { nameOf } from "./urn.ts";

/** Where an operation stood when it failed. */
export interface Place {
  environment: string;
  /** The layer, or `all` for the composed stack. */
  layer: LayerName | "all";
  /** The command that was running, for the advice to run it again: `platform up qa`. */
  command: string;
}

/** An operation that ended early: why, where, and what was done until then. */
export class RunFailure extends Error {
  readonly error: PlatformError;
  /** Further errors of the same run. */
  readonly others: readonly PlatformError[];
  readonly layer: LayerName | "all";
  readonly done: readonly LayerResult[];
  /** The program itself ended with an error, not what it asked for. */
  readonly inProgram: boolean;

  constructor(
    errors: readonly [PlatformError, ...PlatformError[]],
    layer: LayerName | "all",
    done: readonly LayerResult[],
    inProgram = false,
  ) {
    super(errors[0].message, { cause: errors[0] });
    this.name = "RunFailure";
    [this.error, ...this.others] = errors;
    this.layer = layer;
    this.done = done;
    this.inProgram = inProgram;
  }
}

/** A cause that is recognised by its text. */
interface Known {
  pattern: RegExp;
  details: (match: RegExpExecArray, place: Place) => ErrorDetails;
}

const known: readonly Known[] = [
  {
    pattern: /the stack is currently locked by|\[409\] Conflict: Another update is currently in progress/,
    details: ({ input }, place) => ({
      id: "STACK_LOCKED",
      key: `stack ${place.environment}`,
      value: /created by .* at \S+/.exec(input)?.[0],
      rule: "another run is changing it, or one was killed and left its lock behind",
      remedy: `Wait until it has ended. If it certainly runs no more: 'pulumi cancel --stack ${place.environment}'${folderOf(place)}, then '${place.command}'.`,
    }),
  },
  {
    pattern: /unknown stack "[^"]*platform-(\w+)\//,
    details: ([, layer = ""], { environment }) => ({
      id: "CONTRACT_MISSING",
      key: `platform-${layer}`,
      rule: `the layer has no stack ${environment} yet`,
      remedy: `Run layer ${layer} first: platform up ${environment} --layer ${layer}.`,
    }),
  },
  {
    pattern: /passphrase must be set with|incorrect passphrase/,
    details: ([text]) => ({
      id: "PASSPHRASE_WRONG",
      key: "PULUMI_CONFIG_PASSPHRASE",
      rule: text.startsWith("incorrect")
        ? "it is not the passphrase of this stack"
        : "the stack's secrets are encrypted with a passphrase",
      remedy:
        "Set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE to the passphrase with which the stack was made.",
    }),
  },
  {
    pattern: /PULUMI_ACCESS_TOKEN must be set|unable to open state directory|invalid access token/,
    details: ({ input }) => ({
      id: "BACKEND_UNREACHABLE",
      key: "PULUMI_BACKEND_URL",
      rule: firstLine(input),
      remedy: "Sign in to where the state is kept: 'pulumi login s3://<bucket>', or set PULUMI_BACKEND_URL.",
    }),
  },
  {
    pattern: /AWS account ID not allowed: (\d+)/i,
    details: ([, account]) => ({
      id: "ACCOUNT_MISMATCH",
      key: "platform:accountId",
      value: account,
      rule: "the AWS credentials belong to this account, not to the environment's",
      remedy: "Sign in to the environment's account, then run the same command again.",
    }),
  },
  {
    pattern:
      /no valid credential sources|unable to locate credentials|ExpiredToken|security token included in the request is (expired|invalid)|could not load credentials/i,
    details: ({ input }) => ({
      id: "CREDENTIALS_MISSING",
      key: "AWS credentials",
      rule: firstLine(input),
      remedy: "Sign in, for example 'aws sso login', and check with 'aws sts get-caller-identity'.",
    }),
  },
];

/** Turns what the engine reported into errors with cause and remedy; the same cause is told once. */
export function explain(diagnostics: readonly Diagnostic[], place: Place): PlatformError[] {
  const errors = diagnostics.map((diagnostic) => explainOne(diagnostic, place));
  // An error that the platform names says more than what followed from it.
  const named = errors.filter((error) => error.id !== "ENGINE_FAILED");
  const ordered = [...named, ...errors.filter((error) => error.id === "ENGINE_FAILED")];
  return ordered.filter(
    (error, index) => ordered.findIndex((other) => other.message === error.message) === index,
  );
}

function explainOne({ urn, message }: Diagnostic, place: Place): PlatformError {
  const own = parsePlatformError(message);
  if (own !== undefined) return own;
  for (const { pattern, details } of known) {
    const match = pattern.exec(message);
    if (match !== null) return new PlatformError(details(match, place));
  }
  const resource = urn === undefined ? undefined : nameOf(urn);
  return new PlatformError({
    id: "ENGINE_FAILED",
    key: resource === undefined ? `stack ${place.environment}` : `${resource.type} ${resource.name}`,
    rule: message.replace(/\.$/, ""),
    remedy: `Put right what it says, then run '${place.command}' again: it goes on from here.`,
  });
}

/**
 * Finds an error of the platform's own in a text, as the program raised it: `ID: key = value: rule. remedy`. The text is all that
 * crosses from the program to here.
 */
export function parsePlatformError(text: string): PlatformError | undefined {
  const found = [...text.matchAll(/\b([A-Z][A-Z0-9_]+): (.+)$/gm)].find(([, word = ""]) =>
    Object.hasOwn(errorIds, word),
  );
  const [, id, rest] = found ?? [];
  if (id === undefined || rest === undefined) return undefined;
  const { key, value, after } = splitKey(rest);
  // A remedy begins with a capital letter after the rule's full stop.
  const end = /\. (?=[A-Z'"])/.exec(after);
  const rule = end === null ? after.replace(/\.$/, "") : after.slice(0, end.index);
  const remedy = end === null ? "" : after.slice(end.index + 2);
  return new PlatformError({ id: id as ErrorId, key, value, rule, remedy });
}

function splitKey(rest: string): { key: string; value?: unknown; after: string } {
  const [, key = rest, separator = "", tail = ""] = /^(.*?)( = |: )(.*)$/s.exec(rest) ?? [];
  if (separator !== " = ") return { key, after: tail };
  // The value is JSON and may hold colons itself: it ends at the first one that leaves it whole.
  for (let at = tail.indexOf(": "); at !== -1; at = tail.indexOf(": ", at + 1)) {
    try {
      return { key, value: JSON.parse(tail.slice(0, at)), after: tail.slice(at + 2) };
    } catch {
      // Cut inside of the value: the next colon.
    }
  }
  return { key, after: tail };
}

/** An error as `--json` prints it. */
export function errorJson(error: PlatformError, layer?: LayerName | "all"): Record<string, unknown> {
  const named = layerNames.find((name) => name === layer);
  return {
    id: error.id,
    key: error.key,
    value: error.value,
    rule: error.rule,
    remedy: error.remedy,
    layer: named,
  };
}

function folderOf({ layer }: Place): string {
  return layer === "all" ? "" : ` in ${layer}/`;
}

function firstLine(text: string): string {
  return (text.split("\n")[0] ?? "").replace(/\.$/, "");
}
