import { UNKNOWN, type CheckFailure, type Inputs } from "../provider.ts";
import { isBag } from "./diff.ts";

/** A Helm release as the program asks for it. */
export interface ReleaseInputs {
  name: string;
  namespace: string;
  chart: string;
  version: string;
  repo: string;
  values: Inputs;
  /** Undo everything when it fails. @default false */
  atomic: boolean;
  /** Seconds for the workloads to become ready. @default 300 */
  timeout: number;
  /** @default false */
  createNamespace: boolean;
  /** @default false */
  skipAwait: boolean;
  /** @default false */
  skipCrds: boolean;
  /** @default false */
  waitForJobs: boolean;
  /** Revisions that are kept; 0 keeps all. @default 10 */
  maxHistory: number;
}

const known = [
  ...[
    "name",
    "namespace",
    "chart",
    "version",
    "repositoryOpts",
    "values",
    "atomic",
    "timeout",
    "createNamespace",
  ],
  ...["skipAwait", "skipCrds", "waitForJobs", "maxHistory"],
  // Of no consequence here: a failed upgrade is always rolled back to what was, and these say how the client talks.
  ...[
    "cleanupOnFail",
    "compat",
    "description",
    "disableOpenapiValidation",
    "lint",
    "status",
    "resourceNames",
  ],
];

/** What is missing, or not known to the stand-in. */
export function releaseFailures(inputs: Inputs): CheckFailure[] {
  const failures: CheckFailure[] = [];
  const repository = isBag(inputs["repositoryOpts"]) ? inputs["repositoryOpts"] : {};
  const required = { ...inputs, "repositoryOpts.repo": repository["repo"] } as Inputs;
  for (const property of ["name", "chart", "version", "repositoryOpts.repo"]) {
    const value = required[property];
    if (typeof value !== "string" || value === "") {
      failures.push({
        property,
        reason: "a release names itself, its chart, the chart's version and its repository",
      });
    }
  }
  const more = Object.keys(repository)
    .filter((key) => key !== "repo")
    .map((key) => `repositoryOpts.${key}`);
  for (const property of [
    ...Object.keys(inputs).filter((key) => !known.includes(key) && !key.startsWith("__")),
    ...more,
  ]) {
    const value = inputs[property];
    if (value === false || value === "" || (Array.isArray(value) && value.length === 0)) continue;
    failures.push({ property, reason: "the stand-in for Helm releases does not know this option" });
  }
  return failures;
}

export function readRelease(inputs: Inputs): ReleaseInputs {
  const repository = isBag(inputs["repositoryOpts"]) ? inputs["repositoryOpts"] : {};
  return {
    name: String(inputs["name"]),
    namespace: typeof inputs["namespace"] === "string" ? inputs["namespace"] : "default",
    chart: String(inputs["chart"]),
    version: String(inputs["version"]),
    repo: String(repository["repo"]),
    values: isBag(inputs["values"]) ? inputs["values"] : {},
    atomic: inputs["atomic"] === true,
    timeout: typeof inputs["timeout"] === "number" && inputs["timeout"] > 0 ? inputs["timeout"] : 300,
    createNamespace: inputs["createNamespace"] === true,
    skipAwait: inputs["skipAwait"] === true,
    skipCrds: inputs["skipCrds"] === true,
    waitForJobs: inputs["waitForJobs"] === true,
    maxHistory: typeof inputs["maxHistory"] === "number" ? inputs["maxHistory"] : 10,
  };
}

/** Values with every unknown left out, for a preview to judge the rest. */
export function knownValues(values: Inputs): Inputs {
  const entries = Object.entries(values).filter(([, value]) => value !== UNKNOWN);
  return Object.fromEntries(entries.map(([key, value]) => [key, isBag(value) ? knownValues(value) : value]));
}
